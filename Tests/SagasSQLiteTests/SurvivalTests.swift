#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// Sagas over a file, with threads of their own: what one process leaves, the next one finds.
@Suite("Survival", .timeLimit(.minutes(5)))
struct SurvivalTests {
  @Test func manyAtOnce_areAllWritten_andRead() async throws {
    let file = try TemporaryFile()
    var store = try SQLiteStore(path: file.path, durability: .normal)
    var sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    try await withThrowingTaskGroup(of: Void.self) { [sagas] group in
      for n in 0..<300 {
        group.addTask {
          let twice = try await sagas.run(Quick.self, .init(n: n), id: "q\(n)")
          #expect(twice == 2 * n)
        }
      }
      try await group.waitForAll()
    }
    await store.close()
    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    #expect(try await sagas.recover().recovered.isEmpty)
    for n in 0..<300 {
      let run = try #require(try await sagas.handle(Quick.self, "q\(n)"))
      #expect(try await run.output == 2 * n)
    }
    let integrity = try Connection(path: file.path, readOnly: true).prepare("PRAGMA integrity_check")
    #expect(try integrity.step() && integrity.text(0) == "ok")
    await store.close()
  }

  @Test func whatIsUnderWay_goesOnInTheNextProcess() async throws {
    let file = try TemporaryFile()
    let first = FaultTests.Chain(log: EventLog(), gate: Gate())
    var store = try SQLiteStore(path: file.path)
    var sagas = SagaOrchestrator(store: store)
    try await sagas.register(first)
    for n in 0..<50 { _ = try await sagas.start(FaultTests.Chain.self, .init(), id: "s\(n)") }
    await first.gate.waitForArrivals(atLeast: 50)
    await store.close()

    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    let second = FaultTests.Chain(log: EventLog(), gate: Gate())
    second.gate.open()
    try await sagas.register(second)
    let report = try await sagas.recover()
    #expect(report.recovered == (0..<50).map { "s\($0)" } && report.parked.isEmpty)
    for n in 0..<50 {
      let run = try #require(try await sagas.handle(FaultTests.Chain.self, "s\(n)"))
      #expect(await run.outcome.isSuccess)
    }
    #expect(second.log.entries.count == 100)
    #expect(try await sagas.recover().recovered.isEmpty)
    #expect(try await sagas.count() == [.completed: 50])
    await store.close()
    first.gate.open()
  }
}
#endif
