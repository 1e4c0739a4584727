import Testing

/// A source as a user of the library might write it.
struct OutsideSource: Sendable, CustomTestStringConvertible {
  let title: String
  let source: String
  /// Whether the compiler may say more than is expected: where one mistake takes others with it.
  var saysMore = false

  var testDescription: String { title }

  /// A whole file, but for the import.
  static func file(_ title: String, saysMore: Bool = false, _ source: String) -> OutsideSource {
    OutsideSource(title: title, source: "import Sagas\n" + source, saysMore: saysMore)
  }

  /// The body of a saga.
  static func body(_ title: String, saysMore: Bool = false, _ body: String) -> OutsideSource {
    file(
      title, saysMore: saysMore,
      """
      private struct S: Saga {
        let bank: Bank
        struct State: Codable, Sendable {
          let total: Int
          var count = 0
          var orderID = ""
          let note: String?
          var receipt: Receipt?, reservation: Reservation?, score: Double?, tier: Tier?
          var ticket: String?, approved: Approved?, decision: Decision?
        }
        var body: some Flow<State> {
      \(body)
        }
      }
      """)
  }

  /// What all sources have in common: services and values of the user.
  static let supplies = """
    struct Receipt: Codable, Sendable { var id = "r" }
    struct Reservation: Codable, Sendable {}
    enum Tier: String, Codable, Sendable { case basic, premium }
    struct Approved: SagaEvent { var orderID = "o", by = "me", sagaID = "s", number = 1 }
    struct Rejected: SagaEvent { var orderID = "o", reason = "" }
    enum Decision: Codable, Sendable { case approved(by: String), rejected(String), nobody }
    struct Secret: Sendable {}
    final class Counter { var count = 0 }
    struct Refused: Error {}
    struct Busy: Error { var isTransient = true }
    extension CompensationStrategy {
      static var unlessBusy: Self { .when { _, error in !(error is Busy) } }
    }
    struct Bank: Sendable {
      func pay(_ total: Int, key: String = "") async throws -> Receipt { Receipt() }
      func charge(_ context: Context<Int>) async throws -> Receipt { Receipt() }
      func refund(_ receipt: Receipt) async throws {}
      func refund(_ receipt: Receipt, because error: any Error) async throws {}
      func reserve() async throws -> Reservation { Reservation() }
      func release(_ reservation: Reservation) async throws {}
      func void(key: String) async throws {}
      func ring() async throws {}
      func note(_ text: String, _ run: StepRun) async {}
    }
    """
}

extension [OutsideSource] {
  /// The sources as files that have names of their own, with what they have in common.
  var files: [(name: String, source: String)] {
    [("supplies.swift", "import Sagas\n" + OutsideSource.supplies)]
      + enumerated().map { (Self.fileName($0), $1.source) }
  }

  static func fileName(_ index: Int) -> String { "source\(index).swift" }
}
