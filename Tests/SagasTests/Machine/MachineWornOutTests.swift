@testable import Sagas
import Testing

/// Promise 11: a saga that is recovered again and again without getting on.
@Suite struct MachineWornOutTests {
  private static let undoable: PlanNode.Traits = [.undoesCompleted, .undoesUnknown, .retriesUndo]

  /// What is counted, and what makes the count begin anew: a script, and how often it was recovered behind it.
  struct Count: Sendable, CustomTestStringConvertible {
    let condition: String
    var plan = SagaPlan.sketch(
      recoveryLimit: 3, step("a", MachineWornOutTests.undoable), step("b", MachineWornOutTests.undoable))
    let script: [Event]
    let expected: UInt16
    var isWornOut = false

    var testDescription: String { "recover_when\(condition)" }
  }

  private static let begun: [Event] = [.create, .admit]
  private static let thrice: [Event] = [.recover, .recover, .recover]

  private static let counts: [Count] = [
    Count(condition: "NotAdmitted", script: [.create] + thrice, expected: 0),
    Count(condition: "AStepRuns", script: begun + [.recover, .recover], expected: 2),
    Count(condition: "AStepRuns_andTheLimitIsReached", script: begun + thrice, expected: 3, isWornOut: true),
    Count(
      condition: "AStepRuns_andTheLimitIsPassedByHand", script: begun + thrice + [.recover(byHand: true)],
      expected: 4, isWornOut: true),
    Count(
      condition: "AStepRuns_andNobodyLimitsIt", plan: .sketch(step("a")), script: begun + thrice, expected: 3),
    Count(
      condition: "NoneIsAllowed", plan: .sketch(recoveryLimit: 0, step("a")), script: begun, expected: 0,
      isWornOut: true),
    Count(
      condition: "AnAttemptWasStopping_andTheNextRuns", plan: .sketch(recoveryLimit: 1, step("a", .retries)),
      script: begun + [.timedOut(1, 1), .recover, .answered(1, .retry(.zero))], expected: 1, isWornOut: true),
    Count(
      condition: "AnAttemptThrew_andTheNextRuns", plan: .sketch(recoveryLimit: 2, step("a", .retries)),
      script: begun + [
        .recover, .threw(1, 1, unknown: false), .answered(1, .retry(.zero)), .recover,
      ], expected: 2, isWornOut: true),
    Count(
      condition: "ABackoff_isNothingInFlight", plan: .sketch(recoveryLimit: 1, step("a", .retries)),
      script: begun + [.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(9)))] + thrice, expected: 0),
    Count(
      condition: "ItWaits", plan: .sketch(recoveryLimit: 1, wait("w"), step("a")), script: begun + thrice,
      expected: 0),
    Count(
      condition: "ItWaits_besideAStepThatRuns",
      plan: .sketch(recoveryLimit: 3, parallel(wait("w"), step("a"))), script: begun + thrice, expected: 3,
      isWornOut: true),
    Count(
      condition: "AnEventWasTakenSince", plan: .sketch(recoveryLimit: 3, parallel(wait("w"), step("a"))),
      script: begun + thrice + [.delivered(2, alternative: 0), .recover], expected: 1),
    Count(
      condition: "AStepHasCompletedSince", script: begun + thrice + [.returned(1, 1), .recover], expected: 1),
    Count(
      condition: "AStepHasFailedSince", plan: .sketch(recoveryLimit: 3, step("a", .optional), step("b")),
      script: begun + thrice + [.threw(1, 1, unknown: false), .recover], expected: 1),
    Count(
      condition: "ItWasCancelledSince", script: begun + [.returned(1, 1)] + thrice + [.cancel], expected: 0),
    Count(
      condition: "AnUndoRuns", script: begun + [.returned(1, 1), .threw(2, 1, unknown: false)] + thrice,
      expected: 3, isWornOut: true),
    Count(
      condition: "AnUndoHasSettledSince",
      plan: .sketch(recoveryLimit: 3, step("a", undoable), step("b", undoable), step("c")),
      script: begun + [.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false)] + thrice
        + [.undoReturned(2, 1), .recover], expected: 1),
    Count(
      condition: "ItIsStuck", plan: .sketch(recoveryLimit: 1, step("a", .undoesCompleted), step("b")),
      script: begun + [
        .returned(1, 1), .threw(2, 1, unknown: false), .undoThrew(1, 1, impossible: false),
      ] + thrice, expected: 0),
  ]

  @Test(arguments: counts)
  func count(_ row: Count) throws {
    var bench = Bench(row.plan)
    try bench.send(row.script)
    #expect(bench.machine.recoveries == row.expected && bench.machine.isWornOut == row.isWornOut)
    #expect(try bench.replayed() == bench.machine)
    let before = bench.machine
    let told = try bench.send(.recover)
    #expect((told == .nothing) == row.isWornOut && (bench.machine == before) == row.isWornOut)
    guard row.isWornOut else { return }
    // Somebody may, however often it was.
    #expect(try bench.send(.recover(byHand: true)).entries.first == .recovered)
  }

  // MARK: Ways out

  @Test func cancel_whenWornOut_runsNothing_andUndoesWhatIsUnknown() throws {
    var bench = try Bench(running: .sketch(recoveryLimit: 1, step("a", Self.undoable), step("b")))
    try bench.crashAndRecover()
    bench.machine = try bench.replayed()
    let told = try bench.send([.recover(byHand: true), .cancel])
    #expect(told == Told([.recovered, .failing(.cancelled)], [.run(1, 1), .stop(1, 1)]))
    #expect(
      try bench.send(.neverStarted(1, 1))
        == Told([.attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
  }

  @Test func giveUp_whenWornOut_endsItAsItIs() throws {
    var bench = try Bench(
      running: .sketch(recoveryLimit: 1, parallel(step("a", Self.undoable), step("b", .retries)), step("c")))
    try bench.send(.threw(3, 1, unknown: false), .answered(3, .retry(.seconds(60))))
    try bench.crashAndRecover()
    bench.machine = try bench.replayed()
    let told = try bench.send(.giveUp)
    #expect(
      told.entries == [
        .recovered, .failing(.cancelled, then: .stop), .failed(3), .attemptCut(2, 1), .failed(2),
        .ended(.failed),
      ])
    #expect(told.actions == [.stop(2, 1), .settle(.failed)])
    #expect(bench.machine.status(of: 2) == .unknown && bench.machine.isUnresolved(2))
    #expect(try bench.replayed() == bench.machine)
    #expect(try bench.send(.giveUp, .abandon) == .nothing)
  }

  @Test func giveUp_whenWornOutAndUnwinding_beginsNoOtherUndo() throws {
    var bench = try Bench(
      running: .sketch(recoveryLimit: 1, step("a", Self.undoable), step("b", Self.undoable), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    try bench.crashAndRecover()
    bench.machine = try bench.replayed()
    let told = try bench.send(.giveUp)
    #expect(
      told.entries == [
        .recovered, .unwindExpired, .undoTimedOut(2, 1), .undoAttemptFailed(2, 1), .undoFailed(2), .stuck,
        .ended(.failed),
      ])
    #expect(!told.actions.contains { if case .undo = $0 { true } else { false } })
    #expect(bench.machine.isUnresolved(1) && bench.machine.isUnresolved(2))
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func giveUp_whenWornOutWithAnImmediateUndo_endsBehindTheAnswers() throws {
    let plan = SagaPlan.sketch(
      recoveryLimit: 1, asksWaves: true, step("a", [.undoesCompleted, .undoesAtOnce]),
      step("b", Self.undoable),
      step("c"))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(1, 1)]))
    bench.machine = try bench.replayed()
    bench.waves = [["b"]]
    try bench.play(.giveUp, .abandon)
    #expect(
      bench.entries.suffix(4) == [.answered(.root, .waves), .unwinding, .stuck, .ended(.failed)])
    #expect(bench.machine.isUnresolved(1) && bench.machine.isUnresolved(2))
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func giveUp_whenNotWornOut_changesNothing() throws {
    var bench = try Bench(running: .sketch(recoveryLimit: 2, step("a")))
    try bench.crashAndRecover()
    #expect(try bench.send(.giveUp) == .nothing)
  }
}
