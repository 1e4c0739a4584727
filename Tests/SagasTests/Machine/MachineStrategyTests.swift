@testable import Sagas
import Testing

/// Promise 4: what is undone at once, what in its turn, what never; and that nobody is asked twice.
@Suite struct MachineStrategyTests {
  private static let atOnce: PlanNode.Traits = [.undoesCompleted, .undoesAtOnce]
  private static let asks: PlanNode.Traits = [.undoesCompleted, .asksStrategy]

  // MARK: At once

  @Test func failure_startsAllThatIsUndoneAtOnceTogether() throws {
    var bench = try Bench(
      running: .sketch(step("a", Self.atOnce), step("b", .undoesCompleted), step("c", Self.atOnce), step("d"))
    )
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1))
    #expect(
      try bench.send(.threw(4, 1, unknown: false))
        == Told(
          [
            .attemptFailed(4, 1, unknown: false), .failed(4), .failing(.node(4)), .undoStarted(3, 1),
            .undoStarted(1, 1),
          ], [.undo(3, 1), .undo(1, 1)]))
    #expect(bench.machine.phase == .closing && bench.machine.status == .compensating)
    #expect(try bench.send(.undoReturned(1, 1)) == Told([.undone(1, 1)]))
    #expect(
      try bench.send(.undoReturned(3, 1))
        == Told([.undone(3, 1), .unwinding, .undoStarted(2, 1)], [.undo(2, 1)]))
    try bench.send(.undoReturned(2, 1))
    #expect(bench.machine.status == .compensated)
  }

  @Test func stepThatSettlesLater_isUndoneOnSettling() throws {
    var bench = try Bench(
      running: .sketch(
        parallel(step("a", Self.atOnce), step("b", [.undoesUnknown, .undoesAtOnce]), step("c"), step("d"))))
    #expect(try bench.send(.threw(4, 1, unknown: false)).actions == [.stop(2, 1), .stop(3, 1), .stop(5, 1)])
    #expect(
      try bench.send(.returned(2, 1)) == Told([.completed(2, 1), .undoStarted(2, 1)], [.undo(2, 1)]))
    #expect(
      try bench.send(.graceOver(3, 1))
        == Told([.attemptCut(3, 1), .failed(3), .undoStarted(3, 1)], [.undo(3, 1)]))
    #expect(try bench.send(.undoReturned(2, 1), .undoReturned(3, 1)) == Told([.undone(2, 1), .undone(3, 1)]))
    #expect(
      try bench.send(.returned(5, 1))
        == Told([.completed(5, 1), .unwinding, .ended(.compensated)], [.settle(.compensated)]))
  }

  @Test func stepWhoseOwnEffectIsUnknown_startsAtOnce() throws {
    var bench = try Bench(
      running: .sketch(parallel(step("a", [.undoesUnknown, .undoesAtOnce]), step("b", .undoesCompleted))))
    #expect(
      try bench.send(.threw(2, 1, unknown: true))
        == Told(
          [
            .attemptFailed(2, 1, unknown: true), .failed(2), .failing(.node(2)), .undoStarted(2, 1),
          ], [.stop(3, 1), .undo(2, 1)]))
  }

  @Test func toleratedFailure_undoesNothing() throws {
    var bench = try Bench(
      running: .sketch(
        step("a", Self.atOnce), step("b", [.undoesUnknown, .undoesAtOnce, .optional]), step("c", Self.asks),
        step("d")))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.threw(2, 1, unknown: true)).entries == [
        .attemptFailed(2, 1, unknown: true), .failed(2), .started(3, 1),
      ])
    try bench.send(.returned(3, 1))
    #expect(
      try bench.send(.threw(4, 1, unknown: false))
        == Told(
          [
            .attemptFailed(4, 1, unknown: false), .failed(4), .failing(.node(4)), .undoStarted(2, 1),
            .undoStarted(1, 1),
          ], [.ask(3, .verdict), .undo(2, 1), .undo(1, 1)]))
  }

  @Test func undoAtOnceThatFails_letsTheOrderRunAndLeavesTheSagaStuck() throws {
    var bench = try Bench(
      running: .sketch(step("a", .undoesCompleted), step("b", Self.atOnce.union(.retriesUndo)), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    try bench.send(.undoThrew(2, 1, impossible: false), .answered(2, .retry(.seconds(3))))
    #expect(bench.machine.phase == .closing)
    bench.wait(3)
    #expect(try bench.send(.undoRetryDue(2)) == Told([.undoStarted(2, 2)], [.undo(2, 2)]))
    try bench.send(.undoThrew(2, 2, impossible: false))
    #expect(
      try bench.send(.answered(2, .retry(nil))).entries == [
        .answered(2, .retry(nil)), .undoFailed(2), .unwinding, .undoStarted(1, 1),
      ])
    #expect(try bench.send(.undoReturned(1, 1)).entries == [.undone(1, 1), .stuck])
    #expect(
      try bench.send(.retryCompensation) == Told([.unwindResumed, .undoStarted(2, 3)], [.undo(2, 3)]))
    try bench.send(.undoReturned(2, 3))
    #expect(bench.machine.status == .compensated)
  }

  @Test func impossibleUndoAtOnce_leavesTheRest() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted), step("b", Self.atOnce), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    #expect(
      try bench.send(.undoThrew(2, 1, impossible: true)).entries == [
        .undoImpossible(2, 1), .unwinding, .undoStarted(1, 1),
      ])
    try bench.send(.undoReturned(1, 1))
    #expect(bench.machine.status == .compensated && bench.machine.isUnresolved(2))
  }

  @Test func lateUndoAtOnce_isCountedWhileTheSagaCloses() throws {
    var bench = try Bench(running: .sketch(step("a", Self.atOnce), parallel(step("b"), step("c"))))
    try bench.send(.returned(1, 1), .threw(3, 1, unknown: false), .undoTimedOut(1, 1), .undoGraceOver(1, 1))
    #expect(bench.machine[1].undo == .failed && bench.machine.unwind?.failed == 1)
    #expect(try bench.send(.undoReturned(1, 1)) == Told([.undone(1, 1)]))
    #expect(try bench.send(.returned(4, 1)).entries == [.completed(4, 1), .unwinding, .ended(.compensated)])
  }

  @Test func crash_goesOnWithWhatIsUndoneAtOnceAndStartsWhatItCuts() throws {
    var bench = try Bench(
      running: .sketch(
        step("a", Self.atOnce), step("b", Self.atOnce.union(.retriesUndo)), step("c", .undoesCompleted),
        parallel(step("d"), step("e", [.undoesUnknown, .undoesAtOnce]))))
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1), .threw(5, 1, unknown: false))
    try bench.send(.undoThrew(2, 1, impossible: false), .answered(2, .retry(.seconds(3))))
    #expect(
      try bench.crashAndRecover()
        == Told(
          [.recovered, .attemptCut(6, 1), .failed(6), .undoStarted(6, 1)],
          [.undo(6, 1), .undo(1, 1), .sleepUndo(2, until: .second(3))]))
    bench.wait(3)
    try bench.send(.undoRetryDue(2), .undoTimedOut(2, 2))
    #expect(
      try bench.crashAndRecover()
        == Told([.recovered, .undoAttemptFailed(2, 2)], [.undo(1, 1), .ask(2, .undoRetry), .undo(6, 1)]))
    try bench.send(.answered(2, .retry(.zero)), .undoReturned(2, 3), .undoReturned(6, 1))
    #expect(try bench.send(.undoReturned(1, 1)).entries == [.undone(1, 1), .unwinding, .undoStarted(3, 1)])
  }

  @Test func undoneAtOnceWhenACrashIsWhatFails_beginsOnce() throws {
    var bench = try Bench(running: .sketch(step("a", Self.atOnce), step("b")))
    try bench.send(.returned(1, 1), .timedOut(2, 1))
    #expect(
      try bench.crashAndRecover()
        == Told(
          [
            .recovered, .attemptCut(2, 1), .failed(2), .failing(.node(2)), .undoStarted(1, 1),
          ], [.undo(1, 1)]))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(1, 1)]))
  }

  // MARK: A strategy of one's own

  private static let three = SagaPlan.sketch(
    step("a", asks), step("b", asks), step("c", asks), step("d", .undoesCompleted), step("e"))

  private func asked() throws -> Bench {
    var bench = try Bench(running: Self.three)
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1), .returned(4, 1))
    #expect(
      try bench.send(.threw(5, 1, unknown: false)).actions == [
        .ask(3, .verdict), .ask(2, .verdict), .ask(1, .verdict),
      ])
    return bench
  }

  @Test func verdicts_areRecordedAndObeyed() throws {
    var bench = try asked()
    #expect(try bench.send(.answered(3, .verdict(.later))) == Told([.answered(3, .verdict(.later))]))
    #expect(
      try bench.send(.answered(2, .verdict(.now)))
        == Told([.answered(2, .verdict(.now)), .undoStarted(2, 1)], [.undo(2, 1)]))
    #expect(try bench.send(.answered(1, .verdict(.never))) == Told([.answered(1, .verdict(.never))]))
    #expect(try bench.unwind() == [["b"], ["d"], ["c"]])
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.status(of: 1) == .completed && !bench.machine.isUnresolved(1))
  }

  @Test func lastVerdict_letsTheUnwindBegin() throws {
    var bench = try asked()
    try bench.send(.answered(3, .verdict(.never)), .answered(2, .verdict(.never)))
    #expect(
      try bench.send(.answered(1, .verdict(.later)))
        == Told([.answered(1, .verdict(.later)), .unwinding, .undoStarted(4, 1)], [.undo(4, 1)]))
  }

  @Test func secondVerdict_isIgnored() throws {
    var bench = try asked()
    try bench.send(.answered(3, .verdict(.never)))
    #expect(try bench.send(.answered(3, .verdict(.now))) == .nothing)
    #expect(try bench.send(.answered(4, .verdict(.now))) == .nothing)
    #expect(try bench.send(.answered(2, .verdict(.open))) == .nothing)
  }

  @Test func verdicts_areNotAskedAgainAfterACrash() throws {
    var bench = try asked()
    try bench.send(
      .answered(3, .verdict(.later)), .answered(2, .verdict(.now)), .answered(1, .verdict(.never)))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(2, 1)]))
    try bench.send(.undoThrew(2, 1, impossible: false))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(4, 1)]))
    #expect(try bench.unwind(crashing: true) == [["d"], ["c"]])
    #expect(bench.machine.status == .stuck)
    try bench.send(.retryCompensation)
    #expect(try bench.unwind(crashing: true) == [["b"]])
    #expect(bench.machine.status == .compensated && bench.machine[1].undo == .none)
  }

  @Test func stepThatSettlesLater_isAskedAboutThen() throws {
    var bench = try Bench(running: .sketch(parallel(step("a", Self.asks), step("b", Self.asks), step("c"))))
    try bench.send(.threw(4, 1, unknown: false))
    #expect(try bench.send(.returned(2, 1)) == Told([.completed(2, 1)], [.ask(2, .verdict)]))
    #expect(try bench.send(.answered(2, .verdict(.now))).actions == [.undo(2, 1)])
    // The effect of b, unknown, has no undo: there is nothing to ask.
    #expect(try bench.send(.graceOver(3, 1)) == Told([.attemptCut(3, 1), .failed(3)]))
    #expect(try bench.send(.undoReturned(2, 1)).entries == [.undone(2, 1), .unwinding, .ended(.compensated)])
  }

  @Test func stepWithoutAnEffectThatIsUndone_isNotAskedAbout() throws {
    var bench = try Bench(
      running: .sketch(
        step("a", [.undoesUnknown, .asksStrategy]), step("b", Self.asks), step("c", Self.asks)))
    try bench.send(.returned(1, 1), .returned(2, 1))
    #expect(try bench.send(.threw(3, 1, unknown: false)).actions == [.ask(2, .verdict)])
  }

  @Test func verdictAboutAnUnknownEffect_standsWhenItTurnsOutCompleted() throws {
    var bench = try Bench(
      running: .sketch(
        parallel(step("a", [.undoesUnknown, .undoesCompleted, .asksStrategy]), step("b", .undoesCompleted))))
    try bench.send(.timedOut(2, 1))
    #expect(try bench.send(.graceOver(2, 1)).actions == [.stop(3, 1), .ask(2, .verdict)])
    try bench.send(.answered(2, .verdict(.later)))
    #expect(try bench.send(.returned(2, 1)) == Told([.returnedLate(2, 1)]))
    try bench.send(.returned(3, 1))
    #expect(try bench.unwind() == [["b"], ["a"]])
  }

  // MARK: Results that come late

  @Test func resultOfAStepThatIsUndoneAtOnceAlready_isLate() throws {
    var bench = try Bench(
      running: .sketch(
        parallel(
          step("a", [.undoesUnknown, .undoesCompleted, .undoesAtOnce, .optional]), step("b"), step("c"))))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .threw(3, 1, unknown: false))
    #expect(bench.undoOrder == ["a"])
    #expect(try bench.send(.returned(2, 1)) == Told([.lateResult(2, 1)]))
    #expect(bench.machine[2].effect == .unknown && bench.machine[2].forward == .unknown)
    try bench.send(.undoReturned(2, 1), .returned(4, 1))
    #expect(bench.machine.status == .compensated && bench.machine.isUnresolved(2))
  }

  @Test func lateResultWhileClosing_isUndoneAtOnceOrAskedAbout() throws {
    for traits in [Self.atOnce, Self.asks] {
      var bench = try Bench(
        running: .sketch(parallel(step("a", traits.union(.optional)), step("b"), step("c"))))
      try bench.send(.timedOut(2, 1), .graceOver(2, 1), .threw(3, 1, unknown: false))
      let told = try bench.send(.returned(2, 1))
      if traits == Self.atOnce {
        #expect(told == Told([.returnedLate(2, 1), .undoStarted(2, 1)], [.undo(2, 1)]))
      } else {
        #expect(told == Told([.returnedLate(2, 1)], [.ask(2, .verdict)]))
        #expect(try bench.send(.answered(2, .verdict(.now))).actions == [.undo(2, 1)])
      }
    }
  }

  private func unwinding(_ traits: PlanNode.Traits) throws -> Bench {
    var bench = try Bench(
      running: .sketch(
        step("a", .undoesCompleted), parallel(step("b", traits), step("c", .undoesCompleted))))
    bench.verdicts = ["b": .never]
    try bench.play(.returned(1, 1), .timedOut(3, 1), .graceOver(3, 1), .returned(4, 1))
    #expect(bench.machine.phase == .unwinding && bench.undoOrder == ["c"])
    return bench
  }

  @Test(arguments: [PlanNode.Traits.undoesCompleted, [.undoesCompleted, .undoesAtOnce]])
  func lateResultWhileUnwinding_isUndoneBehindTheOthers(_ traits: PlanNode.Traits) throws {
    var bench = try unwinding(traits)
    #expect(try bench.send(.returned(3, 1)) == Told([.returnedLate(3, 1)]))
    #expect(try bench.unwind(crashing: true) == [["c"], ["a"], ["b"]])
    #expect(bench.machine.status == .compensated && !bench.machine.isUnresolved(3))
  }

  @Test(arguments: [Verdict.now, .later, .never])
  func lateResultWhileUnwinding_isAskedAboutFirst(_ verdict: Verdict) throws {
    var bench = try unwinding(Self.asks)
    #expect(try bench.send(.returned(3, 1)) == Told([.returnedLate(3, 1)], [.ask(3, .verdict)]))
    #expect(try bench.send(.answered(3, .verdict(verdict))) == Told([.answered(3, .verdict(verdict))]))
    #expect(try bench.unwind() == [["c"], ["a"]] + (verdict == .never ? [] : [["b"]]))
    #expect(bench.machine.status == .compensated)
  }

  @Test func lateResultOfAStepThatIsLeft_isLate() throws {
    var bench = try unwinding([.undoesCompleted, .undoesUnknown, .asksStrategy])
    #expect(bench.machine[3].verdict == .never)
    #expect(try bench.send(.returned(3, 1)) == Told([.lateResult(3, 1)]))
    #expect(try bench.unwind() == [["c"], ["a"]])
    #expect(bench.machine.status == .compensated && bench.machine.isUnresolved(3))
  }

  @Test func severalLateResults_areUndoneOneByOneInTheOrderInWhichTheyCame() throws {
    var bench = try Bench(
      running: .sketch(
        asksWaves: true,
        parallel(
          step("a", [.undoesCompleted, .optional]), step("b", [.undoesCompleted, .optional]),
          step("c", .undoesCompleted), step("d"))))
    try bench.play(.timedOut(2, 1), .timedOut(3, 1), .graceOver(2, 1), .graceOver(3, 1), .returned(4, 1))
    bench.waves = [["c"]]
    try bench.play(.threw(5, 1, unknown: false))
    try bench.play(.returned(2, 1), .returned(3, 1))
    #expect(try bench.unwind() == [["c"], ["a"], ["b"]])
  }
}
