@testable import Sagas
import Testing

/// Promise 11: what a crash at any instruction leaves, and how a saga goes on behind it.
@Suite struct MachineRecoveryTests {
  private static let undoable: PlanNode.Traits = [.undoesCompleted, .undoesUnknown]

  @Test func runningStep_runsAgainUnderItsNumber() throws {
    var bench = try Bench(running: .sketch(step("a"), step("b")))
    try bench.send(.returned(1, 1))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.run(2, 1)]))
    #expect(try bench.send(.returned(2, 1)) == Told([.completed(2, 1)], [.ask(3, .output)]))
  }

  @Test func takenChoice_isNotMistakenForAnAction() throws {
    var bench = try Bench(running: .sketch(choice("if", step("a"), step("b"))))
    try bench.send(.answered(1, .branch(0)))
    #expect(bench.machine.active == 1)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.run(2, 1)]))
    #expect(try bench.send(.cancel) == Told([.failing(.cancelled)], [.stop(2, 1)]))
    #expect(try bench.crashAndRecover().entries.last == .ended(.compensated))
  }

  @Test func stepReachedWhileRecovering_runsOnce() throws {
    var bench = try Bench(
      running: .sketch(parallel(sequential(step("a", .optional), step("b")), step("c"))))
    try bench.send(.timedOut(3, 1))
    #expect(
      try bench.crashAndRecover()
        == Told(
          [.recovered, .attemptCut(3, 1), .failed(3), .started(4, 1)], [.run(4, 1), .run(5, 1)]))
  }

  @Test(arguments: [Answer.retry(.seconds(5)), .retry(nil)])
  func failureWhileAnotherStepIsAskedFor_closesIt(_ answer: Answer) throws {
    var bench = try Bench(running: .sketch(parallel(step("a", .retries), step("b"))))
    try bench.send(.timedOut(2, 1), .timedOut(3, 1))
    #expect(
      try bench.crashAndRecover()
        == Told(
          [
            .recovered, .attemptCut(2, 1), .attemptCut(3, 1), .failed(3), .failing(.node(3)), .failed(2),
            .unwinding, .ended(.compensated),
          ], [.ask(2, .retry), .settle(.compensated)]))
    #expect(try bench.send(.answered(2, answer)) == .nothing)
  }

  @Test func twoStepsCutOffAndAskedFor_theFirstRefusalEndsBoth() throws {
    var bench = try Bench(running: .sketch(parallel(step("a", .retries), step("b", .retries))))
    try bench.send(.timedOut(2, 1), .timedOut(3, 1))
    #expect(try bench.crashAndRecover().actions == [.ask(2, .retry), .ask(3, .retry)])
    #expect(
      try bench.send(.answered(2, .retry(nil))).entries == [
        .answered(2, .retry(nil)), .failed(2), .failing(.node(2)), .failed(3), .unwinding,
        .ended(.compensated),
      ])
    #expect(try bench.send(.answered(3, .retry(.zero))) == .nothing)
  }

  @Test func presumedStepCancelledBeforeItBeganAgain_isUnknown() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable)))
    try bench.crashAndRecover()
    #expect(try bench.send(.cancel) == Told([.failing(.cancelled)], [.stop(1, 1)]))
    #expect(
      try bench.send(.neverStarted(1, 1))
        == Told([.attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
    #expect(bench.machine[1].effect == .unknown)
  }

  @Test func retryBehindAPresumedAttempt_isNotPresumed() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.crashAndRecover()
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.zero)), .cancel)
    #expect(try bench.send(.neverStarted(1, 2)).entries.first == .neverStarted(1, 2))
    #expect(bench.machine[1].forward == .failed)
  }

  @Test func stoppingStep_isCutAndAskedAbout() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.send(.timedOut(1, 1))
    #expect(try bench.crashAndRecover() == Told([.recovered, .attemptCut(1, 1)], [.ask(1, .retry)]))
    #expect(try bench.send(.answered(1, .retry(.zero))).actions == [.run(1, 2)])
  }

  @Test func backoff_keepsItsDueTime() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(8))))
    bench.wait(3)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.sleep(1, until: .second(8))]))
  }

  @Test func undo_goesOnWhereItWas() throws {
    let traits: PlanNode.Traits = [.undoesCompleted, .retriesUndo]
    var bench = try Bench(running: .sketch(step("a", traits), step("b", traits), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(2, 1)]))
    try bench.send(.undoTimedOut(2, 1))
    #expect(
      try bench.crashAndRecover() == Told([.recovered, .undoAttemptFailed(2, 1)], [.ask(2, .undoRetry)]))
    try bench.send(.answered(2, .retry(.seconds(4))))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.sleepUndo(2, until: .second(4))]))
    bench.wait(4)
    try bench.send(.undoRetryDue(2), .undoReturned(2, 2))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(1, 1)]))
    #expect(bench.undoOrder == ["b", "a"])
  }

  @Test func undoThatReturnedOnce_isDoneWhenTheNewerAttemptIsCutOff() throws {
    var bench = try Bench(running: .sketch(step("a", [.undoesCompleted, .retriesUndo]), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false))
    try bench.send(.undoTimedOut(1, 1), .undoGraceOver(1, 1), .answered(1, .retry(.zero)))
    try bench.send(.undoReturned(1, 1), .undoTimedOut(1, 2))
    #expect(try bench.crashAndRecover().entries == [.recovered, .undone(1, 2), .ended(.compensated)])
  }

  @Test func settledUndo_neverRunsAgain() throws {
    let plan = SagaPlan.sketch(step("a", .undoesCompleted), step("b", .undoesCompleted), step("c"))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false), .undoReturned(2, 1))
    try bench.send(.undoThrew(1, 1, impossible: false))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.settle(.stuck)]))
  }

  @Test func endedSaga_isNotRecovered() throws {
    var bench = try Bench(running: .sketch(step("a")))
    try bench.send(.returned(1, 1), .answered(2, .output))
    #expect(try bench.crashAndRecover() == .nothing)
  }

  @Test func recoveringTwice_isHarmless() throws {
    var bench = try Bench(running: .sketch(step("a", .retries), step("b")))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1), .answered(1, .retry(.zero)))
    try bench.crashAndRecover()
    #expect(try bench.crashAndRecover() == Told([.recovered], [.run(1, 2)]))
    #expect(bench.machine.recoveries == 2)
  }
}
