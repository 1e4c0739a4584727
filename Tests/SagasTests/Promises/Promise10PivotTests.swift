import SagasTesting
import Testing

@testable import Sagas

/// Promise 10: the pivot.
@Suite("10 Pivot")
struct Promise10PivotTests {
  struct Order: Saga {
    let bench: Workbench
    /// While closed, "ship" fails.
    let works = Gate()
    let began = Gate()

    struct State: Codable, Sendable { var a: Int?, bill: Int?, ship: Int?, end: Int? }

    var timeout: Duration? { .minutes(1) }

    var body: some Flow<State> {
      Step("reserve", \.a) { _ in 1 }.compensate { _ in bench.log.append("release") }
      Pivot("paid")
      Parallel("deliver") {
        Step("bill", \.bill) { _ in
          try await bench.sleep(.seconds(20))
          return 1
        }
        .compensate { _ in bench.log.append("unbill") }
        Step("ship", \.ship) { context in
          bench.log.append("ship \(context.run.attempt)")
          began.open()
          try await bench.sleep(.seconds(1))
          guard works.isOpen else { throw Refused() }
          return context.run.attempt
        }
        .retry(.fixed(retries: 1, every: .seconds(1)))
        .compensate { _ in bench.log.append("unship") }
      }
      Step("end", \.end) { _ in 1 }
    }
  }

  private func stuck(_ simulation: Simulation) async throws -> (Workbench, Order, SagaRun<Order>) {
    let bench = Workbench(simulation)
    let order = Order(bench: bench)
    try await bench.sagas.register(order)
    let run = try await bench.sagas.start(Order.self, .init(), id: "o")
    try #require(await run.settled == .stuck)
    return (bench, order, run)
  }

  @Test func aStepThatFailsForGood_makesTheSagaStuck_nothingIsUndone_whatRunsSettles() throws {
    try underSchedules(20) { simulation in
      let (bench, _, run) = try await stuck(simulation)
      try #require(bench.log.entries == ["ship 1", "ship 2"])
      let report = await run.report
      try #require(report.step("bill")?.status == .completed && report.error is Refused)
      try #require(report.status == .stuck && report.endedAt == nil)
    }
  }

  @Test func retry_runsItAgain_underItsOldKey_withRetriesFromTheStart() throws {
    try underSchedules(20) { simulation in
      let (bench, order, run) = try await stuck(simulation)
      try await bench.sagas.retry("o")
      try #require(await run.settled == .stuck)
      try #require(bench.log.entries == ["ship 1", "ship 2", "ship 3", "ship 4"])
      order.works.open()
      try await run.retry()
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.ship == 5 && state.bill == 1 && state.end == 1)
    }
  }

  @Test func skip_leavesTheStepOut_andTheSagaGoesOn() throws {
    try underSchedules(20) { simulation in
      let (_, _, run) = try await stuck(simulation)
      do {
        try await run.skip(step: "bill")
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .invalidArgument)
      }
      try await run.skip(step: "ship")
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.ship == nil && state.end == 1)
      try #require(await run.report.skippedSteps == ["ship"])
    }
  }

  @Test func abandon_endsFailed_andUndoesNothing() throws {
    try underSchedules(10) { simulation in
      let (bench, _, run) = try await stuck(simulation)
      try await run.abandon()
      guard case .failed(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone.isEmpty && failure.error is Refused && failure.step == "ship")
      try #require(bench.log.count(of: "release") == 0)
    }
  }

  @Test func cancel_throwsPastPivot_withoutCompensatingItStops() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let order = Order(bench: bench)
      order.works.open()
      try await bench.sagas.register(order)
      let run = try await bench.sagas.start(Order.self, .init(), id: "o")
      await order.began.wait()
      do {
        try await run.cancel()
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .pastPivot)
      }
      try await run.cancel(compensating: false)
      guard case .failed(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.undone.isEmpty)
      try #require(bench.log.entries == ["ship 1"])
    }
  }

  @Test func beforeThePivot_everythingIsAsWithout() throws {
    struct Early: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
        Fail("no") { _ in Refused() }
        Pivot("paid")
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Early(bench: bench), .init())
      try #require(outcome.failure?.undone == ["a"])
    }
  }

  @Test func theTimeoutOfTheSaga_onlyMakesItOverdue() throws {
    struct Slow: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var timeout: Duration? { .seconds(10) }
      var body: some Flow<State> {
        Pivot("go")
        Step("a", \.a) { _ in
          try await bench.sleep(.minutes(1))
          return 1
        }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Slow(bench: bench), .init())
      try #require(outcome.isSuccess)
    }
  }

  @Test func aSagaStuckBehindItsPivot_survivesARecovery() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Order(bench: first))
      let before = try await first.sagas.start(Order.self, .init(), id: "o")
      try #require(await before.settled == .stuck)
      let second = Workbench(simulation, store: store)
      let order = Order(bench: second)
      order.works.open()
      try await second.sagas.register(order)
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Order.self, "o"))
      try #require(await run.settled == .stuck && second.log.entries.isEmpty)
      try await run.retry()
      try #require(await run.outcome.isSuccess && second.log.entries == ["ship 3"])
    }
  }

  @Test func misplacedPivots_areDefinitionErrors() async throws {
    struct Bad: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Parallel("group") {
          Pivot("inside")
          Step("a") { _ in }
        }
        Pivot("second")
        When("never", { _ in false }) { Fail("late") { _ in Refused() } }
      }
    }
    do {
      try await SagaOrchestrator().register(Bad())
      Issue.record("registered")
    } catch let error as DefinitionError {
      #expect(error.problems.map(\.code) == [.misplacedPivot, .misplacedPivot, .misplacedPivot])
      #expect(error.problems.compactMap(\.step) == ["inside", "second", "late"])
    }
  }
}
