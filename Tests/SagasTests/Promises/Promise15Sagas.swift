import Sagas
import SagasTesting

/// Two versions of one saga as they are written: a type for each, with a State of its own.
enum Purchase {
  struct V1: Saga {
    static let name = "purchase", version = 1
    let bench: Workbench
    let gate: Gate

    struct State: Codable, Sendable {
      let item: String
      var receipt: String?
    }

    var body: some Flow<State> {
      Step("charge", \.receipt) { context in
        bench.log.append("1 charge \(context.item)")
        return "receipt of \(context.item)"
      }
      .compensate { bench.log.append("1 refund \($0)") }
      Step("ship") { _ in
        bench.log.append("1 ship")
        await gate.wait()
      }
    }
    func output(_ s: Context<State>) throws -> String { try s.receipt }
  }

  struct V2: Saga {
    static let name = "purchase", version = 2
    let bench: Workbench
    let gate: Gate

    struct State: Codable, Sendable {
      let item: String, currency: String
      var seat: Int?, receipt: Int?
    }

    var body: some Flow<State> {
      Step("reserve", \.seat) { _ in
        bench.log.append("2 reserve")
        return 7
      }
      .compensate { bench.log.append("2 free \($0)") }
      Step("charge", \.receipt) { context in
        bench.log.append("2 charge \(context.item) in \(context.currency)")
        await gate.wait()
        return 42
      }
    }
    func output(_ s: Context<State>) throws -> Int { try s.receipt }
  }

  /// A third one.
  struct V3: Saga {
    static let name = "purchase", version = 3
    struct State: Codable, Sendable { let item: String }
    var body: some Flow<State> { Step("buy") { _ in } }
    func output(_ s: Context<State>) throws -> String { "bought \(s.item)" }
  }

  /// A type whose name and version are taken.
  struct Other: Saga {
    static let name = "purchase", version = 2
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("other") { _ in } }
  }
}

/// The code of what is thrown, and what it says; `nil` where nothing is.
func refusal(_ body: () async throws -> Void) async throws -> SagaError? {
  do {
    try await body()
    return nil
  } catch let error as SagaError {
    return error
  }
}

/// The same where something has to be thrown.
///
/// Closures that are written inside of `#require` may be taken for one another by the compiler; so what is refused is
/// asked for outside of it.
func refused(_ body: () async throws -> Void) async throws -> SagaError {
  guard let error = try await refusal(body) else { throw Refused(why: "nothing was refused") }
  return error
}
