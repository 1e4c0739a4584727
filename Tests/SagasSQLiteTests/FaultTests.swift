#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// A store that cannot write for a while: sagas are held, go on when it can, and nothing happens twice.
@Suite("Store faults")
struct FaultTests {
  struct Broken: Error {}

  /// Where and when a store fails.
  final class Fault: Sendable {
    enum Place: CaseIterable { case beforeCommit, afterCommit }

    private let state = Lock((active: false, hits: 0))
    var hits: Int { state.withLock { $0.hits } }

    func set(_ active: Bool) { state.withLock { $0.active = active } }

    func faults(_ place: Place) -> StoreFaults {
      let strike: @Sendable () throws -> Void = { [self] in
        let strikes = state.withLock { state in
          if state.active { state.hits += 1 }
          return state.active
        }
        if strikes { throw SQLiteFailure(code: 10, message: "disk I/O error") }
      }
      var faults = StoreFaults()
      switch place {
      case .beforeCommit: faults.beforeCommit = strike
      case .afterCommit: faults.afterCommit = strike
      }
      return faults
    }
  }

  struct Chain: Saga {
    let log: EventLog
    let gate: Gate
    struct State: Codable, Sendable { var a: Int?, b: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { context in
        log.append("a \(context.run.sagaID)")
        await gate.wait()
        return 1
      }
      Step("b", \.b) { context in
        log.append("b \(context.run.sagaID)")
        return 2
      }
    }
  }

  /// Before the commit nothing is in the file; behind it everything is, and nobody was told. Both look the same.
  @Test(arguments: Fault.Place.allCases)
  func aFailedTransaction_holdsItsSagas_andTheyGoOn(_ place: Fault.Place) throws {
    try simulate(seeds: 0..<20) { simulation in
      let fault = Fault()
      let store = try SQLiteStore(path: ":memory:", faults: fault.faults(place), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      let chain = Chain(log: EventLog(), gate: Gate())
      try await sagas.register(chain)
      var runs: [SagaRun<Chain>] = []
      for n in 0..<3 { runs.append(try await sagas.start(Chain.self, .init(), id: "s\(n)")) }
      await chain.gate.waitForArrivals(atLeast: 3)
      fault.set(true)
      chain.gate.open()
      try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(5)))
      try #require(chain.log.entries.allSatisfy { $0.hasPrefix("a") }, "nothing acts on what is not durable")
      try #require(fault.hits >= (place == .beforeCommit ? 6 : 3))

      let refused = try? await sagas.start(Chain.self, .init(), id: "new")
      try #require(refused == nil && sagas.liveCount == 3)
      fault.set(false)
      for run in runs { try #require(await run.outcome.isSuccess) }
      try #require(Set(chain.log.entries).count == 6 && chain.log.entries.count == 6, "nothing twice")
      for n in 0..<3 {
        // What was written before it was reported as failed was not written again.
        let stored = try #require(try await store.load("s\(n)"))
        try #require(stored.records?.count == Set(stored.records ?? []).count)
      }
    }
  }

  /// Nobody can tell whether a creation that is reported as failed is there. Whoever starts it again under its id gets
  /// one saga, in this process and in the next.
  @Test(arguments: Fault.Place.allCases)
  func aFailedCreation_startedAgain_isOneSaga(_ place: Fault.Place) throws {
    try simulate(seeds: 0..<20) { simulation in
      let fault = Fault()
      let store = try SQLiteStore(path: ":memory:", faults: fault.faults(place), isThreaded: false)
      let sagas = SagaOrchestrator(store: store, runtime: simulation.runtime)
      let chain = Chain(log: EventLog(), gate: .opened)
      try await sagas.register(chain)
      fault.set(true)
      do {
        _ = try await sagas.start(Chain.self, .init(), id: "new")
        throw Broken()
      } catch let error as SagaError {
        try #require(error.code == .storeFailed && error.message.contains("under the same id"))
      }
      fault.set(false)
      try #require(try await store.load("new") == nil || place == .afterCommit)
      let run = try await sagas.start(Chain.self, .init(), id: "new", onExisting: .join)
      try #require(await run.outcome.isSuccess)
      try #require(chain.log.entries == ["a new", "b new"])
      try #require(try await sagas.count() == [.completed: 1] && sagas.liveCount == 0)
    }
  }

  /// Really full: SQLite finds no room for another page.
  @Test func aFullDisk() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let clock = VirtualClock()
    let sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    let chain = Large(log: EventLog(), gate: Gate())
    try await sagas.register(chain)
    let run = try await sagas.start(Large.self, .init(), id: "s")
    await chain.gate.waitForArrivals(atLeast: 1)
    try await store.limitGrowth(toPages: 2)
    chain.gate.open()
    // It is held, and tries again in a second.
    await clock.waitForSleepers(atLeast: 1)
    #expect(await run.status == .running && chain.log.entries == ["a"])
    let error = await #expect(throws: SagaError.self) {
      try await sagas.start(Large.self, .init(text: String(repeating: "x", count: 50_000)), id: "t")
    }
    #expect((error?.cause as? SagaError)?.code == .storeFull, "\(String(describing: error?.cause))")
    #expect(try await sagas.report("t") == nil)

    clock.advance(by: .seconds(1))
    await clock.waitForSleepers(atLeast: 1)
    #expect(chain.log.entries == ["a"], "still full")
    try await store.limitGrowth(toPages: nil)
    clock.advance(by: .seconds(1))
    #expect(await run.outcome.isSuccess)
    #expect(chain.log.entries == ["a", "b"])
    await store.close()
    #expect(try Connection(path: file.path, readOnly: true).number("SELECT count(*) FROM journal") == 3)
  }

  struct Large: Saga {
    let log: EventLog
    let gate: Gate
    struct State: Codable, Sendable {
      var text: String?
      var a: String?
    }
    // No timer of its own, so that the store's is the only one.
    var timeout: Duration? { nil }
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        log.append("a")
        await gate.wait()
        return String(repeating: "x", count: 50_000)
      }
      Step("b") { _ in log.append("b") }
    }
  }

  /// Somebody with a shell has begun a transaction.
  @Test func aLockedFile_isBusy_andFreeAgain() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let other = try Connection(path: file.path, readOnly: false)
    try other.execute("BEGIN IMMEDIATE")
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    let error = await #expect(throws: SagaError.self) {
      try await sagas.run(Quick.self, .init(n: 1), id: "a")
    }
    #expect((error?.cause as? SagaError)?.code == .storeBusy)
    try other.execute("ROLLBACK")
    #expect(try await sagas.run(Quick.self, .init(n: 1), id: "a") == 2)
    await store.close()
  }
}
#endif
