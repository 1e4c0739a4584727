import SagasTesting
import Testing

@testable import Sagas

/// A step's `onError`: once at its final failure, awaited, changes nothing.
@Suite("Being told of a failure")
struct OnErrorTests {
  struct Order: Saga {
    let bench: Workbench
    var isOptional = false
    var policy = FailurePolicy.compensate
    var takes = Duration.seconds(2)
    var limit: Duration?
    /// How long "pay" takes, which throws when it is over.
    var payTakes = Duration.zero
    var undoLimit: Duration?

    struct State: Codable, Sendable { var seat: Int?, end: Int? }

    var failurePolicy: FailurePolicy { policy }
    var unwindTimeout: Duration? { undoLimit }

    private var pay: Sagas.Step<State, Void> {
      Step("pay") { context in
        bench.log.append("pay \(context.run.attempt)")
        try await bench.sleep(payTakes)
        throw Refused(why: "\(context.run.attempt)")
      }
      .retry(.fixed(retries: 1, every: .seconds(1)))
      .timeout(limit ?? .hours(1))
      .settleGrace(.seconds(3))
      .onError { error, run in
        bench.log.append(
          "told of \((error as? Refused)?.why ?? "\(type(of: error))") by \(run.step) \(run.attempt)")
        do {
          try await bench.sleep(takes)
          bench.log.append("told")
        } catch {
          bench.log.append("given up")
        }
      }
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }.compensate { _ in bench.log.append("free") }
      isOptional ? pay.optional() : pay
      Step("end", \.end) { _ in
        bench.log.append("end")
        return 1
      }
    }
  }

  private static let toldOnce = ["pay 1", "pay 2", "told of 2 by pay 2", "told"]

  @Test(arguments: [true, false])
  func afterTheLastRetry_beforeTheUnwind(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let start = bench.clock.now
      let (outcome, report) = try await bench.outcome(of: Order(bench: bench), .init())
      try #require(bench.log.entries == Self.toldOnce + ["free"])
      try #require(bench.elapsed(since: start) == .seconds(3))
      guard case .compensated(let failure) = outcome else { throw Refused() }
      try #require(failure.step == "pay" && failure.undone == ["seat"] && report.step("pay")?.attempts == 2)
    }
  }

  @Test func beforeTheNextStep_whereTheFailureIsTolerated() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Order(bench: bench, isOptional: true), .init())
      try #require(outcome.isSuccess && bench.log.entries == Self.toldOnce + ["end"])
    }
  }

  @Test func beforeAnybodyIsToldThatTheSagaStandsStill_orHasEnded() throws {
    try underSchedules(20) { simulation in
      for policy in [FailurePolicy.suspend, .stop] {
        let bench = Workbench(simulation)
        try await bench.sagas.register(Order(bench: bench, policy: policy))
        let run = try await bench.sagas.start(Order.self, .init(), id: "s")
        try #require(await run.settled == (policy == .suspend ? .suspended : .failed))
        try #require(bench.log.entries == Self.toldOnce)
        guard policy == .suspend else { continue }
        try await run.resume()
        try #require(await run.settled == .suspended)
        try #require(
          bench.log.entries == Self.toldOnce + ["pay 3", "pay 4", "told of 4 by pay 4", "told"])
      }
    }
  }

  @Test func resumedMeanwhile_goesOnBehindIt() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Order(bench: bench, policy: .suspend))
      let run = try await bench.sagas.start(Order.self, .init(), id: "s")
      await bench.log.waitFor("told of 2 by pay 2")
      try await run.resume()
      await bench.log.waitFor("told", times: 2)
      try #require(bench.log.has("told", before: "pay 3"))
      try #require(await run.settled == .suspended)
    }
  }

  @Test func longerThanTheSettleGrace_isGivenUp() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      _ = try await bench.outcome(of: Order(bench: bench, takes: .hours(1)), .init())
      try #require(bench.elapsed(since: start) == .seconds(4), "one second of backoff, three of grace")
      await bench.log.waitFor("given up")
      try #require(
        bench.log.entries.sorted() == ["free", "given up", "pay 1", "pay 2", "told of 2 by pay 2"])
    }
  }

  @Test func aTimeoutIsToldToo_andAnUnwindThatExpiresMeanwhileGetsStuck() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(
        Order(bench: bench, limit: .seconds(5), payTakes: .minutes(1), undoLimit: .seconds(1)))
      let run = try await bench.sagas.start(Order.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      try #require(bench.log.entries == ["pay 1", "pay 2", "told of StepTimedOut by pay 2", "told"])
      try await run.retryCompensation()
      try #require(await run.settled == .compensated && bench.log.entries.last == "free")
    }
  }

  @Test func aCancelIsNotTold() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Order(bench: bench, payTakes: .minutes(1)))
      let run = try await bench.sagas.start(Order.self, .init(), id: "s")
      await bench.log.waitFor("pay 1")
      try await run.cancel()
      try #require(await run.settled == .compensated && bench.log.entries == ["pay 1", "free"])
    }
  }

  @Test func aCrashMeanwhile_losesIt_andTheFailureStands() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Order(bench: first))
      _ = try await first.sagas.start(Order.self, .init(), id: "s")
      await first.log.waitFor("told of 2 by pay 2")
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Order(bench: second))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Order.self, "s"))
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.step == "pay" && second.log.entries == ["free"])
    }
  }

  @Test func severalAtOnce_runSideBySide_andTheSagaGoesOnBehindTheLast() throws {
    struct Two: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      private func part(_ name: String, _ takes: Duration) -> Sagas.Step<State, Void> {
        Step(name) { _ in throw Refused() }.optional()
          .onError { _, run in
            try? await bench.sleep(takes)
            bench.log.append("\(run.step) told")
          }
      }
      var body: some Flow<State> {
        Parallel("both") {
          part("left", .seconds(3))
          part("right", .seconds(1))
        }
        Step("end") { _ in bench.log.append("end") }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, configuration: .init(maxConcurrentSagas: 1))
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(of: Two(bench: bench), .init())
      try #require(outcome.isSuccess && bench.log.entries == ["right told", "left told", "end"])
      try #require(bench.elapsed(since: start) == .seconds(3))
    }
  }
}
