#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// Promise 11: how often an id was used is in the file, together with the deletion of the saga that had it.
@Suite("11 Ids used again, in a file", .timeLimit(.minutes(5)))
struct ReuseTests {
  struct Order: Saga {
    let log: EventLog
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("pay") { log.append($0.run.idempotencyKey) } }
  }

  /// One process: opens the file, and does something with it.
  private func process(
    _ file: TemporaryFile, _ log: EventLog, faults: StoreFaults = StoreFaults(),
    _ body: (SagaOrchestrator) async throws -> Void
  ) async throws {
    let store = try SQLiteStore(path: file.path, durability: .normal, faults: faults)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Order(log: log))
    try await body(sagas)
    await store.close()
  }

  @Test func anotherProcess_goesOnCounting() async throws {
    let file = try TemporaryFile()
    let log = EventLog()
    for _ in 0..<3 {
      try await process(file, log) { sagas in
        _ = try await sagas.start(Order.self, .init(), id: "a").outcome
        try await sagas.forget("a")
      }
    }
    try await process(file, log) { _ = try await $0.start(Order.self, .init()).outcome }
    #expect(Array(log.entries.prefix(3)) == ["a/pay", "a~2/pay", "a~3/pay"])
    let rows = try StoreTables(path: file.path).rows("SELECT id, runs FROM used_id")
    #expect(rows == [["a", "3"]])
  }

  @Test func aDeletionThatFails_countsNothing() async throws {
    struct Refused: Error {}
    let file = try TemporaryFile()
    let log = EventLog()
    try await process(file, log) { _ = try await $0.start(Order.self, .init(), id: "a").outcome }
    var faults = StoreFaults()
    faults.beforeCommit = { throw Refused() }
    try await process(file, log, faults: faults) { sagas in
      await #expect(throws: (any Error).self) { try await sagas.forget("a") }
    }
    #expect(try StoreTables(path: file.path).rows("SELECT id FROM used_id").isEmpty)
    try await process(file, log) { sagas in
      #expect(try await sagas.report("a")?.status == .completed)
      try await sagas.forget("a")
      _ = try await sagas.start(Order.self, .init(), id: "a").outcome
    }
    #expect(log.entries == ["a/pay", "a~2/pay"])
  }

  @Test func aFileFromBefore_hasEachIDOnce() async throws {
    let newer = try TemporaryFile()
    let log = EventLog()
    try await process(newer, log) { _ = try await $0.start(Order.self, .init(), id: "a").outcome }
    let file = try newer.older(format: try #require(Schema.migrations.firstIndex(of: Schema.usedIDs)))
    try await process(file, log) { sagas in
      try await sagas.forget("a")
      _ = try await sagas.start(Order.self, .init(), id: "a").outcome
    }
    #expect(log.entries == ["a/pay", "a~2/pay"])
  }
}
#endif
