#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// Promise 11: one saga that cannot be recovered is parked, and reported; the others go on.
@Suite("11 Recovery: a damaged file")
struct DamageTests {
  enum Damage: String, CaseIterable {
    /// A record in the middle is gone.
    case gap
    /// A record stands in the place of another one.
    case order
    /// A record ends early.
    case cut
    /// A bit is another one.
    case flipped
    /// There is no record at all.
    case empty
    /// What the table says of it is not true.
    case otherName

    func sql(_ saga: Int64) -> String {
      let journal = "(SELECT number FROM journal WHERE saga = \(saga) ORDER BY number LIMIT 1 OFFSET"
      return switch self {
      case .gap: "DELETE FROM journal WHERE saga = \(saga) AND number = \(journal) 1)"
      case .order:
        """
        UPDATE journal SET bytes = (SELECT bytes FROM journal WHERE saga = \(saga) ORDER BY number LIMIT 1)
        WHERE saga = \(saga) AND number = \(journal) 1)
        """
      case .cut:
        """
        UPDATE journal SET bytes = substr(bytes, 1, length(bytes) - 1)
        WHERE saga = \(saga) AND number = \(journal) 1)
        """
      case .flipped:
        "UPDATE journal SET bytes = x'FF' || substr(bytes, 2) WHERE saga = \(saga) AND number = \(journal) 1)"
      case .empty: "DELETE FROM journal WHERE saga = \(saga)"
      case .otherName: "UPDATE saga SET name = 'chain' WHERE seq = \(saga)"
      }
    }
  }

  /// Three steps that are recorded, and one that is held.
  struct Walk: Saga {
    let gate: Gate
    struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int?, d: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }
      Step("b", \.b) { _ in 2 }
      Step("c", \.c) { _ in 3 }
      Step("d", \.d) { _ in
        await gate.wait()
        return 4
      }
    }
  }

  @Test(arguments: Damage.allCases)
  func oneSaga_isParked_andTheOthersGoOn(_ damage: Damage) async throws {
    let file = try TemporaryFile()
    let first = Walk(gate: Gate())
    var store = try SQLiteStore(path: file.path)
    var sagas = SagaOrchestrator(store: store)
    try await sagas.register(first)
    for id in ["a", "b", "c"] { _ = try await sagas.start(Walk.self, .init(), id: id) }
    await first.gate.waitForArrivals(atLeast: 3)
    await store.close()
    let connection = try Connection(path: file.path, readOnly: false)
    let seq = try connection.number("SELECT seq FROM saga WHERE id = 'b'")
    #expect(try connection.number("SELECT count(*) FROM journal WHERE saga = \(seq)") > 3)
    try connection.execute(damage.sql(seq))
    connection.close()

    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    let second = Walk(gate: .opened)
    try await sagas.register(second)
    let report = try await sagas.recover()
    for id in ["a", "c"] {
      let run = try #require(try await sagas.handle(Walk.self, id))
      #expect(await run.outcome.isSuccess)
    }
    if damage == .otherName {
      // The log says whose it is; the table is for people.
      #expect(report.recovered == ["a", "b", "c"] && report.parked.isEmpty)
    } else {
      #expect(report.recovered == ["a", "c"])
      #expect(report.parked.map(\.id) == ["b"])
      let error = try #require(report.parked.first?.error)
      #expect(error.code == .brokenLog && error.saga == "b", "\(error)")
      #expect(try await sagas.count()[.completed] == 2)
      // Nothing of it was lost: a repaired file has it again.
      let other = try Connection(path: file.path, readOnly: true)
      #expect(try other.number("SELECT count(*) FROM saga WHERE id = 'b' AND ended IS NULL") == 1)
    }
    await store.close()
    first.gate.open()
  }
}
#endif
