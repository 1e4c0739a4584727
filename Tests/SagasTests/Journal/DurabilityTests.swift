import SagasTesting
import Testing

@testable import Sagas

/// Journal before effect: nothing happens, and nobody is told, before the store says that it is durable.
@Suite("Durability")
struct DurabilityTests {
  /// A store that makes records durable, or fails to, when it is told to.
  final class HeldStore: SagaStore {
    private struct State {
      var held: [(record: JournalRecord, done: @Sendable (Result<Void, any Error>) -> Void)] = []
      var failures = 0
    }

    private let inner = InMemoryStore(encoding: true)
    private let state = Lock(State())
    let log: EventLog

    init(_ log: EventLog) { self.log = log }

    func append(
      _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability {
      log.append("offered \(record.firstNumber)")
      state.withLock { $0.held.append((record, whenDurable)) }
      return .pending
    }

    func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
    func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }

    /// Makes the next record durable; `false` when there is none.
    @discardableResult
    func release() -> Bool {
      let next = state.withLock { $0.held.isEmpty ? nil : $0.held.removeFirst() }
      guard let next else { return false }
      log.append("durable \(next.record.firstNumber)")
      _ = inner.append(next.record) { _ in }
      next.done(.success(()))
      return true
    }

    func fail() {
      let all = state.withLock { state in
        defer { state.held = [] }
        return state.held
      }
      for next in all { next.done(.failure(Busy())) }
    }
  }

  struct Two: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var a: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        bench.log.append("a")
        return 1
      }
      Step("b") { _ in bench.log.append("b") }
    }
  }

  private func bench(_ simulation: Simulation) -> (Workbench, HeldStore) {
    let log = EventLog()
    let store = HeldStore(log)
    return (Workbench(simulation, store: store), store)
  }

  @Test func eachActionWaitsForItsRecord_andSoDoStartAndOutcome() throws {
    try underSchedules { simulation in
      let (bench, store) = bench(simulation)
      try await bench.sagas.register(Two(bench: bench))
      let log = bench.log
      let starting = Task(executorPreference: simulation.executor) {
        let run = try await bench.sagas.start(Two.self, .init(), id: "s")
        log.append("started")
        _ = await run.outcome
        log.append("ended")
      }
      for _ in 0..<3 {
        await bench.settle()
        try await bench.sleep(.seconds(1))
        store.release()
      }
      try await starting.value
      let seen = log.entries
      try #require(seen.filter { ["a", "b"].contains($0) || $0 == "ended" } == ["a", "b", "ended"])
      let records = store.log.entries
      try #require(records == ["offered 0", "durable 0", "offered 3", "durable 3", "offered 5", "durable 5"])
    }
  }

  @Test func nothingHappens_whileAWriteIsHeld() throws {
    try underSchedules { simulation in
      let (bench, store) = bench(simulation)
      try await bench.sagas.register(Two(bench: bench))
      let starting = Task(executorPreference: simulation.executor) {
        try await bench.sagas.start(Two.self, .init(), id: "s")
      }
      try await bench.sleep(.seconds(100))
      try #require(bench.log.entries.isEmpty, "the action before its creation is durable")
      store.release()
      let run = try await starting.value
      try await bench.sleep(.seconds(100))
      try #require(bench.log.entries == ["a"], "the second action before the first result is durable")
      store.release()
      try await bench.sleep(.seconds(100))
      try #require(bench.log.entries == ["a", "b"])
      let outcome = Task(executorPreference: simulation.executor) {
        _ = await run.outcome
        bench.log.append("ended")
      }
      try await bench.sleep(.seconds(100))
      try #require(!bench.log.entries.contains("ended"), "the outcome before the end is durable")
      store.release()
      await outcome.value
    }
  }

  @Test func aFailedWrite_isOfferedAgain_unchanged_andTheSagaGoesOn() throws {
    try underSchedules { simulation in
      let (bench, store) = bench(simulation)
      try await bench.sagas.register(Two(bench: bench))
      let starting = Task(executorPreference: simulation.executor) {
        try await bench.sagas.start(Two.self, .init(), id: "s")
      }
      try await bench.sleep(.seconds(1))
      store.release()
      let run = try await starting.value
      try await bench.sleep(.milliseconds(100))
      store.fail()
      try await bench.sleep(.milliseconds(100))
      try #require(bench.log.entries == ["a"])
      try await bench.sleep(.seconds(2))
      try #require(store.log.entries == ["offered 0", "durable 0", "offered 3", "offered 3"])
      store.release()
      try await bench.sleep(.seconds(1))
      store.release()
      try #require(await run.outcome.isSuccess)
      try #require(bench.log.entries == ["a", "b"])
    }
  }

  @Test func aCreationThatCannotBeRecorded_throws_andThereIsNoSaga() throws {
    try underSchedules { simulation in
      let (bench, store) = bench(simulation)
      try await bench.sagas.register(Two(bench: bench))
      let starting = Task(executorPreference: simulation.executor) {
        try await bench.sagas.start(Two.self, .init(), id: "s")
      }
      try await bench.sleep(.seconds(1))
      store.fail()
      do {
        _ = try await starting.value
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .storeFailed && error.cause is Busy)
      }
      try #require(bench.log.entries.isEmpty)
      try #require(try await bench.sagas.report("s") == nil)
    }
  }
}
