import SagasTesting
import Testing

@testable import Sagas

/// Promise 9: retry.
@Suite("9 Retry")
struct Promise09RetryTests {
  struct Flaky: Saga {
    let bench: Workbench
    let policy: RetryPolicy?
    let succeedsOn: Int
    var limit: Duration?
    var takes: Duration = .zero
    var sagaDefaults = StepDefaults()

    struct State: Codable, Sendable {
      var result: Int?
    }

    var defaults: StepDefaults { sagaDefaults }

    private var step: Sagas.Step<State, Int> {
      Step("flaky", \.result) { context in
        bench.log.append("\(context.run.attempt) \(context.run.idempotencyKey)")
        try await bench.sleep(takes)
        guard context.run.attempt >= succeedsOn else { throw Busy() }
        return context.run.attempt
      }
    }

    var body: some Flow<State> {
      let timed = limit.map { step.timeout($0) } ?? step
      policy.map { timed.retry($0) } ?? timed
    }
  }

  @Test func retriesAreCounted_threeMeansFourAttempts_withoutADelayAfterTheLast() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let saga = Flaky(bench: bench, policy: .fixed(retries: 3, every: .seconds(2)), succeedsOn: .max)
      let (outcome, report) = try await bench.outcome(of: saga, .init())
      try #require(bench.log.entries == ["1 s/flaky", "2 s/flaky", "3 s/flaky", "4 s/flaky"])
      try #require(bench.elapsed(since: start) == .seconds(6))
      try #require(outcome.failure?.error is Busy && report.step("flaky")?.attempts == 4)
    }
  }

  @Test func succeedsOnRetry() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Flaky(
        bench: bench, policy: .exponential(retries: 4, from: .seconds(1), factor: 2), succeedsOn: 4)
      let start = bench.clock.now
      let (outcome, report) = try await bench.outcome(of: saga, .init())
      guard case .completed(let state) = outcome else { throw Refused() }
      try #require(state.result == 4 && bench.elapsed(since: start) == .seconds(7))
      try #require(report.step("flaky")?.attempts == 4 && report.step("flaky")?.status == .completed)
    }
  }

  @Test func eachAttemptHasTheTimeoutOfTheStep_andATimeoutIsRetried() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Flaky(
        bench: bench, policy: .fixed(retries: 1, every: .seconds(1)), succeedsOn: 1, limit: .seconds(5),
        takes: .seconds(60))
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(of: saga, .init())
      try #require(bench.log.entries.count == 2)
      try #require(bench.elapsed(since: start) == .seconds(11))
      try #require(outcome.failure?.error(as: StepTimedOut.self)?.attempt == 2)
    }
  }

  @Test func aFiltersNo_returnsTheOriginalErrorAtOnce() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let policy = RetryPolicy.fixed(retries: 3, every: .seconds(2)).only(Refused.self) { _ in true }
      let (outcome, _) = try await bench.outcome(
        of: Flaky(bench: bench, policy: policy, succeedsOn: 4), .init())
      try #require(bench.log.entries.count == 1 && outcome.failure?.error is Busy)
    }
  }

  @Test func precedence_stepThenSagaThenConfiguration() throws {
    func attempts(step: RetryPolicy?, saga: RetryPolicy?, configuration: RetryPolicy?) throws -> Int {
      let log = EventLog()
      try underSchedules(1) { simulation in
        let bench = Workbench(
          simulation, configuration: .init(defaults: StepDefaults(retry: configuration, timeout: nil)))
        let flaky = Flaky(
          bench: bench, policy: step, succeedsOn: .max, sagaDefaults: StepDefaults(retry: saga, timeout: nil))
        _ = try await bench.outcome(of: flaky, .init())
        for entry in bench.log.entries { log.append(entry) }
      }
      return log.entries.count
    }
    func policy(_ retries: Int) -> RetryPolicy { .fixed(retries: retries, every: .seconds(1)) }
    #expect(try attempts(step: policy(1), saga: policy(2), configuration: policy(3)) == 2)
    #expect(try attempts(step: nil, saga: policy(2), configuration: policy(3)) == 3)
    #expect(try attempts(step: nil, saga: nil, configuration: policy(3)) == 4)
    #expect(try attempts(step: nil, saga: nil, configuration: nil) == 1)
    #expect(try attempts(step: .never, saga: policy(2), configuration: policy(3)) == 1)
  }

  @Test func aBackoffIsWaiting_inSagaAndStep() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let saga = Flaky(bench: bench, policy: .fixed(retries: 1, every: .minutes(1)), succeedsOn: 2)
      try await bench.sagas.register(saga)
      let run = try await bench.sagas.start(Flaky.self, .init(), id: "s")
      try await bench.sleep(.seconds(30))
      let report = await run.report
      try #require(report.status == .waiting && report.step("flaky")?.status == .waiting)
      try #require(report.step("flaky")?.error is Busy)
      try #require(bench.sagas.supervisor.sagasWithDeadline == 1)
      try #require(await run.outcome.isSuccess)
    }
  }
}
