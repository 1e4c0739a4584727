#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// How long finished sagas stay.
@Suite("Retention")
struct RetentionTests {
  private func ids(_ sagas: SagaOrchestrator) async throws -> [String] {
    try await sagas.list(limit: 1_000).map(\.id)
  }

  @Test func byNumber() throws {
    try simulate(seeds: 0..<2) { simulation in
      let store = try SQLiteStore(
        path: ":memory:", retention: .last(3), faults: StoreFaults(), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      try await sagas.register(Quick())
      for n in 1...10 {
        _ = try await sagas.run(Quick.self, .init(n: n), id: "q\(n)")
        try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(1)))
      }
      try #require(try await ids(sagas) == ["q8", "q9", "q10"])
      try #require(try await sagas.report("q7") == nil)
      _ = try await sagas.start(Quick.self, .init(n: 1), id: "q1")
    }
  }

  @Test func byAge_ofWhatHasEnded() throws {
    try simulate(seeds: 0..<2) { simulation in
      let store = try SQLiteStore(
        path: ":memory:", retention: .age(.hours(1)), faults: StoreFaults(), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      let chain = FaultTests.Chain(log: EventLog(), gate: Gate())
      try await sagas.register(chain)
      try await sagas.register(Quick())
      // Older than all of them, and not finished.
      let old = try await sagas.start(FaultTests.Chain.self, .init(), id: "old")
      for n in 1...6 {
        _ = try await sagas.run(Quick.self, .init(n: n), id: "q\(n)")
        try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .minutes(20)))
      }
      _ = try await sagas.run(Quick.self, .init(n: 7), id: "q7")
      try #require(try await ids(sagas) == ["old", "q4", "q5", "q6", "q7"])
      chain.gate.open()
      _ = await old.outcome
      try #require(try await ids(sagas).contains("old"))
    }
  }

  /// Many at once go a few at a time, without anything to write.
  @Test(.timeLimit(.minutes(5)))
  func aBacklog_goesInTheBackground() async throws {
    let file = try TemporaryFile()
    var store = try SQLiteStore(path: file.path, durability: .normal, retention: .all)
    let clock = VirtualClock()
    var sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    try await sagas.register(Quick())
    for n in 0..<300 { _ = try await sagas.run(Quick.self, .init(n: n), id: "q\(n)") }
    #expect(try await sagas.count() == [.completed: 300])
    await store.close()

    clock.advance(by: .days(31))
    store = try SQLiteStore(path: file.path, durability: .normal)
    sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    try await sagas.register(Quick())
    _ = try await sagas.run(Quick.self, .init(n: 1), id: "new")
    // Closing does not wait for it.
    while try await store.count(SagaFilter()) != [.completed: 1] { await Task.yield() }
    await store.close()
    let rest = try Connection(path: file.path, readOnly: true)
    #expect(try rest.number("SELECT count(*) FROM saga WHERE id <> 'new'") == 0)
    #expect(try rest.number("SELECT count(*) FROM journal WHERE saga NOT IN (SELECT seq FROM saga)") == 0)
  }

  /// What is refused, or not committed, says nothing about what time it is.
  @Test func aTimeThatWasNotRecorded_agesNothing() throws {
    let file = try TemporaryFile()
    let fault = FaultTests.Fault()
    let store = try StoreFile(
      path: file.path, durability: .normal, retention: .age(.days(30)), faults: fault.faults(.beforeCommit))
    func write(_ id: String, day: Int64, writer: UInt64 = 1, _ status: SagaStatus = .completed) throws {
      let record = JournalRecord(
        sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: writer,
        firstNumber: writer == 1 ? 0 : 1, count: 1, time: Timestamp(nanoseconds: day * 86_400_000_000_000),
        status: status, bytes: [7])
      try store.write([PendingWrite(record) { _ in }])[0].get()
    }
    func count() throws -> Int64 { try store.connection.number("SELECT count(*) FROM saga WHERE id = 'a'") }
    try write("a", day: 1)
    try write("b", day: 1, .running)
    #expect(throws: SagaError.self) { try write("b", day: 400, writer: 2, .running) }
    try write("c", day: 2)
    #expect(try count() == 1)
    fault.set(true)
    #expect(throws: (any Error).self) { try write("d", day: 400) }
    fault.set(false)
    try write("e", day: 3)
    #expect(try count() == 1)
    try write("f", day: 32)
    #expect(try count() == 0)
  }
}
#endif
