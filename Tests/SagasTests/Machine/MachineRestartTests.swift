import Testing

@testable import Sagas

/// Promise 6 on the machine alone: going on from somewhere else.
@Suite struct MachineRestartTests {
  /// a; (b | c, d); e; f, without any undo; what else a test needs is added.
  private static func plan(_ undoable: String...) -> SagaPlan {
    func part(_ name: String) -> Sketch {
      step(name, undoable.contains(name) ? [.retries, .undoesCompleted, .undoesUnknown] : .retries)
    }
    return .sketch(part("a"), parallel(part("b"), sequential(part("c"), part("d"))), part("e"), part("f"))
  }

  /// Held when the last of these has returned, or thrown.
  private func held(_ plan: SagaPlan, _ returned: String, failing: String? = nil) throws -> Bench {
    var bench = try Bench(running: plan)
    let names = returned.split(separator: " ").map(String.init)
    for name in names.dropLast(failing == nil ? 1 : 0) { try bench.send(.returned(plan[name], 1)) }
    try bench.send(.suspend)
    if let failing {
      try bench.send(.threw(plan[failing], 1, unknown: false), .answered(plan[failing], .retry(nil)))
    } else if let last = names.last {
      try bench.send(.returned(plan[last], 1))
    }
    return bench
  }

  private func statuses(_ bench: Bench) -> String {
    ["a", "b", "c", "d", "e", "f"].map { "\($0) \(bench.machine.status(of: bench.plan[$0]))" }
      .joined(separator: ", ")
  }

  @Test func aLaterStep_skipsOverWhatHasNotSettled_andKeepsWhatHas() throws {
    var bench = try held(Self.plan("a", "b"), "a b", failing: "c")
    #expect(
      try bench.send(.resumeFrom(7)) == Told([.resumed(from: 7), .started(7, 1)], [.run(7, 1)]))
    #expect(
      statuses(bench) == "a completed, b completed, c skipped, d skipped, e running, f pending")
    #expect(bench.machine[2].forward == .completed, "the group counts as joined")
    try bench.crashAndRecover()
    try bench.play(.cancel, .returned(7, 1))
    #expect(try bench.unwind() == [["b"], ["a"]])
  }

  @Test func aStepInsideOfAGroup_isReached_besideTheOtherBranches() throws {
    var bench = try held(Self.plan(), "", failing: "a")
    #expect(
      try bench.send(.resumeFrom(6)).entries == [.resumed(from: 6), .started(3, 1), .started(6, 1)])
    #expect(statuses(bench) == "a skipped, b running, c skipped, d running, e pending, f pending")
    try bench.send(.returned(3, 1))
    #expect(try bench.send(.returned(6, 1)).entries == [.completed(6, 1), .joined(2), .started(7, 1)])
  }

  @Test func anEarlierStep_isRepeated_withAllThatIsBehindIt_underANewKey() throws {
    var bench = try held(Self.plan("a", "b"), "a b c d", failing: "e")
    #expect(
      try bench.send(.resumeFrom(5)).entries == [.resumed(from: 5), .started(5, 2)],
      "the branch beside it keeps what it has")
    #expect(statuses(bench) == "a completed, b completed, c running, d pending, e pending, f pending")
    let machine = bench.machine
    #expect([5, 6].map { machine.repetition(of: $0, 2) } == [2, 2])
    #expect(machine.repetition(of: 5, 1) == 1, "the attempt that completed had the first key")
    #expect(machine.repetition(of: 7, 2) == 1, "what had not completed keeps its key")
    #expect(machine[5].base == 1 && machine[7].base == 1, "retries begin anew")
    try bench.send(.returned(5, 2))
    #expect(try bench.send(.returned(6, 2)).entries == [.completed(6, 2), .joined(2), .started(7, 2)])
    try bench.crashAndRecover()
    try bench.send(.suspend, .returned(7, 2), .resumeFrom(7))
    #expect(bench.machine.repetition(of: 7, 3) == 2)
    #expect(bench.machine.repetition(of: 6, 2) == 2)
  }

  @Test func whatWouldHaveToBeUndone_isInTheWay() throws {
    let bench = try held(Self.plan("a", "b", "d"), "a b c d", failing: "e")
    #expect(bench.machine.obstacle(to: 1) == .effects([1, 3, 6]))
    #expect(bench.machine.obstacle(to: 2) == .effects([3, 6]), "the group is meant as a whole")
    #expect(bench.machine.obstacle(to: 5) == .effects([6]))
    #expect(bench.machine.obstacle(to: 3) == .effects([3]), "the other branch is beside it")
    #expect(bench.machine.obstacle(to: 7) == nil)
    var refused = bench
    #expect(try refused.send(.resumeFrom(5)) == .nothing)
  }

  @Test func anUnknownEffect_isInTheWay_whereItsInputMayChange_andBeginsAgainWhereItMayNot() throws {
    var bench = try held(Self.plan("e"), "a b c d")
    try bench.send(.resume, .suspend, .threw(7, 1, unknown: true), .answered(7, .retry(nil)))
    #expect(bench.machine.obstacle(to: 6) == .effects([7]))
    #expect(try bench.send(.resumeFrom(7)).entries == [.resumed(from: 7), .started(7, 2)])
    #expect(bench.machine[7].flags.contains(.doubtful), "what is unknown stays unknown until it returns")
  }

  @Test func whatRunsAtMostOnce_isInTheWay_onceItMayHaveTakenEffect() throws {
    var bench = try Bench(
      running: .sketch(step("a", .atMostOnce), parallel(step("b", .atMostOnce), step("c")), step("d")))
    try bench.send(
      .suspend, .returned(1, 1), .resume, .suspend, .returned(4, 1), .threw(3, 1, unknown: true))
    #expect(bench.machine.obstacle(to: 1) == .effects([1, 3]))
    #expect(bench.machine.obstacle(to: 3) == .effects([3]))
    #expect(bench.machine.obstacle(to: 4) == .effects([3]), "beside it, it would begin again")
    #expect(try bench.send(.resume) == .nothing)
    #expect(try bench.send(.resumeFrom(5)).entries == [.resumed(from: 5), .started(5, 1)])
    #expect(bench.machine.isUnresolved(3))
  }

  @Test func whatWasTriedAndSkippedOver_keepsItsEffect() throws {
    var bench = try held(Self.plan("e"), "a b c d")
    try bench.send(.resume, .suspend, .threw(7, 1, unknown: true), .answered(7, .retry(nil)))
    try bench.send(.resumeFrom(8))
    #expect(bench.machine.status(of: 7) == .skipped && bench.machine[7].effect == .unknown)
    #expect(bench.machine.isUnresolved(7))
    try bench.play(.cancel, .returned(8, 1))
    #expect(try bench.unwind() == [["e"]])
    #expect(bench.machine.status(of: 7) == .compensated && bench.machine.phase == .compensated)
  }

  @Test func aBackoffThatIsSkippedOver_orGoneBackTo_doesNotRestAnyMore() throws {
    var bench = try Bench(running: .sketch(step("a"), step("b", [.retries, .undoesFailed]), step("c")))
    try bench.send(
      .returned(1, 1), .threw(2, 1, unknown: false), .answered(2, .retry(.seconds(9))), .suspend)
    var ahead = bench
    try ahead.send(.resumeFrom(3))
    #expect(ahead.machine.resting == 0 && ahead.machine[2].effect == .failed)
    #expect(try ahead.send(.retryDue(2)) == .nothing)
    #expect(bench.machine.obstacle(to: 1) == nil, "nobody knows yet of a failure that has an undo")
    #expect(try bench.send(.resumeFrom(2)).entries == [.resumed(from: 2), .started(2, 2)])
  }

  @Test func aRepetitionThatNeverBegan_isBlocked_andNothingOfItIsUndone() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesUnknown), step("b")))
    try bench.send(.suspend, .returned(1, 1), .resumeFrom(1), .cancel)
    try bench.send(.neverStarted(1, 2))
    #expect(bench.machine.status(of: 1) == .blocked && bench.machine[1].effect == .none)
    #expect(bench.entries.suffix(2) == [.unwinding, .ended(.compensated)])
  }

  @Test func aChoiceBehind_isAskedAgain_oneBefore_keepsItsAnswer() throws {
    let plan = SagaPlan.sketch(
      step("a"), choice("if", step("b"), sequential(step("c"), step("d"))), step("e"))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1), .answered(2, .branch(1)), .suspend, .returned(5, 1))
    #expect(bench.machine.obstacle(to: 3) == .choice(2))
    var inside = bench
    #expect(try inside.send(.resumeFrom(6)).entries == [.resumed(from: 6), .started(6, 1)])
    try inside.send(.returned(6, 1))
    #expect(inside.machine[2].forward == .completed && inside.machine[7].forward == .running)
    var again = bench
    #expect(try again.send(.resumeFrom(2)) == Told([.resumed(from: 2)], [.ask(2, .branch)]))
    #expect(try again.send(.answered(2, .branch(0))).entries == [.answered(2, .branch(0)), .started(3, 1)])
    #expect(again.machine.status(of: 5) == .skipped)
    #expect(try bench.send(.resumeFrom(7)).entries == [.resumed(from: 7), .started(7, 1)])
    #expect(bench.machine.status(of: 6) == .skipped)
  }

  @Test func aJoinedGroup_isOpenAgain_andJoinsOnce() throws {
    var bench = try held(Self.plan(), "a b c d", failing: "e")
    try bench.send(.resumeFrom(3))
    #expect(bench.machine[2].forward == .pending && bench.machine[2].children == 1)
    #expect(try bench.send(.returned(3, 2)).entries == [.completed(3, 2), .joined(2), .started(7, 2)])
  }

  @Test func goingBackIntoWhatWasSkippedOver_leavesWhatIsBeside() throws {
    var bench = try Bench(running: Self.plan())
    try bench.send(.suspend, .returned(1, 1), .resumeFrom(7), .suspend)
    try bench.send(.returned(7, 1))
    #expect(try bench.send(.resumeFrom(3)).entries == [.resumed(from: 3), .started(3, 1)])
    #expect(try bench.send(.returned(3, 1)).entries == [.completed(3, 1), .joined(2), .started(7, 2)])
    #expect(statuses(bench) == "a completed, b completed, c skipped, d skipped, e running, f pending")
  }

  @Test func aFailureThatIsSkippedOver_isNoneAnyMore() throws {
    var bench = try Bench(running: .sketch(step("a"), choice("if", step("b")), fail("no"), step("c")))
    try bench.send(.suspend, .returned(1, 1), .resumeFrom(5))
    try bench.send(.suspend, .returned(5, 1))
    #expect(bench.machine[2].forward == .skipped && bench.machine[3].forward == .skipped)
    #expect(bench.machine[4].forward == .skipped && bench.machine.firstFailure == nil)
    #expect(try bench.send(.resume) == Told([.resumed(from: nil)], [.ask(6, .output)]))
  }

  /// What held the saga would go on first, and close the scope around it: that scope begins anew, and asks for its key.
  @Test func aFailedEffect_isInTheWay_whereAScopeAroundItBeginsAnew() throws {
    let plan = SagaPlan.sketch(
      suspendsOnFailure: true,
      guarded(.asksKey, step("a", [.optional, .undoesFailed]), guarded([], step("b"))))
    var bench = try Bench(running: plan)
    try bench.send(.answered(1, .key), .threw(2, 1, unknown: false))
    try bench.send(.delivered(3, alternative: 0), .answered(3, .failure), .returned(4, 1))
    #expect(bench.machine.status == .suspended)
    #expect(bench.machine.obstacle(to: 2) == .effects([2]))
    #expect(try bench.send(.resumeFrom(2)) == .nothing)
    #expect(
      try bench.send(.resumeFrom(4)) == Told([.resumed(from: 4)], [.ask(1, .key)]),
      "what has no undo is no obstacle")
  }

  @Test func theOutput_canBeWhereItGoesOn() throws {
    var bench = try held(Self.plan("a", "b"), "a b", failing: "c")
    #expect(try bench.send(.resumeFrom(9)) == Told([.resumed(from: 9)], [.ask(9, .output)]))
    try bench.send(.answered(9, .output))
    #expect(bench.machine.phase == .completed)
  }

  // MARK: The pivot

  private static let pivoted = SagaPlan(
    nodes: [
      PlanNode(kind: .sequential, end: 6, children: 5),
      PlanNode(kind: .step, parent: 0, next: 2, end: 2, children: 0),
      PlanNode(kind: .pivot, parent: 0, next: 3, end: 3, children: 0),
      PlanNode(kind: .step, parent: 0, next: 4, end: 4, children: 0),
      PlanNode(kind: .step, parent: 0, next: 5, end: 5, children: 0),
      PlanNode(kind: .output, parent: 0, end: 6, children: 0),
    ], names: ["", "a", "point", "b", "c", "output"])

  @Test func aStepBehindThePivot_passesIt_andThereIsNoWayBack() throws {
    var bench = try Bench(running: Self.pivoted)
    try bench.send(.suspend, .returned(1, 1))
    #expect(try bench.send(.resumeFrom(4)).entries == [.resumed(from: 4), .started(4, 1)])
    #expect(bench.machine.isPastPivot && bench.machine.status(of: 3) == .skipped)
    try bench.send(.suspend, .returned(4, 1))
    for target in [1, 2] as [NodeID] { #expect(bench.machine.obstacle(to: target) == .pivot) }
    #expect(try bench.send(.resumeFrom(1)) == .nothing)
    #expect(try bench.send(.resumeFrom(3)).entries == [.resumed(from: 3), .started(3, 1)])
    #expect(try bench.send(.cancel) == .nothing)
  }

  @Test func aSagaThatIsStuckBehindThePivot_doesNotGoOnFromElsewhere() throws {
    var bench = try Bench(running: Self.pivoted)
    try bench.send(.returned(1, 1), .threw(3, 1, unknown: false))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.resumeFrom(4)) == .nothing)
  }

  // MARK: Before it is admitted

  @Test func heldBeforeItWasAdmitted_goesOnFromAnywhere_onceItIs() throws {
    var bench = Bench(Self.plan())
    try bench.send(.create, .suspend)
    #expect(try bench.send(.resumeFrom(7)) == Told([.resumed(from: 7)]))
    #expect(bench.machine.status == .created)
    try bench.crashAndRecover()
    #expect(try bench.send(.admit) == Told([.admitted, .started(7, 1)], [.run(7, 1)]))
    #expect(statuses(bench) == "a skipped, b skipped, c skipped, d skipped, e running, f pending")
  }
}
