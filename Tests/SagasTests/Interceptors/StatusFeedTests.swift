import SagasTesting
import Testing

@testable import Sagas

/// What interceptors are told of the statuses of sagas.
@Suite("Interceptors: statuses")
struct StatusFeedTests {
  /// Writes down each change, as slowly as it is told to.
  struct Observer: Interceptor {
    let log: EventLog
    var gate: Gate?

    func saga(_ id: String, from: SagaStatus, to: SagaStatus) async {
      log.append("\(id): \(from) \(to)")
      await gate?.wait()
    }
  }

  struct Job: Saga {
    let bench: Workbench
    var succeeds = true

    struct State: Codable, Sendable { var a: Int? }

    var body: some Flow<State> {
      Step("a", \.a) { context in
        if context.run.attempt == 1 { throw Busy() }
        return 1
      }
      .retry(.fixed(retries: 1, every: .seconds(5)))
      .compensate { _ in bench.log.append("undo") }
      Step("b") { _ in
        bench.log.append("b")
        if !succeeds { throw Refused() }
      }
    }
  }

  private func bench(_ simulation: Simulation, _ store: any SagaStore, gate: Gate? = nil) -> Workbench {
    let log = EventLog()
    return Workbench(
      simulation, store: store,
      configuration: .init(interceptors: [Observer(log: log, gate: gate)]), log: log)
  }

  @Test(arguments: [true, false])
  func theyComeInOrder_toTheEnd(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = bench(simulation, InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Job(bench: bench, succeeds: false))
      _ = try await bench.sagas.start(Job.self, .init(), id: "s")
      await bench.log.waitFor("s: compensating compensated")
      try #require(
        bench.log.entries.filter { $0.hasPrefix("s: ") } == [
          "s: created running", "s: running waiting", "s: waiting running", "s: running compensating",
          "s: compensating compensated",
        ])
    }
  }

  @Test func ofOneChange_allAreTold_theOutermostFirst() throws {
    try underSchedules(20) { simulation in
      let log = EventLog()
      struct Named: Interceptor {
        let name: String
        let log: EventLog
        func saga(_ id: String, from: SagaStatus, to: SagaStatus) async { log.append("\(name) \(to)") }
      }
      struct One: Saga {
        let log: EventLog
        struct State: Codable, Sendable {}
        var interceptors: [any Interceptor] { [Named(name: "inner", log: log)] }
        var body: some Flow<State> { Step("one") { _ in } }
      }
      let bench = Workbench(
        simulation, configuration: .init(interceptors: [Named(name: "outer", log: log)]), log: log)
      try await bench.sagas.register(One(log: log))
      _ = try await bench.sagas.start(One.self, .init(), id: "s")
      await log.waitFor("inner completed")
      try #require(log.entries == ["outer running", "inner running", "outer completed", "inner completed"])
    }
  }

  @Test func oneThatDoesNotReturn_holdsUpNoSaga_andIsTheOnlyCallOfItsSaga() throws {
    try underSchedules { simulation in
      let gate = Gate()
      let bench = bench(simulation, InMemoryStore(), gate: gate)
      try await bench.sagas.register(Job(bench: bench))
      let start = bench.clock.now
      for id in ["s", "t"] {
        let run = try await bench.sagas.start(Job.self, .init(), id: id)
        try #require(await run.outcome.isSuccess)
      }
      try #require(bench.elapsed(since: start) == .seconds(10), "no longer than their backoffs")
      await bench.settle()
      try #require(Set(bench.log.entries) == ["b", "s: created running", "t: created running"])
      gate.open()
      await bench.log.waitFor("s: running completed")
      await bench.log.waitFor("t: running completed")
      for id in ["s", "t"] {
        try #require(
          bench.log.entries.filter { $0.hasPrefix(id) } == [
            "\(id): created running", "\(id): running waiting", "\(id): waiting running",
            "\(id): running completed",
          ])
      }
    }
  }

  @Test func nothingIsTold_beforeItIsDurable() throws {
    try underSchedules { simulation in
      let log = EventLog()
      let store = DurabilityTests.HeldStore(log)
      let bench = Workbench(
        simulation, store: store, configuration: .init(interceptors: [Observer(log: log)]), log: log)
      try await bench.sagas.register(Job(bench: bench))
      simulation.runtime.spawn("starter") { _ = try? await bench.sagas.start(Job.self, .init(), id: "s") }
      for _ in 0..<5 {
        try await bench.sleep(.seconds(10))
        store.release()
      }
      await log.waitFor("s: running completed")
      let seen = log.entries.filter { $0.hasPrefix("s: ") || $0.hasPrefix("durable") }
      try #require(
        seen == [
          "durable 0", "s: created running", "durable 3", "s: running waiting", "durable 5",
          "s: waiting running", "durable 6", "durable 8", "s: running completed",
        ])
    }
  }

  @Test func aRecoveredSaga_isToldOfFromWhereItWas() throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: true)
      let first = bench(simulation, store)
      try await first.sagas.register(Job(bench: first))
      _ = try await first.sagas.start(Job.self, .init(), id: "s")
      await first.log.waitFor("s: running waiting")
      let second = bench(simulation, store)
      try await second.sagas.register(Job(bench: second))
      try await second.sagas.recover()
      await second.log.waitFor("s: running completed")
      try #require(
        second.log.entries.filter { $0.hasPrefix("s: ") } == [
          "s: waiting running", "s: running completed",
        ])
    }
  }
}
