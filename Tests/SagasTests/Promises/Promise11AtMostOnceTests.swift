import SagasTesting
import Testing

@testable import Sagas

/// Promise 11: an `.atMostOnce` step is not run again once it may have taken effect.
@Suite("11 At most once")
struct Promise11AtMostOnceTests {
  struct Payment: Saga {
    let bench: Workbench
    /// How the attempts of "pay" go, one after the other; the last one counts for all that follow.
    var attempts: [Attempt] = [.works]
    var policy = FailurePolicy.compensate
    var isOptional = false
    /// While closed, "pay" does not come to its end.
    let gate: Gate

    enum Attempt: Sendable { case works, refuses, isOpen, hangs }

    struct State: Codable, Sendable { var seat: Int?, paid: Int?, end: Int? }

    var failurePolicy: FailurePolicy { policy }

    init(
      _ bench: Workbench, _ attempts: [Attempt] = [.works], policy: FailurePolicy = .compensate,
      isOptional: Bool = false, gate: Gate? = nil
    ) {
      self.bench = bench
      self.attempts = attempts
      self.policy = policy
      self.isOptional = isOptional
      self.gate = gate ?? Gate()
      if gate == nil { self.gate.open() }
    }

    private var pay: Sagas.Step<State, Int> {
      Step("pay", \.paid) { context in
        bench.log.append("pay \(context.run.attempt)")
        await gate.wait()
        switch attempts[min(context.run.attempt, attempts.count) - 1] {
        case .works: return context.run.attempt
        case .refuses: throw Refused()
        case .isOpen: throw EffectUnknown()
        case .hangs: await bench.sleepStubbornly(.hours(1))
        }
        return context.run.attempt
      }
      .atMostOnce()
      .retry(.fixed(retries: 3, every: .seconds(1)))
      .timeout(.seconds(5))
      .compensate { _ in bench.log.append("refund") }
      .compensateUnknown { bench.log.append("void \($0.idempotencyKey) after \($0.attempts)") }
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

  @Test(
    arguments: [
      ([.refuses, .works], ["pay 1", "pay 2", "end"]),
      ([.refuses, .isOpen, .works], ["pay 1", "pay 2", "void s/pay after 2", "free"]),
      ([.isOpen, .works], ["pay 1", "void s/pay after 1", "free"]),
      ([.hangs, .works], ["pay 1", "void s/pay after 1", "free"]),
      ([.refuses], ["pay 1", "pay 2", "pay 3", "pay 4", "free"]),
    ] as [([Payment.Attempt], [String])])
  func onlyADefiniteFailureIsRetried(_ attempts: [Payment.Attempt], _ expected: [String]) throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Payment(bench, attempts), .init())
      try #require(bench.log.entries == expected)
    }
  }

  @Test(arguments: [true, false])
  func cutOffByACrash_itIsNotRunAgain_andUndoneAsUnknown(encoding: Bool) throws {
    try underSchedules { simulation in
      let (bench, run, held) = try await crashed(simulation, encoding: encoding)
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.step == "pay" && failure.error(as: SagaError.self)?.code == .cutOff)
      try #require(failure.error(as: SagaError.self)?.step == "pay" && failure.unresolved.isEmpty)
      try #require(bench.log.entries == ["void s/pay after 1", "free"], "the second process paid nothing")
      held.open()
    }
  }

  @Test func cutOffByACrash_tolerated_goesOnWithoutIt() throws {
    try underSchedules(20) { simulation in
      let (bench, run, held) = try await crashed(simulation, isOptional: true)
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.paid == nil && state.end == 1 && bench.log.entries == ["end"])
      let report = await run.report
      try #require(report.failures.map(\.step) == ["pay"] && report.unresolved.map(\.step) == ["pay"])
      held.open()
    }
  }

  @Test func anyNumberOfCrashes_runItOnce() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let log = EventLog()
      let held = Gate()
      for process in 0..<4 {
        let bench = Workbench(simulation, store: store, log: log)
        try await bench.sagas.register(Payment(bench, policy: .suspend, gate: held))
        if process == 0 {
          _ = try await bench.sagas.start(Payment.self, .init(), id: "s")
          await log.waitFor("pay 1")
        } else {
          try await bench.sagas.recover()
          try #require(await bench.sagas.handle(Payment.self, "s")?.settled == .suspended)
        }
      }
      try #require(log.entries == ["pay 1"])
      held.open()
    }
  }

  @Test func aSagaHeldByIt_isNotResumed_butSkippedUndoneOrGivenUp() throws {
    try underSchedules(10) { simulation in
      for way in ["skip", "compensate", "cancel", "abandon"] {
        let bench = Workbench(simulation)
        try await bench.sagas.register(Payment(bench, [.isOpen, .works], policy: .suspend))
        let run = try await bench.sagas.start(Payment.self, .init(), id: "s")
        try #require(await run.settled == .suspended)
        do {
          try await run.resume()
          throw Refused(why: "was resumed")
        } catch let error as SagaError {
          try #require(error.code == .wouldRepeat && error.steps == ["pay"] && error.saga == "s")
          try #require(error.message.contains("'pay'") && error.message.contains("skip(step:)"))
        }
        try #require(await run.status == .suspended && bench.log.entries == ["pay 1"])
        switch way {
        case "skip": try await run.skip(step: "pay")
        case "compensate": try await run.compensate()
        case "cancel": try await run.cancel()
        default: try await run.abandon()
        }
        let outcome = await run.outcome
        let report = await run.report
        switch way {
        case "skip":
          try #require(outcome.isSuccess && bench.log.entries == ["pay 1", "end"])
          try #require(report.skippedSteps == ["pay"])
        case "abandon":
          try #require(outcome.failure?.unresolved.map(\.step) == ["seat", "pay"])
        default:
          try #require(bench.log.entries == ["pay 1", "void s/pay after 1", "free"])
        }
      }
    }
  }

  @Test func stuckBehindThePivot_isNotRetried_butSkipped() throws {
    struct Shipped: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Pivot("paid")
        Step("ship") { context in
          bench.log.append("ship \(context.run.attempt)")
          throw EffectUnknown()
        }
        .atMostOnce()
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Shipped(bench: bench))
      let run = try await bench.sagas.start(Shipped.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      do {
        try await bench.sagas.retry("s")
        throw Refused(why: "was retried")
      } catch let error as SagaError {
        try #require(error.code == .wouldRepeat && error.message.hasPrefix("retry would run 'ship' again"))
      }
      try await bench.sagas.skip("s", step: "ship")
      try #require(await run.outcome.isSuccess && bench.log.entries == ["ship 1"])
    }
  }

  @Test func itsBeginning_isDurableBeforeItBegins() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let began = EventLog()
      struct Looking: Saga {
        let look: @Sendable () async throws -> Void
        struct State: Codable, Sendable {}
        var body: some Flow<State> { Step("pay") { _ in try await look() }.atMostOnce() }
      }
      let saga = Looking {
        let image = try await bench.replayed("s")
        began.append("\(image.machine.status(of: NodeID(1)).rawValue) \(image.machine[NodeID(1)].attempts)")
      }
      let (outcome, _) = try await bench.outcome(of: saga, .init())
      try #require(outcome.isSuccess && began.entries == ["running 1"])
    }
  }

  /// A saga whose process went down in the middle of "pay", taken up by another one.
  private func crashed(
    _ simulation: Simulation, encoding: Bool = true, isOptional: Bool = false
  ) async throws -> (Workbench, SagaRun<Payment>, held: Gate) {
    let store = InMemoryStore(encoding: encoding)
    let first = Workbench(simulation, store: store)
    let held = Gate()
    try await first.sagas.register(Payment(first, isOptional: isOptional, gate: held))
    _ = try await first.sagas.start(Payment.self, .init(), id: "s")
    await first.log.waitFor("pay 1")
    let second = Workbench(simulation, store: store)
    try await second.sagas.register(Payment(second, isOptional: isOptional))
    try await second.sagas.recover()
    return (second, try #require(try await second.sagas.handle(Payment.self, "s")), held)
  }
}
