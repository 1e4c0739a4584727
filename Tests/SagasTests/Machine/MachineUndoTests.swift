@testable import Sagas
import Testing

/// Promises 3 and 5: which steps are undone, what is left standing, and what becomes of an undo that fails.
@Suite struct MachineUndoTests {
  private func undoing(
    _ traits: PlanNode.Traits, _ policy: CompensationFailurePolicy = .stuck
  ) throws -> Bench {
    var bench = try Bench(
      running: .sketch(onCompensationFailure: policy, step("a", traits), step("b", traits), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    return bench
  }

  @Test func effectsThatHaveAnUndo_areUndoneAndNoOthers() throws {
    for (traits, isUndone) in [
      ([], [false, false, false]), (.undoesCompleted, [true, false, false]),
      (.undoesUnknown, [false, true, false]), (.undoesFailed, [false, false, true]),
      (.anyUndo, [true, true, true]),
    ] as [(PlanNode.Traits, [Bool])] {
      let effects: [Event] = [
        .returned(1, 1), .threw(1, 1, unknown: true), .threw(1, 1, unknown: false),
      ]
      for (effect, expected) in zip(effects, isUndone) {
        var bench = try Bench(running: .sketch(step("a", traits.union(.optional)), step("b")))
        try bench.send(effect, .threw(2, 1, unknown: false))
        #expect((bench.undoOrder == ["a"]) == expected, "\(effect) with \(traits)")
      }
    }
  }

  @Test func unknownEffectWithoutItsUndo_isListed() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted)))
    try bench.send(.threw(1, 1, unknown: true))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func unknownEffectOfAStepWithoutAnyUndo_isNotListed() throws {
    var bench = try Bench(running: .sketch(step("a")))
    try bench.send(.threw(1, 1, unknown: true))
    #expect(!bench.machine.isUnresolved(1))
  }

  @Test func impossibleUndo_isNotRetriedAndListedAndNotStuck() throws {
    var bench = try undoing([.undoesCompleted, .retriesUndo])
    let told = try bench.send(.undoThrew(2, 1, impossible: true))
    #expect(told == Told([.undoImpossible(2, 1), .undoStarted(1, 1)], [.undo(1, 1)]))
    try bench.send(.undoReturned(1, 1))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.status(of: 2) == .compensationFailed)
    #expect(bench.machine.isUnresolved(2) && !bench.machine.isUnresolved(1))
  }

  @Test func undo_isRetriedWithItsOwnNumbers() throws {
    var bench = try undoing([.undoesCompleted, .retriesUndo, .retries])
    try bench.send(.undoThrew(2, 1, impossible: false), .answered(2, .retry(.seconds(1))))
    bench.wait(1)
    #expect(try bench.send(.undoRetryDue(2)) == Told([.undoStarted(2, 2)], [.undo(2, 2)]))
    #expect(bench.machine[2].attempts == 1)
  }

  @Test func undoRetryThatIsDueAtOnce_begins() throws {
    var bench = try undoing([.undoesCompleted, .retriesUndo])
    try bench.send(.undoThrew(2, 1, impossible: false))
    #expect(
      try bench.send(.answered(2, .retry(.zero)))
        == Told([.answered(2, .retry(.zero)), .undoStarted(2, 2)], [.undo(2, 2)]))
  }

  @Test func exhaustedUndo_leavesTheSagaStuckAfterTheRestRan() throws {
    var bench = try undoing([.undoesCompleted])
    #expect(
      try bench.send(.undoThrew(2, 1, impossible: false))
        == Told([.undoAttemptFailed(2, 1), .undoFailed(2), .undoStarted(1, 1)], [.undo(1, 1)]))
    #expect(try bench.send(.undoReturned(1, 1)) == Told([.undone(1, 1), .stuck], [.settle(.stuck)]))
    #expect(bench.machine.isUnresolved(2))
  }

  @Test func exhaustedUndo_underFinishEndsFailedAfterTheRestRan() throws {
    var bench = try undoing([.undoesCompleted], .finish)
    try bench.send(.undoThrew(2, 1, impossible: false))
    #expect(
      try bench.send(.undoReturned(1, 1)) == Told([.undone(1, 1), .ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.isUnresolved(2))
    #expect(try bench.send(.undoReturned(2, 1)) == .nothing)
  }

  @Test func lateUndoSuccess_settlesAStuckSaga() throws {
    var bench = try undoing([.undoesCompleted])
    try bench.send(.undoTimedOut(2, 1), .undoGraceOver(2, 1), .undoReturned(1, 1))
    #expect(bench.machine.status == .stuck)
    #expect(
      try bench.send(.undoReturned(2, 1))
        == Told([.undone(2, 1), .ended(.compensated)], [.settle(.compensated)]))
  }

  @Test func lateUndoSuccess_ofOneOfTwoLeavesTheSagaStuck() throws {
    var bench = try undoing([.undoesCompleted])
    try bench.send(.undoTimedOut(2, 1), .undoGraceOver(2, 1), .undoThrew(1, 1, impossible: false))
    #expect(bench.machine.unwind?.failed == 2)
    #expect(try bench.send(.undoReturned(2, 1)) == Told([.undone(2, 1)]))
    #expect(bench.machine.status == .stuck)
  }

  @Test func lateUndoSuccess_duringBackoffEndsIt() throws {
    var bench = try undoing([.undoesCompleted, .retriesUndo])
    try bench.send(.undoTimedOut(2, 1), .undoGraceOver(2, 1), .answered(2, .retry(.seconds(9))))
    #expect(try bench.send(.undoReturned(2, 1)).entries == [.undone(2, 1), .undoStarted(1, 1)])
    #expect(try bench.send(.undoRetryDue(2)) == .nothing)
  }

  @Test func lateUndoSuccess_countsOnceTheNewerAttemptHasEnded() throws {
    var bench = try undoing([.undoesCompleted, .retriesUndo])
    try bench.send(.undoTimedOut(2, 1), .undoGraceOver(2, 1), .answered(2, .retry(.zero)))
    #expect(try bench.send(.undoReturned(2, 1)) == Told([.undoReturnedLate(2, 1)]))
    #expect(try bench.send(.undoThrew(2, 2, impossible: false)).entries.first == .undone(2, 2))
  }
}
