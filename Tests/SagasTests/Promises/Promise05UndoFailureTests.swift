import SagasTesting
import Testing

@testable import Sagas

/// Promise 5: when an undo fails.
@Suite("5 When an undo fails")
struct Promise05UndoFailureTests {
  struct Book: Saga {
    let bench: Workbench
    var policy = CompensationFailurePolicy.stuck
    var failures = Int.max
    struct State: Codable, Sendable {}

    var onCompensationFailure: CompensationFailurePolicy { policy }

    var body: some Flow<State> {
      Step("seat") { _ in }.compensate { _ in bench.log.append("free seat") }
      Step("pay") { _ in }
        .retry(.fixed(retries: 9, every: .seconds(1)))
        .compensate { undo in
          bench.log.append("refund \(undo.run.attempt) \(undo.run.idempotencyKey)")
          if undo.run.attempt <= failures { throw Busy() }
        }
        .compensationRetry(.fixed(retries: 2, every: .seconds(5)))
      Step("mail") { _ in }.compensate { _ in bench.log.append("recall mail") }
      Fail("no") { _ in Refused() }
    }
  }

  @Test func retriesOfItsOwn_countedApart_underOneKey_thenTheOthersRun_thenStuck() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Book(bench: bench))
      let start = bench.clock.now
      let run = try await bench.sagas.start(Book.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      try #require(bench.elapsed(since: start) == .seconds(10))
      try #require(
        bench.log.entries == [
          "recall mail", "refund 1 s/pay~undo", "refund 2 s/pay~undo", "refund 3 s/pay~undo", "free seat",
        ])
      let report = await run.report
      try #require(report.status == .stuck && report.endedAt == nil)
      try #require(report.step("pay")?.status == .compensationFailed)
      try #require(report.step("pay")?.undoAttempts == 3 && report.step("pay")?.attempts == 1)
      try #require(report.unresolved.map(\.step) == ["pay"] && report.unresolved[0].reason == .undoFailed)
      try #require(report.unresolved[0].error is Busy)
      try #require(report.error is Refused, "the saga's error is the first failure, not the undo's")
      do {
        _ = try await run.output
        throw Refused(why: "had an output")
      } catch let error as SagaNotFinished {
        try #require(error.status == .stuck)
      }
    }
  }

  @Test func anUndoThatSucceedsOnRetry_isCompensated() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Book(bench: bench, failures: 2), .init())
      try #require(outcome.failure?.undone == ["mail", "pay", "seat"])
      try #require(report.status == .compensated && report.unresolved.isEmpty)
    }
  }

  @Test func finish_endsFailed_withTheList() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Book(bench: bench, policy: .finish), .init())
      guard case .failed(let failure) = outcome else { throw Refused(why: "\(outcome)") }
      try #require(failure.undone == ["mail", "seat"] && failure.unresolved.map(\.step) == ["pay"])
      try #require(report.status == .failed && report.endedAt != nil)
    }
  }

  @Test func anUndoThatRunsOutOfTime_isAskedToStop_andRetried() throws {
    struct Slow: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("pay") { _ in }
          .compensate { undo in
            bench.log.append("refund \(undo.run.attempt)")
            if undo.run.attempt == 1 { try await bench.sleep(.seconds(600)) }
          }
          .compensationTimeout(.seconds(4)).compensationRetry(.fixed(retries: 1, every: .seconds(1)))
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (_, report) = try await bench.outcome(of: Slow(bench: bench), .init())
      try #require(bench.log.entries == ["refund 1", "refund 2"])
      try #require(report.status == .compensated)
      try #require(bench.elapsed(since: start) == .seconds(5))
      // Not that it was cancelled: why.
      try #require((report.step("pay")?.undoError as? StepTimedOut)?.attempt == 1)
    }
  }

  /// What it throws for a reason of its own says more than that it was asked to stop.
  @Test func anUndoThatIsAskedToStop_andThrowsSomethingElse_failsWithThat() throws {
    struct Closing: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("pay") { _ in }
          .compensate { _ in
            do { try await bench.sleep(.seconds(600)) } catch { throw Refused(why: "closed") }
          }
          .compensationTimeout(.seconds(4)).compensationRetry(.never)
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(10) { simulation in
      let store = try StoreKind.encoding.make()
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Closing(bench: bench))
      let run = try await bench.sagas.start(Closing.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      let why = await run.report.step("pay")?.undoError
      try #require((why as? Refused)?.why == "closed")
      // And so it is in the log.
      let other = Workbench(simulation, store: store)
      try await other.sagas.register(Closing(bench: other))
      try await other.sagas.recover()
      let again = try await other.sagas.report("s")?.step("pay")?.undoError as? RecordedError
      try #require(again?.restored(as: Refused.self)?.why == "closed")
    }
  }

  @Test func anUndoGivenUp_thatReturnsAfterAll_endsTheStuckSaga() throws {
    struct Stubborn: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("pay") { _ in }
          .settleGrace(.seconds(1))
          .compensate { _ in
            await bench.sleepStubbornly(.seconds(100))
            bench.log.append("refunded")
          }
          .compensationTimeout(.seconds(1)).compensationRetry(.never)
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Stubborn(bench: bench))
      let run = try await bench.sagas.start(Stubborn.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["pay"] && failure.unresolved.isEmpty)
      try #require(bench.log.entries == ["refunded"])
    }
  }
}
