import SagasTesting
import Testing

@testable import Sagas

/// Promise 7: races. One test per row of the winner table, named after it; the machine's tests pin the same pairs
/// event by event.
@Suite("7 Races")
struct Promise07RaceTests {
  struct Charge: Saga {
    let bench: Workbench
    /// How long the action takes, whatever anybody asks.
    let takes: Duration
    var limit: Duration? = .seconds(10)
    let began = Gate()

    struct State: Codable, Sendable {
      var receipt: Int?
    }

    var body: some Flow<State> {
      Step("charge", \.receipt) { _ in
        began.open()
        await bench.sleepStubbornly(takes)
        bench.log.append("charged")
        return 42
      }
      .timeout(limit ?? .hours(1)).settleGrace(.seconds(5))
      .compensate { bench.log.append("refund \($0)") }
      .compensateUnknown { _ in bench.log.append("void") }
      Step("next") { _ in bench.log.append("next") }.compensate { _ in bench.log.append("undo next") }
    }
  }

  @Test func completion_thenTimeout_isCompleted() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench, takes: .seconds(9)), .init())
      try #require(outcome.isSuccess && report.step("charge")?.status == .completed)
      try await bench.sleep(.hours(2))
      try #require(bench.log.entries == ["charged", "next"])
      try #require(try await bench.sagas.report("s")?.status == .completed)
      try #require(bench.sagas.supervisor.nextDeadline == nil, "nothing is left behind")
    }
  }

  @Test func timeout_thenCompletionWithinTheGrace_failsAndRefunds() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench, takes: .seconds(12)), .init())
      try #require(outcome.failure?.error is StepTimedOut)
      try #require(bench.log.entries == ["charged", "refund 42"])
      try #require(report.unresolved.isEmpty)
    }
  }

  @Test func timeout_thenCompletionAfterItsUndo_isALateResult() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Charge(bench: bench, takes: .seconds(60)), .init())
      try #require(report.status == .compensated && report.unresolved.isEmpty)
      try await bench.sleep(.seconds(100))
      try #require(bench.log.entries == ["void", "charged"])
      let later = try #require(try await bench.sagas.report("s"))
      try #require(later.status == .compensated && later.unresolved.map(\.reason) == [.lateResult])
    }
  }

  /// Timeout and completion fall on the same instant: either may be accepted first, under some schedule.
  @Test func completion_atTheInstantOfTheTimeout_isEitherOfTheTwo() throws {
    let seen = EventLog()
    try underSchedules(60) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench, takes: .seconds(10)), .init())
      if outcome.isSuccess {
        try #require(bench.log.entries == ["charged", "next"])
        seen.append("completed")
      } else {
        try #require(bench.log.entries == ["charged", "refund 42"] && report.status == .compensated)
        seen.append("timed out")
      }
    }
    #expect(Set(seen.entries) == ["completed", "timed out"])
  }

  @Test func completion_thenCancel_isUndone_unlessTheSagaHasEnded() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Charge(bench: bench, takes: .seconds(1), limit: nil)
      try await bench.sagas.register(saga)
      let run = try await bench.sagas.start(Charge.self, .init(), id: "s")
      await bench.log.waitFor("charged")
      try await run.cancel()
      switch await run.outcome {
      case .completed: try #require(bench.log.entries == ["charged", "next"])
      case .compensated(let failure):
        try #require(failure.error is SagaCancelled)
        try #require(bench.log.entries.contains("refund 42") && !bench.log.entries.contains("void"))
      case .failed: throw Refused()
      }
    }
  }

  @Test func cancel_thenCompletionWithinTheGrace_isCompleted_andUndone() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Charge(bench: bench, takes: .seconds(4), limit: nil)
      try await bench.sagas.register(saga)
      let run = try await bench.sagas.start(Charge.self, .init(), id: "s")
      await saga.began.wait()
      try await run.cancel()
      _ = await run.outcome
      try #require(bench.log.entries == ["charged", "refund 42"])
      try #require(await run.report.step("next")?.status == .blocked)
    }
  }

  @Test func timeout_thenCancel_keepsTheGrace_andIsNotRetried() throws {
    struct Retrying: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("charge") { _ in
          bench.log.append("attempt")
          await bench.sleepStubbornly(.hours(1))
        }
        .timeout(.seconds(10)).settleGrace(.seconds(5)).retry(.fixed(retries: 3, every: .zero))
        .compensateUnknown { _ in bench.log.append("void") }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Retrying(bench: bench))
      let start = bench.clock.now
      let run = try await bench.sagas.start(Retrying.self, .init(), id: "s")
      try await bench.sleep(.seconds(12))
      try await run.cancel()
      _ = await run.outcome
      try #require(bench.elapsed(since: start) == .seconds(15), "the grace of the timeout, no new one")
      try #require(bench.log.entries == ["attempt", "void"])
    }
  }

  @Test func cancel_thenTimeout_isDropped() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Charge(bench: bench, takes: .hours(1), limit: .seconds(10))
      try await bench.sagas.register(saga)
      let start = bench.clock.now
      let run = try await bench.sagas.start(Charge.self, .init(), id: "s")
      await saga.began.wait()
      try await bench.sleep(.seconds(9))
      try await run.cancel()
      _ = await run.outcome
      try #require(bench.elapsed(since: start) == .seconds(14))
      try #require(bench.log.entries == ["void"])
      let report = await run.report
      try #require((report.step("charge")?.error as? StepTimedOut) == nil)
    }
  }

  // MARK: The saga's own deadline

  struct Deadline: Saga {
    let bench: Workbench
    let takes: Duration
    /// What the step itself may take.
    var stepLimit: Duration = .hours(1)
    let began = Gate()

    struct State: Codable, Sendable {
      var receipt: Int?
    }

    var timeout: Duration? { .seconds(10) }

    var body: some Flow<State> {
      Step("charge", \.receipt) { _ in
        began.open()
        await bench.sleepStubbornly(takes)
        bench.log.append("charged")
        return 42
      }
      .timeout(stepLimit).settleGrace(.seconds(5))
      .compensate { bench.log.append("refund \($0)") }
      .compensateUnknown { _ in bench.log.append("void") }
      Step("next") { _ in try await bench.sleep(.seconds(5)) }
    }
  }

  @Test func deadline_thenCompletion_isCompleted_andUndone() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Deadline(bench: bench, takes: .seconds(12)), .init())
      try #require(outcome.failure?.error is SagaTimedOut && outcome.failure?.step == nil)
      try #require(bench.log.entries == ["charged", "refund 42"])
    }
  }

  @Test func completion_thenDeadline_isUndone_unlessTheSagaHasEnded() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Deadline(bench: bench, takes: .seconds(8)), .init())
      try #require(outcome.failure?.error is SagaTimedOut && bench.log.entries == ["charged", "refund 42"])
      let quick = Workbench(simulation)
      let (done, _) = try await quick.outcome(of: Deadline(bench: quick, takes: .seconds(2)), .init())
      try await quick.sleep(.minutes(1))
      try #require(done.isSuccess && quick.log.entries == ["charged"])
      try #require(try await quick.sagas.report("s")?.status == .completed)
    }
  }

  @Test func deadline_thenTimeout_isDropped() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let saga = Deadline(bench: bench, takes: .hours(1), stepLimit: .seconds(12))
      let (outcome, report) = try await bench.outcome(of: saga, .init())
      try #require(outcome.failure?.error is SagaTimedOut && bench.elapsed(since: start) == .seconds(15))
      try #require(bench.log.entries == ["void"] && !(report.step("charge")?.error is StepTimedOut))
    }
  }

  @Test func timeout_thenDeadline_keepsTheGrace() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let saga = Deadline(bench: bench, takes: .hours(1), stepLimit: .seconds(8))
      let (outcome, report) = try await bench.outcome(of: saga, .init())
      try #require(outcome.failure?.error is SagaTimedOut && bench.elapsed(since: start) == .seconds(13))
      try #require(bench.log.entries == ["void"] && report.step("charge")?.error is StepTimedOut)
    }
  }

  @Test func deadline_andCancel_theFirstNamesTheFailure() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Deadline(bench: bench, takes: .seconds(12)))
      let first = try await bench.sagas.start(Deadline.self, .init(), id: "first")
      let second = try await bench.sagas.start(Deadline.self, .init(), id: "second")
      try await bench.sleep(.seconds(9))
      try await first.cancel()
      try await bench.sleep(.seconds(2))
      try await second.cancel()
      try #require(await first.outcome.failure?.error is SagaCancelled)
      try #require(await second.outcome.failure?.error is SagaTimedOut)
    }
  }
}
