@testable import Sagas
import Testing

/// Promise 2: a failure, and what is in flight beside it.
@Suite struct MachineFailureTests {
  private static let undoable: PlanNode.Traits = [.undoesCompleted, .undoesUnknown]

  @Test func failure_asksAllSiblingsToStopAndAwaitsThem() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b"), step("c"))))
    #expect(
      try bench.send(.threw(2, 1, unknown: false))
        == Told(
          [.attemptFailed(2, 1, unknown: false), .failed(2), .failing(.node(2))], [.stop(3, 1), .stop(4, 1)]))
    #expect(try bench.send(.returned(3, 1)) == Told([.completed(3, 1)]))
    #expect(
      try bench.send(.graceOver(4, 1))
        == Told(
          [.attemptCut(4, 1), .failed(4), .unwinding, .ended(.compensated)], [.settle(.compensated)]))
  }

  @Test func stepStoppedForItsTimeout_isNotStoppedTwice() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b"))))
    try bench.send(.timedOut(2, 1))
    #expect(try bench.send(.cancel).actions == [.stop(3, 1)])
  }

  @Test func resultWithinTheGrace_makesTheEffectCompletedAndTheStepFailed() throws {
    var bench = try Bench(running: .sketch(step("a", [.undoesCompleted, .retries])))
    try bench.send(.timedOut(1, 1), .returned(1, 1))
    #expect(bench.machine[1].forward == .failed)
    #expect(bench.machine[1].effect == .completed)
    #expect(bench.undoOrder == ["a"])
  }

  @Test func resultBeforeItsUndoBegan_isUndoneAsCompleted() throws {
    var bench = try Bench(
      running: .sketch(parallel(step("a", Self.undoable), step("b", .undoesCompleted)), step("c")))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1))  // a is unknown, b closes
    #expect(bench.machine.phase == .closing)
    try bench.send(.returned(3, 1))
    #expect(bench.undoOrder == ["b"])
    #expect(try bench.send(.returned(2, 1)) == Told([.returnedLate(2, 1)]))
    #expect(bench.machine[2].effect == .completed)
    #expect(bench.machine.status(of: 2) == .failed)
    #expect(try bench.send(.undoReturned(3, 1)) == Told([.undone(3, 1), .undoStarted(2, 1)], [.undo(2, 1)]))
  }

  @Test func resultThatNoUndoTakes_leavesTheQueue() throws {
    var bench = try Bench(
      running: .sketch(parallel(step("a", .undoesUnknown), step("b", .undoesCompleted)), step("c")))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .returned(3, 1), .returned(2, 1))
    #expect(bench.machine[2].undo == .none)
    #expect(try bench.send(.undoReturned(3, 1)).entries == [.undone(3, 1), .ended(.compensated)])
  }

  @Test func resultAfterItsUndoBegan_isListedAndChangesNothingElse() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable)))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1))
    #expect(bench.undoOrder == ["a"])
    #expect(try bench.send(.returned(1, 1)) == Told([.lateResult(1, 1)]))
    #expect(bench.machine[1].effect == .unknown)
    try bench.send(.undoReturned(1, 1))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.status(of: 1) == .compensated)
    #expect(bench.machine.isUnresolved(1))
  }

  /// The undo of this step takes a completed effect only, and the order was fixed while the effect was unknown.
  @Test func resultWhileOthersAreUndone_isUndoneBehindThem() throws {
    var bench = try Bench(
      running: .sketch(parallel(step("a", .undoesCompleted), step("b", .undoesCompleted)), step("c")))
    try bench.send(.timedOut(2, 1), .graceOver(2, 1), .returned(3, 1))
    #expect(try bench.send(.returned(2, 1)) == Told([.returnedLate(2, 1)]))
    #expect(try bench.send(.undoReturned(3, 1)) == Told([.undone(3, 1), .undoStarted(2, 1)], [.undo(2, 1)]))
    try bench.send(.undoReturned(2, 1))
    #expect(bench.machine.status == .compensated)
    #expect(!bench.machine.isUnresolved(2))
  }

  @Test func timeoutThenDefiniteFailure_isUnknown() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .undoesUnknown])))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1), .answered(1, .retry(.zero)))
    try bench.send(.threw(1, 2, unknown: false), .answered(1, .retry(nil)))
    #expect(bench.machine[1].forward == .unknown)
    #expect(bench.undoOrder == ["a"])
  }

  @Test func stepAskedToStopThatThrows_isUnknown() throws {
    var bench = try Bench(running: .sketch(step("a"), step("b")))
    try bench.send(.cancel, .threw(1, 1, unknown: false))
    #expect(bench.machine[1].forward == .unknown)
  }

  @Test func firstFailure_isTheCause() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b"))))
    try bench.send(.threw(3, 1, unknown: false), .threw(2, 1, unknown: true))
    #expect(bench.machine.cause == .node(3))
  }

  @Test func toleratedFailure_letsTheSagaGoOn() throws {
    var bench = try Bench(running: .sketch(step("a", .optional), step("b")))
    #expect(
      try bench.send(.threw(1, 1, unknown: false))
        == Told([.attemptFailed(1, 1, unknown: false), .failed(1), .started(2, 1)], [.run(2, 1)]))
    try bench.send(.returned(2, 1), .answered(3, .output))
    #expect(bench.machine.status == .completed)
  }

  @Test func toleratedUnknownEffect_isListedAndUndoneIfTheSagaUnwinds() throws {
    for isUnwound in [false, true] {
      var bench = try Bench(running: .sketch(step("a", [.optional, .undoesUnknown]), step("b")))
      try bench.send(.threw(1, 1, unknown: true))
      if isUnwound {
        try bench.send(.threw(2, 1, unknown: false), .undoReturned(1, 1))
        #expect(bench.machine.status == .compensated)
        #expect(!bench.machine.isUnresolved(1))
      } else {
        try bench.send(.returned(2, 1), .answered(3, .output))
        #expect(bench.machine.status == .completed)
        #expect(bench.machine.isUnresolved(1))
      }
    }
  }

  @Test func failureWithNothingToUndo_endsCompensated() throws {
    var bench = try Bench(running: .sketch(step("a")))
    try bench.send(.threw(1, 1, unknown: false))
    #expect(bench.machine.status == .compensated)
    #expect(bench.undoOrder.isEmpty)
  }

  @Test func failureBesideAQuestionInTheSameRecord_makesItsAnswerStale() throws {
    let plan = SagaPlan.sketch(parallel(fail("stop"), choice("if", step("a"))))
    var bench = Bench(plan)
    let told = try bench.send(.create, .admit)
    #expect(told.actions == [.ask(plan["stop"], .failure), .ask(plan["if"], .branch)])
    try bench.send(.answered(plan["stop"], .failure))
    #expect(try bench.send(.answered(plan["if"], .branch(0))) == .nothing)
  }

  @Test func stepsNotReached_areBlocked() throws {
    var bench = try Bench(running: .sketch(step("a"), step("b", .anyUndo)))
    try bench.send(.threw(1, 1, unknown: false))
    #expect(bench.machine.status(of: 2) == .blocked)
    #expect(bench.undoOrder.isEmpty)
  }
}
