import SagasTesting
import Testing

@testable import Sagas

/// What is different for one saga, from its start on.
@Suite("Options of a start")
struct StartOptionsTests {
  struct Job: Saga {
    static let name = "job"
    let bench: Workbench
    var own = StepDefaults()
    var stated = StepDefaults()
    var policy = FailurePolicy.compensate
    var takes = Duration.zero

    struct State: Codable, Sendable { var first: Int?, work: Int? }

    var defaults: StepDefaults { stated }
    var failurePolicy: FailurePolicy { policy }

    private var work: Sagas.Step<State, Int> {
      Step("work", \.work) { _ in
        bench.log.append("work")
        try await bench.sleep(takes)
        throw Refused()
      }
      .settleGrace(.zero)
    }

    var body: some Flow<State> {
      Step("first", \.first) { _ in 1 }.compensate { _ in bench.log.append("undo") }
      let retried = own.retry.map { work.retry($0) } ?? work
      own.timeout.map { retried.timeout($0) } ?? retried
    }
  }

  private static func policy(_ retries: Int) -> RetryPolicy { .fixed(retries: retries, every: .zero) }

  /// Step, options, saga, configuration; what is expected of it.
  @Test(
    arguments: [
      (1, 2, 3, 4, 1), (nil, 2, 3, 4, 2), (nil, nil, 3, 4, 3), (nil, nil, nil, 4, 4), (nil, nil, nil, nil, 0),
      (0, 2, 3, 4, 0), (nil, 0, 3, 4, 0), (1, nil, nil, nil, 1), (nil, 2, nil, nil, 2),
    ] as [(Int?, Int?, Int?, Int?, Int)])
  func retries_stepThenOptionsThenSagaThenConfiguration(
    _ step: Int?, _ options: Int?, _ saga: Int?, _ configuration: Int?, _ expected: Int
  ) throws {
    try underSchedules(2) { simulation in
      let bench = Workbench(
        simulation, configuration: .init(defaults: StepDefaults(retry: configuration.map(Self.policy))))
      try await bench.sagas.register(
        Job(
          bench: bench, own: StepDefaults(retry: step.map(Self.policy)),
          stated: StepDefaults(retry: saga.map(Self.policy))))
      let run = try await bench.sagas.start(
        Job.self, .init(), id: "s",
        options: StartOptions(defaults: StepDefaults(retry: options.map(Self.policy))))
      _ = await run.outcome
      try #require(bench.log.count(of: "work") == expected + 1)
    }
  }

  @Test(
    arguments: [
      (1, 2, 3, 4, 1), (nil, 2, 3, 4, 2), (nil, nil, 3, 4, 3), (nil, nil, nil, 4, 4), (5, 2, 3, 4, 5),
      (nil, 5, 3, 4, 5),
    ] as [(Int?, Int?, Int?, Int?, Int)])
  func timeouts_stepThenOptionsThenSagaThenConfiguration(
    _ step: Int?, _ options: Int?, _ saga: Int?, _ configuration: Int?, _ expected: Int
  ) throws {
    @Sendable func limit(_ seconds: Int?) -> StepDefaults {
      StepDefaults(timeout: seconds.map { .seconds($0) })
    }
    try underSchedules(2) { simulation in
      let bench = Workbench(simulation, configuration: .init(defaults: limit(configuration)))
      try await bench.sagas.register(
        Job(bench: bench, own: limit(step), stated: limit(saga), takes: .minutes(1)))
      let run = try await bench.sagas.start(
        Job.self, .init(), id: "s", options: StartOptions(defaults: limit(options)))
      try #require(
        await run.outcome.failure?.error(as: StepTimedOut.self)?.timeout == .seconds(expected))
    }
  }

  @Test func policyAndTimeout_areThoseOfTheOptions_forThatSagaAlone() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench, takes: .hours(2)))
      let start = bench.clock.now
      let short = try await bench.sagas.start(
        Job.self, .init(), id: "short", options: StartOptions(timeout: .minutes(1)))
      let plain = try await bench.sagas.start(Job.self, .init(), id: "plain")
      let stopped = try await bench.sagas.start(
        Job.self, .init(), id: "stopped", options: StartOptions(failurePolicy: .stop))
      let held = try await bench.sagas.start(
        named: "job", json: "{}", id: "held", options: StartOptions(failurePolicy: .suspend))
      try #require(await short.outcome.failure?.error(as: SagaTimedOut.self)?.timeout == .minutes(1))
      try #require(bench.elapsed(since: start) == .minutes(1))
      try #require(await plain.settled == .compensated)
      try #require(await stopped.settled == .failed)
      try #require(await held.settled == .suspended && bench.elapsed(since: start) == .hours(2))
      do {
        _ = try await bench.sagas.run(Job.self, .init(), options: StartOptions(failurePolicy: .suspend))
        throw Refused(why: "ended")
      } catch let error as SagaNotFinished {
        try #require(error.status == .suspended)
      }
      try #require(bench.log.count(of: "undo") == 2)
    }
  }

  @Test func optionsOverADefinitionThatSuspends_canCompensateAgain() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench, policy: .suspend))
      let run = try await bench.sagas.start(
        Job.self, .init(), id: "s", options: StartOptions(failurePolicy: .compensate))
      try #require(await run.settled == .compensated)
    }
  }

  @Test(arguments: [true, false])
  func aRecoveredSagaKeepsThem(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Job(bench: first, takes: .hours(2)))
      let start = first.clock.now
      let options = StartOptions(
        failurePolicy: .stop,
        defaults: StepDefaults(
          retry: .exponential(retries: 2, from: .seconds(1), factor: 3), timeout: .seconds(7)),
        timeout: .minutes(30))
      _ = try await first.sagas.start(Job.self, .init(), id: "s", options: options)
      await first.log.waitFor("work")
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Job(bench: second, takes: .hours(2)))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Job.self, "s"))
      guard case .failed(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error(as: StepTimedOut.self)?.timeout == .seconds(7))
      try #require(second.log.entries == ["work", "work", "work"], "stopped, not undone")
      try #require(second.elapsed(since: start) == .seconds(7 * 3 + 1 + 3))

      let third = Workbench(simulation, store: store)
      try await third.sagas.register(Job(bench: third))
      try #require(try await third.sagas.recover().recovered.isEmpty)
      let report = try #require(try await third.sagas.report("s"))
      try #require(report.status == .failed && (report.error as? StepTimedOut)?.timeout == .seconds(7))
    }
  }

  @Test(arguments: [
    (StartOptions(defaults: .init(retry: RetryPolicy { _, _ in nil })), "closure"),
    (StartOptions(defaults: .init(retry: .fixed(retries: 1, every: .zero).only(Busy.self))), "closure"),
    (StartOptions(defaults: .init(retry: .fixed(retries: -1, every: .zero))), "-1 retries"),
    (StartOptions(defaults: .init(timeout: .zero)), "step timeout"),
    (StartOptions(timeout: .seconds(-1)), "timeout of the start options is -1"),
  ])
  func whatCannotBeRecorded_orMakesNoSense_isRefused(_ options: StartOptions, _ what: String) throws {
    try underSchedules(1) { simulation in
      for encoding in [true, false] {
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
        try await bench.sagas.register(Job(bench: bench))
        do {
          _ = try await bench.sagas.start(Job.self, .init(), id: "s", options: options)
          throw Refused(why: "was started")
        } catch let error as SagaError {
          try #require(error.code == .invalidArgument && error.saga == "s" && error.message.contains(what))
        }
        try #require(try await bench.sagas.report("s") == nil)
      }
    }
  }

  @Test func withoutOptions_allSagasShareOneProgram() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      let program = try PlanCompiler.compile(Job(bench: bench))
      try #require(program.with(nil) === program && program.with(StartOptions()) === program)
      let own = program.with(StartOptions(timeout: .seconds(1)))
      try #require(own.plan.timeout == .seconds(1) && own.plan.nodes == program.plan.nodes)
      try #require(own.fits(program) && program.fits(own))
    }
  }
}
