@testable import Sagas
import Testing

/// Promise 5: the ways out of stuck, and the time limit of the unwind that leads there.
@Suite struct MachineStuckTests {
  private static let done: PlanNode.Traits = [.undoesCompleted, .retriesUndo]

  /// `c` has failed for good, then `b`; `a` was undone.
  private func stuck(_ policy: CompensationFailurePolicy = .stuck) throws -> Bench {
    var bench = try Bench(
      running: .sketch(
        onCompensationFailure: policy, step("a", .undoesCompleted), step("b", .undoesCompleted),
        step("c", .undoesCompleted), step("d")))
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1), .threw(4, 1, unknown: false))
    try bench.send(.undoTimedOut(3, 1), .undoGraceOver(3, 1))
    try bench.send(.undoTimedOut(2, 1), .undoGraceOver(2, 1))
    try bench.send(.undoReturned(1, 1))
    return bench
  }

  // MARK: Ways out

  @Test func retry_runsWhatFailedAgainInItsPlaceAndNothingElse() throws {
    var bench = try stuck()
    #expect(
      try bench.send(.retryCompensation) == Told([.unwindResumed, .undoStarted(3, 2)], [.undo(3, 2)]))
    #expect(bench.machine.status == .compensating)
    #expect(try bench.send(.undoReturned(3, 2)).entries == [.undone(3, 2), .undoStarted(2, 2)])
    #expect(try bench.send(.undoReturned(2, 2)).entries == [.undone(2, 2), .ended(.compensated)])
  }

  @Test func retryThatFails_isStuckAgain() throws {
    var bench = try stuck()
    try bench.send(.retryCompensation, .undoThrew(3, 2, impossible: false))
    #expect(
      try bench.send(.undoReturned(2, 2)) == Told([.undone(2, 2), .stuck], [.settle(.stuck)]))
    #expect(try bench.send(.retryCompensation).actions == [.undo(3, 3)])
    try bench.send(.undoReturned(3, 3))
    #expect(bench.machine.status == .compensated)
  }

  @Test func retry_countsItsAttemptsAfresh() throws {
    var bench = try Bench(running: .sketch(step("a", Self.done), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false))
    try bench.send(.undoThrew(1, 1, impossible: false), .answered(1, .retry(.zero)))
    try bench.send(.undoThrew(1, 2, impossible: false), .answered(1, .retry(nil)))
    try bench.send(.retryCompensation)
    #expect(bench.machine[1].undoAttempts == 3 && bench.machine[1].undoBase == 2)
    #expect(try bench.send(.undoThrew(1, 3, impossible: false)).actions == [.ask(1, .undoRetry)])
    try bench.send(.answered(1, .retry(.zero)))
    #expect(bench.machine.unwind?.open == 1)
    try bench.send(.undoReturned(1, 4))
    #expect(bench.machine.status == .compensated)
  }

  @Test func skip_takesOneDecisionAndTheLastOneEndsTheSaga() throws {
    var bench = try stuck()
    #expect(try bench.send(.skipCompensation(1)) == .nothing)
    #expect(try bench.send(.skipCompensation(4)) == .nothing)
    #expect(try bench.send(.skipCompensation(3)) == Told([.undoSkipped(3)]))
    #expect(try bench.send(.skipCompensation(3)) == .nothing)
    #expect(bench.machine.status == .stuck)
    #expect(
      try bench.send(.skipCompensation(2))
        == Told([.undoSkipped(2), .ended(.compensated)], [.settle(.compensated)]))
    #expect(bench.machine.plan.all.filter { bench.machine.isUnresolved($0) } == [2, 3])
    #expect(bench.machine.status(of: 3) == .compensationFailed)
  }

  @Test func skippedStep_isNotTriedAgain() throws {
    var bench = try stuck()
    try bench.send(.skipCompensation(3))
    #expect(
      try bench.send(.retryCompensation) == Told([.unwindResumed, .undoStarted(2, 2)], [.undo(2, 2)]))
    try bench.send(.undoReturned(2, 2))
    #expect(bench.machine.status == .compensated && bench.machine.isUnresolved(3))
  }

  @Test func abandon_endsFailedAndListsWhatStands() throws {
    var bench = try stuck()
    #expect(try bench.send(.abandon) == Told([.ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.plan.all.filter { bench.machine.isUnresolved($0) } == [2, 3])
    #expect(try bench.send(.undoReturned(3, 1)) == .nothing)
    #expect(try bench.send(.retryCompensation, .skipCompensation(3), .abandon) == .nothing)
    #expect(try bench.crashAndRecover() == .nothing)
  }

  @Test func verbs_areIgnoredUnlessItIsStuck() throws {
    let verbs: [Event] = [.retryCompensation, .skipCompensation(1), .abandon]
    var bench = Bench(.sketch(step("a", Self.done), step("b", .undoesCompleted)))
    for event in [
      .create, .admit, .returned(1, 1), .cancel, .returned(2, 1), .undoReturned(2, 1), .undoReturned(1, 1),
    ] as [Event] {
      try bench.send(event)
      for verb in verbs { #expect(try bench.send(verb) == .nothing) }
    }
    #expect(bench.machine.status == .compensated)
  }

  @Test func crashWhileStuckOrTryingAgain_goesOnWhereItWas() throws {
    var bench = try stuck()
    #expect(try bench.crashAndRecover() == Told([.recovered], [.settle(.stuck)]))
    try bench.send(.retryCompensation)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(3, 2)]))
    #expect(try bench.send(.undoReturned(3, 2)).actions == [.undo(2, 2)])
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(2, 2)]))
    try bench.send(.undoThrew(2, 2, impossible: false))
    try bench.crashAndRecover()
    try bench.send(.skipCompensation(2))
    #expect(bench.machine.status == .compensated)
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func undoOfAnEarlierAttempt_isDoneWhileItIsQueuedAgain() throws {
    var bench = try stuck()
    try bench.send(.retryCompensation)
    #expect(bench.machine[2].undo == .queued)
    #expect(try bench.send(.undoReturned(2, 1)) == Told([.undone(2, 1)]))
    #expect(try bench.send(.undoReturned(3, 2)).entries == [.undone(3, 2), .ended(.compensated)])
    #expect(bench.entries.count { $0 == .undoStarted(2, 2) } == 0)
  }

  @Test func undoThatHasNoNumberLeft_staysFailed() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false))
    bench.machine.rows[1].undoAttempts = .max
    try bench.send(.undoThrew(1, .max, impossible: false))
    #expect(try bench.send(.retryCompensation) == Told([.unwindResumed, .stuck], [.settle(.stuck)]))
    #expect(try bench.send(.skipCompensation(1)).entries.last == .ended(.compensated))
  }

  @Test func resultOfAStepWhoseUndoIsTriedAgain_isLate() throws {
    var bench = try Bench(
      running: .sketch(
        parallel(step("a", [.undoesUnknown, .optional]), step("b", .undoesCompleted)), step("c")))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .returned(3, 1), .threw(4, 1, unknown: false))
    try bench.send(.undoThrew(3, 1, impossible: false), .undoThrew(2, 1, impossible: false))
    try bench.send(.retryCompensation)
    #expect(bench.machine[2].undo == .queued)
    #expect(try bench.send(.returned(2, 1)) == Told([.lateResult(2, 1)]))
    #expect(try bench.unwind() == [["b"], ["a"]])
  }

  // MARK: The time limit of the unwind

  private static let limited = SagaPlan.sketch(
    unwindTimeout: .seconds(20), step("a", done), step("b", done), step("c", done), step("d"))

  private func undoing(_ plan: SagaPlan = limited) throws -> Bench {
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1))
    bench.wait(5)
    let told = try bench.send(.threw(4, 1, unknown: false))
    #expect(told.actions.first == .limitUnwind(until: .second(25)))
    return bench
  }

  @Test func limit_asksWhatRunsToStopAndLeavesTheRestQueued() throws {
    var bench = try undoing()
    bench.wait(20)
    #expect(
      try bench.send(.unwindTimedOut)
        == Told([.unwindExpired, .undoTimedOut(3, 1)], [.stopUndo(3, 1)]))
    #expect(
      try bench.send(.undoThrew(3, 1, impossible: false))
        == Told([.undoAttemptFailed(3, 1), .undoFailed(3), .stuck], [.settle(.stuck)]))
    #expect(bench.undoOrder == ["c"])
    #expect(bench.machine[1].undo == .queued && bench.machine[2].undo == .queued)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.settle(.stuck)]))
  }

  @Test func undoThatReturnsWithinItsGrace_isDoneAllTheSame() throws {
    var bench = try undoing()
    bench.wait(20)
    try bench.send(.unwindTimedOut)
    #expect(try bench.send(.undoReturned(3, 1)) == Told([.undone(3, 1), .stuck], [.settle(.stuck)]))
  }

  @Test func limitDuringTheLastUndo_doesNotMatterIfItReturns() throws {
    var bench = try undoing()
    try bench.send(.undoReturned(3, 1), .undoReturned(2, 1))
    bench.wait(20)
    try bench.send(.unwindTimedOut)
    #expect(
      try bench.send(.undoReturned(1, 1))
        == Told([.undone(1, 1), .ended(.compensated)], [.settle(.compensated)]))
  }

  @Test func limitDuringABackoff_endsIt() throws {
    var bench = try undoing()
    try bench.send(.undoThrew(3, 1, impossible: false), .answered(3, .retry(.seconds(60))))
    bench.wait(20)
    #expect(
      try bench.send(.unwindTimedOut)
        == Told([.unwindExpired, .undoFailed(3), .stuck], [.settle(.stuck)]))
    #expect(bench.machine[3].due == nil)
    bench.wait(60)
    #expect(try bench.send(.undoRetryDue(3)) == .nothing)
  }

  @Test func limit_isStuckUnderFinishToo() throws {
    var bench = try undoing(
      .sketch(
        onCompensationFailure: .finish, unwindTimeout: .seconds(20), step("a", Self.done),
        step("b", Self.done), step("c", Self.done), step("d")))
    bench.wait(20)
    try bench.send(.unwindTimedOut, .undoGraceOver(3, 1))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.retryCompensation).actions == [.limitUnwind(until: .second(45)), .undo(3, 2)])
    try bench.send(.undoThrew(3, 2, impossible: false), .answered(3, .retry(nil)))
    try bench.send(.undoReturned(2, 1))
    #expect(
      try bench.send(.undoReturned(1, 1)) == Told([.undone(1, 1), .ended(.failed)], [.settle(.failed)]))
  }

  @Test func retryAfterTheLimit_hasAsMuchTimeAgainAndGoesOnWithTheRest() throws {
    var bench = try undoing()
    bench.wait(20)
    try bench.send(.unwindTimedOut, .undoGraceOver(3, 1))
    bench.wait(100)
    #expect(
      try bench.send(.retryCompensation)
        == Told([.unwindResumed, .undoStarted(3, 2)], [.limitUnwind(until: .second(145)), .undo(3, 2)]))
    #expect(
      try bench.crashAndRecover() == Told([.recovered], [.limitUnwind(until: .second(145)), .undo(3, 2)]))
    #expect(try bench.unwind(crashing: true) == [["c"], ["b"], ["a"]])
    #expect(bench.machine.status == .compensated)
  }

  @Test func limitOfTheUnwindBefore_isPutOff() throws {
    var bench = try undoing(
      .sketch(
        unwindTimeout: .seconds(20), step("a"), step("b"), step("c", .undoesCompleted), step("d")))
    try bench.send(.undoThrew(3, 1, impossible: false))
    #expect(bench.machine.status == .stuck)
    bench.wait(10)
    try bench.send(.retryCompensation)
    bench.wait(10)
    #expect(try bench.send(.unwindTimedOut) == Told([], [.limitUnwind(until: .second(35))]))
    bench.wait(10)
    #expect(try bench.send(.unwindTimedOut).entries == [.unwindExpired, .undoTimedOut(3, 2)])
  }

  @Test func skipOfWhatIsQueued_leavesTheRestToDecide() throws {
    var bench = try undoing()
    bench.wait(20)
    try bench.send(.unwindTimedOut, .undoReturned(3, 1))
    #expect(try bench.send(.skipCompensation(2)) == Told([.undoSkipped(2)]))
    #expect(
      try bench.send(.skipCompensation(1))
        == Told([.undoSkipped(1), .ended(.compensated)], [.settle(.compensated)]))
    #expect(bench.machine.isUnresolved(1) && bench.machine.isUnresolved(2))
    #expect(!bench.machine.isUnresolved(3))
  }

  @Test func abandonAfterTheLimit_listsWhatIsQueued() throws {
    var bench = try undoing()
    bench.wait(20)
    try bench.send(.unwindTimedOut, .undoReturned(3, 1), .abandon)
    #expect(bench.machine.plan.all.filter { bench.machine.isUnresolved($0) } == [1, 2])
  }

  private static let closing = SagaPlan.sketch(
    unwindTimeout: .seconds(20), asksWaves: true, step("a", [.undoesCompleted, .undoesAtOnce]),
    step("b", .undoesCompleted),
    parallel(
      step("c"), step("d", [.undoesCompleted, .undoesAtOnce]), step("e", [.undoesCompleted, .asksStrategy])))

  @Test(arguments: [false, true])
  func limitWhileClosing_letsNothingMoreBegin(_ isCrashing: Bool) throws {
    var bench = try Bench(running: Self.closing)
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(4, 1, unknown: false))
    bench.wait(20)
    #expect(
      try bench.send(.unwindTimedOut)
        == Told([.unwindExpired, .undoTimedOut(1, 1)], [.stopUndo(1, 1)]))
    // What settles later is asked about, and is not undone.
    #expect(try bench.send(.returned(5, 1)) == Told([.completed(5, 1)]))
    #expect(try bench.send(.returned(6, 1)) == Told([.completed(6, 1)], [.ask(6, .verdict)]))
    #expect(try bench.send(.answered(6, .verdict(.now))) == Told([.answered(6, .verdict(.now))]))
    bench.waves = [["b", "d"]]
    if isCrashing {
      bench.machine = try bench.replayed()
      try bench.play(.recover)
    } else {
      try bench.play(.undoGraceOver(1, 1))
    }
    #expect(bench.machine.status == .stuck && bench.undoOrder == ["a"])
    #expect(bench.entries.last == .stuck)
    try bench.play(.retryCompensation)
    #expect(try bench.unwind(crashing: isCrashing) == [["d", "b"], ["e"], ["a"]])
    #expect(bench.machine.status == .compensated)
  }

  // MARK: Results that come while it is stuck

  private func expired(_ traits: PlanNode.Traits) throws -> Bench {
    var bench = try Bench(
      running: .sketch(
        unwindTimeout: .seconds(20), parallel(step("a", traits), step("b", .undoesCompleted)), step("c")))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .returned(3, 1))
    #expect(bench.undoOrder == ["b"])
    bench.wait(20)
    try bench.send(.unwindTimedOut)
    return bench
  }

  @Test func resultWhileStuck_isUndoneAsCompletedWhenItIsTriedAgain() throws {
    var bench = try expired([.undoesCompleted, .undoesUnknown])
    try bench.send(.undoReturned(3, 1))
    #expect(bench.machine.status == .stuck && bench.machine[2].undo == .queued)
    #expect(try bench.send(.returned(2, 1)) == Told([.returnedLate(2, 1)]))
    #expect(bench.machine[2].effect == .completed)
    try bench.send(.retryCompensation)
    #expect(try bench.unwind() == [["a"]])
    #expect(bench.machine.status == .compensated && !bench.machine.isUnresolved(2))
  }

  @Test func resultWhileStuckThatLeavesNothingToDecide_endsTheSaga() throws {
    var bench = try expired(.undoesUnknown)
    try bench.send(.undoReturned(3, 1))
    #expect(bench.machine.status == .stuck)
    #expect(
      try bench.send(.returned(2, 1))
        == Told([.returnedLate(2, 1), .ended(.compensated)], [.settle(.compensated)]))
  }

  @Test func resultWhileStuckThatNeedsAnUndo_isQueuedBehind() throws {
    var bench = try expired([.undoesCompleted, .asksStrategy])
    try bench.send(.undoThrew(3, 1, impossible: false))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.returned(2, 1)) == Told([.returnedLate(2, 1)], [.ask(2, .verdict)]))
    #expect(try bench.send(.answered(2, .verdict(.later))) == Told([.answered(2, .verdict(.later))]))
    #expect(try bench.send(.skipCompensation(3)) == Told([.undoSkipped(3)]))
    try bench.send(.retryCompensation)
    #expect(try bench.unwind() == [["a"]])
    #expect(bench.machine.status == .compensated)
  }
}
