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

  @Test func goingOnFromSomewhere_isOnlyForWhatStandsStill_andForWhatCan() throws {
    let plan = SagaPlan.sketch(
      step("a", .undoesCompleted), choice("if", step("b"), step("c")), parallel(step("d"), step("e")))
    for entry in [.resumed(from: 3), .admitted, .suspended] as [Entry] {
      try refuses(entry, plan, after: [.create, .suspend])
    }
    for entry in [.resumed(from: 0), .resumed(from: 4), .resumed(from: 90)] as [Entry] {
      try refuses(entry, plan, after: [.create])
    }
    try refuses(.resumed(from: 5), plan, after: [.create, .admit])
    try refuses(.resumed(from: 5), plan, after: [.create, .admit, .suspend])
    let held: [Event] = [
      .create, .admit, .returned(1, 1), .answered(2, .branch(1)), .suspend, .returned(4, 1),
    ]
    for entry in [.resumed(from: 1), .resumed(from: 3), .resumed(from: .root)] as [Entry] {
      try refuses(entry, plan, after: held)
    }
    try refuses(.resumed(from: 5), plan, after: held + [.cancel])
    try refuses(.started(3, 1), plan, after: held + [.resumeFrom(2)])
    try refuses(.started(6, 1), plan, after: held + [.resumeFrom(7), .returned(6, 1)])
  }

  // MARK: Strategies, orders, limits

  private static let strategic = SagaPlan.sketch(
    unwindTimeout: .seconds(5), asksWaves: true, step("a", [.undoesCompleted, .undoesAtOnce]),
    step("b", [.undoesCompleted, .asksStrategy]), step("c", .undoesCompleted), step("d"))
  private static let failed: [Event] = [
    .create, .admit, .returned(1, 1), .returned(2, 1), .returned(3, 1), .threw(4, 1, unknown: false),
  ]
  private static let ordered: [Event] =
    failed + [.answered(2, .verdict(.never)), .undoReturned(1, 1), .answered(.root, .waves)]

  @Test func undoOutsideOfTheOrder_isThatOfAStepUndoneAtOnce() throws {
    try refuses(.undoStarted(3, 1), Self.strategic, after: Self.failed)
    try refuses(.undoStarted(2, 1), Self.strategic, after: Self.failed)
    try refuses(.undoStarted(2, 1), Self.strategic, after: Self.failed + [.answered(2, .verdict(.later))])
    try refuses(.undoStarted(1, 1), Self.strategic, after: Self.failed)
  }

  @Test func step_isNotUndoneAgainstItsVerdict() throws {
    try refuses(.undoStarted(2, 1), Self.strategic, after: Self.failed + [.answered(2, .verdict(.never))])
    try refuses(.undoStarted(2, 1), Self.strategic, after: Self.ordered)
  }

  @Test func verdict_isGivenOnceOfWhatIsUndone() throws {
    for script in [Self.failed + [.answered(2, .verdict(.later))], Self.ordered] {
      try refuses(.answered(2, .verdict(.now)), Self.strategic, after: script)
    }
    try refuses(.answered(2, .verdict(.open)), Self.strategic, after: Self.failed)
    try refuses(.answered(1, .verdict(.later)), Self.strategic, after: Self.failed)
    try refuses(.answered(4, .verdict(.later)), Self.strategic, after: Self.failed)
    try refuses(.answered(2, .verdict(.now)), Self.strategic, after: Array(Self.failed.dropLast()))
    try refuses(
      .answered(2, .verdict(.now)), Self.strategic,
      after: Self.failed.dropLast() + [.cancel(compensating: false)])
  }

  @Test func unwind_doesNotBeginBeforeStrategiesAndOrderAreAskedAndObeyed() throws {
    try refuses(.unwinding, Self.strategic, after: Self.failed)
    try refuses(.unwinding, Self.strategic, after: Self.failed + [.undoReturned(1, 1)])
    try refuses(.unwinding, Self.strategic, after: Self.failed + [.answered(2, .verdict(.later))])
    try refuses(
      .unwinding, Self.strategic, after: Self.failed + [.answered(2, .verdict(.later)), .undoReturned(1, 1)])
  }

  @Test func order_isAnsweredOnceWhenItIsTime() throws {
    let asked = Self.failed + [.undoReturned(1, 1), .answered(2, .verdict(.later))]
    try refuses(.answered(3, .wave(.max)), Self.strategic, after: asked)
    try refuses(.answered(1, .wave(0)), Self.strategic, after: asked)
    try refuses(.answered(3, .wave(1)), Self.strategic, after: asked + [.answered(3, .wave(0))])
    try refuses(.answered(3, .waves), Self.strategic, after: asked)
    for early in [Self.failed, Self.failed + [.undoReturned(1, 1)], Self.ordered] {
      try refuses(.answered(3, .wave(0)), Self.strategic, after: early)
      try refuses(.answered(.root, .waves), Self.strategic, after: early)
    }
    var bench = Bench(Self.strategic)
    try bench.send(asked)
    try bench.machine.apply(.answered(.root, .waves), at: .second(0))
    for entry in [.answered(.root, .waves), .answered(3, .wave(0))] as [Entry] {
      #expect(throws: IllegalEntry.self) { try bench.machine.apply(entry, at: .second(0)) }
    }
  }

  @Test func memberOfTheNextWave_doesNotBeginBeforeTheOneBeforeHasSettled() throws {
    let plan = SagaPlan.sketch(
      asksWaves: true, step("a", .undoesCompleted), step("b", .undoesCompleted), step("c", .undoesCompleted),
      step("d"))
    let waves: [Event] = [.answered(1, .wave(0)), .answered(2, .wave(0)), .answered(.root, .waves)]
    try refuses(.undoStarted(3, 1), plan, after: Self.failed + waves)
    try refuses(.undoStarted(3, 1), plan, after: Self.failed + waves + [.undoReturned(1, 1)])
  }

  @Test func nothingOfTheUnwind_beginsOnceItHasExpired() throws {
    var bench = Bench(
      .sketch(
        unwindTimeout: .seconds(5), step("a", Self.undoable), step("b", Self.undoable),
        step("c", Self.undoable),
        step("d")))
    try bench.send(Self.failed)
    try bench.machine.apply(.unwindExpired, at: .second(5))
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.unwindExpired, at: .second(5)) }
    try bench.machine.apply(.undoAttemptFailed(3, 1), at: .second(5))
    #expect(throws: IllegalEntry.self) {
      try bench.machine.apply(.answered(3, .retry(.zero)), at: .second(5))
    }
    try bench.machine.apply(.undoFailed(3), at: .second(5))
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.undoStarted(2, 1), at: .second(5)) }
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.ended(.failed), at: .second(5)) }
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.ended(.compensated), at: .second(5)) }
    try bench.machine.apply(.stuck, at: .second(5))
  }

  @Test func unwindWithoutALimit_doesNotExpire() throws {
    try refuses(.unwindExpired, .sketch(step("a"), step("b")), after: [.create, .admit, .cancel])
    try refuses(.unwindExpired, Self.strategic, after: [.create, .admit])
    try refuses(.unwindExpired, Self.strategic, after: [.create, .admit, .cancel(compensating: false)])
  }

  @Test func decisionsOfAPerson_areMadeWhileItIsStuck() throws {
    let plan = SagaPlan.sketch(
      step("a", .undoesCompleted), step("b", .undoesCompleted), step("c", .undoesCompleted), step("d"))
    for entry in [.undoSkipped(3), .undoSkipped(2), .unwindResumed, .stuck, .ended(.failed)] as [Entry] {
      try refuses(entry, plan, after: Self.failed)
    }
    let stuck: [Event] =
      Self.failed + [
        .undoReturned(3, 1), .undoThrew(2, 1, impossible: true), .undoThrew(1, 1, impossible: false),
      ]
    for entry in [.undoSkipped(2), .undoSkipped(3), .undoSkipped(4), .stuck, .ended(.compensated)] as [Entry]
    {
      try refuses(entry, plan, after: stuck)
    }
    try refuses(.undoStarted(1, 2), plan, after: stuck)
  }

  @Test func sagaThatStops_isNotUnwound() throws {
    let plan = SagaPlan.sketch(
      closing: .stop, asksWaves: true, step("a", [.undoesCompleted, .undoesAtOnce]), step("b"))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1))
    for entry in [.attemptFailed(2, 1, unknown: false), .failed(2), .failing(.node(2), then: .stop)]
      as [Entry]
    {
      try bench.machine.apply(entry, at: .second(0))
    }
    for entry in [
      .unwinding, .undoStarted(1, 1), .ended(.compensated), .answered(.root, .waves), .answered(1, .wave(0)),
    ] as [Entry] {
      #expect(throws: IllegalEntry.self) { try bench.machine.apply(entry, at: .second(0)) }
    }
    try bench.machine.apply(.ended(.failed), at: .second(0))
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

  // MARK: Waits

  @Test func wait_beginsOnceWhenItIsReached_byTheEntryOfItsKind() throws {
    let plan = SagaPlan.sketch(
      step("a"), wait("b", .asksKey), sleep("c", .seconds(1)), guarded([], step("d")))
    let reached: [Event] = [.create, .admit, .returned(1, 1)]
    try refuses(.answered(2, .key), plan, after: [.create, .admit])
    try refuses(.waiting(2), plan, after: reached)
    try refuses(.answered(2, .noFailure), plan, after: reached)
    try refuses(.answered(2, .key), plan, after: reached + [.answered(2, .key)])
    try refuses(.answered(2, .failure), plan, after: reached + [.answered(2, .key)])
    let asleep = reached + [.answered(2, .key), .delivered(2, alternative: 0)]
    for entry in [
      .waiting(3), .answered(3, .key), .answered(3, .failure), .answered(3, .noFailure),
      .delivered(3, alternative: 0), .waiting(4), .started(5, 1),
    ] as [Entry] {
      try refuses(entry, plan, after: asleep)
    }
  }

  @Test func partOfAScope_doesNotBeginBeforeItIsListenedFor() throws {
    let plan = SagaPlan.sketch(guarded(.asksKey, step("a")))
    try refuses(.started(2, 1), plan, after: [.create, .admit])
    var bench = try Bench(running: plan)
    try bench.send(.answered(1, .key), .delivered(1, alternative: 0))
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.answered(1, .noFailure), at: .second(0)) }
  }

  @Test func nothing_isTakenByWhatDoesNotWait() throws {
    let plan = SagaPlan.sketch(wait("a", alternatives: 2), step("b"))
    try refuses(.elapsed(1), plan, after: [.create, .admit])
    try refuses(.delivered(1, alternative: 2), plan, after: [.create, .admit])
    try refuses(.delivered(9, alternative: 0), plan, after: [.create, .admit])
    for script in [[.suspend], [.cancel], [.delivered(1, alternative: 1)]] as [[Event]] {
      try refuses(.delivered(1, alternative: 0), plan, after: [.create, .admit] + script)
    }
  }

  @Test func alternativeThatIsNotJudged_comesToNoAnswer() throws {
    let plan = SagaPlan.sketch(wait("a", timeout: .seconds(1)), step("b"))
    for answer in [.noFailure, .failure, .key] as [Answer] {
      try refuses(.answered(1, answer), plan, after: [.create, .admit, .delivered(1, alternative: 0)])
    }
  }
}
