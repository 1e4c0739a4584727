@testable import Sagas
import Testing

/// Lines that a log cannot have where they stand, each refused for its own reason.
@Suite struct MachineLegalityTests {
  private static let undoable: PlanNode.Traits = [.undoesCompleted, .retriesUndo]

  private func refuses(_ entry: Entry, _ plan: SagaPlan, after script: [Event]) throws {
    var bench = Bench(plan)
    try bench.send(script)
    let before = bench.machine
    #expect(throws: IllegalEntry(entry: entry, position: before.entries)) {
      try bench.machine.apply(entry, at: .second(0))
    }
    #expect(bench.machine == before)
  }

  @Test func stepOfASequence_doesNotStartBeforeTheOneBeforeHasSettled() throws {
    try refuses(.started(2, 1), .sketch(step("a"), step("b")), after: [.create, .admit])
  }

  @Test func nestedStep_doesNotStartBeforeItsGroupIsReached() throws {
    let plan = SagaPlan.sketch(step("a"), parallel(step("b"), sequential(step("c"), step("d"))))
    try refuses(.started(3, 1), plan, after: [.create, .admit])
    try refuses(.started(5, 1), plan, after: [.create, .admit])
    try refuses(.started(6, 1), plan, after: [.create, .admit, .returned(1, 1)])
  }

  @Test func branch_doesNotStartBeforeItsChoice() throws {
    let plan = SagaPlan.sketch(choice("if", step("a"), step("b")))
    try refuses(.started(2, 1), plan, after: [.create, .admit])
    try refuses(.started(3, 1), plan, after: [.create, .admit, .answered(1, .branch(0))])
  }

  @Test func choice_isAnsweredWhenItIsReachedAndOnce() throws {
    let plan = SagaPlan.sketch(step("a"), choice("if", step("b"), step("c")))
    try refuses(.answered(2, .branch(0)), plan, after: [.create, .admit])
    try refuses(
      .answered(2, .branch(1)), plan, after: [.create, .admit, .returned(1, 1), .answered(2, .branch(0))])
  }

  @Test func nextStep_doesNotStartBeforeTheGroupHasJoined() throws {
    let plan = SagaPlan.sketch(parallel(step("a")), step("b"))
    var bench = try Bench(running: plan)
    try bench.machine.apply(.completed(2, 1), at: .second(0))
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.started(3, 1), at: .second(0)) }
    try bench.machine.apply(.joined(1), at: .second(0))
    try bench.machine.apply(.started(3, 1), at: .second(0))
  }

  @Test func output_isNotAnsweredWhileAStepRuns() throws {
    try refuses(.answered(2, .output), .sketch(step("a")), after: [.create, .admit])
  }

  @Test func toleratedFailure_doesNotFailTheSaga() throws {
    try refuses(
      .failing(.node(1)), .sketch(step("a", .optional), step("b")),
      after: [.create, .admit, .threw(1, 1, unknown: false)])
  }

  @Test func stepThatReturnedLate_isNotTriedAgain() throws {
    let plan = SagaPlan.sketch(step("a", .retries))
    var bench = try Bench(running: plan)
    try bench.send(.timedOut(1, 1))
    try bench.machine.apply(.returnedLate(1, 1), at: .second(0))
    #expect(throws: IllegalEntry.self) {
      try bench.machine.apply(.answered(1, .retry(.zero)), at: .second(0))
    }
  }

  @Test func undo_doesNotBeginOutOfItsTurn() throws {
    let plan = SagaPlan.sketch(step("a", Self.undoable), step("b", Self.undoable))
    let cancelled: [Event] = [.create, .admit, .returned(1, 1), .returned(2, 1)]
    var bench = try Bench(running: plan)
    try bench.send(Array(cancelled.dropFirst(2)))
    try bench.machine.apply(.failing(.cancelled), at: .second(0))
    try bench.machine.apply(.unwinding, at: .second(0))
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.undoStarted(1, 1), at: .second(0)) }
    try refuses(.undoStarted(1, 1), plan, after: cancelled + [.cancel])
  }

  @Test func undoInFlight_isNotDoneByAnEarlierAttempt() throws {
    let plan = SagaPlan.sketch(step("a", Self.undoable), step("b"))
    let second: [Event] = [
      .create, .admit, .returned(1, 1), .threw(2, 1, unknown: false), .undoTimedOut(1, 1),
      .undoGraceOver(1, 1), .answered(1, .retry(.zero)),
    ]
    try refuses(.undone(1, 1), plan, after: second)
    try refuses(.undoImpossible(1, 2), plan, after: second + [.undoReturned(1, 1)])
    try refuses(.undoAttemptFailed(1, 2), plan, after: second + [.undoReturned(1, 1)])
  }

  @Test func resultThatStillCounts_isNotALateOne() throws {
    let plan = SagaPlan.sketch(step("a", .undoesCompleted), step("b"))
    try refuses(.lateResult(1, 1), plan, after: [.create, .admit, .returned(1, 1)])
    try refuses(.lateResult(1, 1), plan, after: [.create, .admit])
  }

  @Test func linesOfConstructsThatNoPlanHas_areRefused() throws {
    for entry in [
      .resumed(from: nil), .parked, .pivoted(1), .stepSkipped(1), .waiting(1),
      .delivered(1, alternative: 0), .elapsed(1), .childEnded(1, .completed), .undoSkipped(1),
      .unwindResumed, .unwindExpired,
    ] as [Entry] {
      try refuses(entry, .sketch(step("a")), after: [.create, .admit])
    }
  }
}
