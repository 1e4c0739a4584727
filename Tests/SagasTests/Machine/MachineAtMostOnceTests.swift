@testable import Sagas
import Testing

/// Promise 11 on the machine alone: what may have taken effect, and may not twice, is not run again.
@Suite struct MachineAtMostOnceTests {
  private static let once: PlanNode.Traits = [.atMostOnce, .retries]
  private static let undoable: PlanNode.Traits = [.atMostOnce, .retries, .undoesUnknown]
  private static let endsBadly: [Entry] = [.failed(1), .failing(.node(1)), .unwinding, .ended(.compensated)]

  @Test func threw_isRetried() throws {
    var bench = try Bench(running: .sketch(step("a", Self.once)))
    #expect(
      try bench.send(.threw(1, 1, unknown: false))
        == Told([.attemptFailed(1, 1, unknown: false)], [.ask(1, .retry)]))
    #expect(
      try bench.send(.answered(1, .retry(.zero)))
        == Told([.answered(1, .retry(.zero)), .started(1, 2)], [.run(1, 2)]))
  }

  @Test(
    arguments: [
      ([.threw(1, 1, unknown: true)], [.attemptFailed(1, 1, unknown: true)]),
      ([.timedOut(1, 1), .graceOver(1, 1)], [.timedOut(1, 1), .attemptCut(1, 1)]),
      ([.timedOut(1, 1), .threw(1, 1, unknown: false)], [.timedOut(1, 1), .attemptCut(1, 1)]),
      ([.timedOut(1, 1), .returned(1, 1)], [.timedOut(1, 1), .returnedLate(1, 1)]),
    ] as [([Event], [Entry])])
  func attemptThatMayHaveTakenEffect_isTheLast(_ events: [Event], _ entries: [Entry]) throws {
    var bench = try Bench(running: .sketch(step("a", Self.once)))
    #expect(try bench.send(events).entries == entries + Self.endsBadly)
    #expect(bench.machine.status(of: 1) == (entries.last == .returnedLate(1, 1) ? .failed : .unknown))
  }

  @Test func unknown_behindADefiniteFailure_isTheLast() throws {
    var bench = try Bench(running: .sketch(step("a", Self.once)))
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.zero)))
    #expect(
      try bench.send(.threw(1, 2, unknown: true)).entries == [.attemptFailed(1, 2, unknown: true)]
        + Self.endsBadly)
  }

  @Test func recover_whenRunning_cutsIt_andItsUndoForTheUnknownApplies() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable)))
    #expect(
      try bench.crashAndRecover()
        == Told(
          [.recovered, .attemptCut(1, 1), .failed(1), .failing(.node(1)), .unwinding, .undoStarted(1, 1)],
          [.undo(1, 1)]))
    #expect(bench.machine[1].effect == .unknown)
    #expect(try bench.send(.undoReturned(1, 1)).entries == [.undone(1, 1), .ended(.compensated)])
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func recover_whenRunningWithoutSuchAnUndo_leavesItUnresolved() throws {
    var bench = try Bench(running: .sketch(step("a", [.atMostOnce, .undoesCompleted])))
    #expect(try bench.crashAndRecover().entries.last == .ended(.compensated))
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func recover_whenOptional_goesOnWithoutIt() throws {
    var bench = try Bench(running: .sketch(step("a", [.atMostOnce, .optional]), step("b")))
    #expect(
      try bench.crashAndRecover()
        == Told([.recovered, .attemptCut(1, 1), .failed(1), .started(2, 1)], [.run(2, 1)]))
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func recover_besideOthers_closesThem() throws {
    var bench = try Bench(running: .sketch(parallel(step("a", .atMostOnce), step("b"))))
    #expect(
      try bench.crashAndRecover().entries == [
        .recovered, .attemptCut(2, 1), .failed(2), .failing(.node(2)), .attemptCut(3, 1), .failed(3),
        .unwinding, .ended(.compensated),
      ])
  }

  @Test func recover_whileItWaitsForItsNextAttempt_goesOnWaiting() throws {
    var bench = try Bench(running: .sketch(step("a", Self.once)))
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(8))))
    #expect(try bench.crashAndRecover() == Told([.recovered], [.sleep(1, until: .second(8))]))
  }

  @Test func recover_whenSuspended_keepsItHeld() throws {
    var bench = try Bench(running: .sketch(step("a", .atMostOnce)))
    try bench.send(.suspend)
    #expect(
      try bench.crashAndRecover()
        == Told([.recovered, .attemptCut(1, 1), .failed(1)], [.settle(.suspended), .settle(.suspended)]))
    #expect(bench.machine.unrepeatable == [1])
  }

  // MARK: Held

  private static func held(_ traits: PlanNode.Traits, unknown: Bool = true) throws -> Bench {
    var bench = try Bench(running: .sketch(step("a", traits), step("b")))
    try bench.send(.suspend, .threw(1, 1, unknown: unknown))
    return bench
  }

  @Test func resume_whenItMayHaveTakenEffect_isRefused() throws {
    var bench = try Self.held(.atMostOnce)
    #expect(bench.machine.unrepeatable == [1])
    #expect(try bench.send(.resume) == .nothing)
    #expect(throws: IllegalEntry.self) { try bench.machine.apply(.resumed(from: nil), at: .second(0)) }
  }

  @Test func resume_whenItHasDoneNothing_runsItAgain() throws {
    var bench = try Self.held(.atMostOnce, unknown: false)
    #expect(bench.machine.unrepeatable == [])
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(1, 2)], [.run(1, 2)]))
  }

  @Test func resume_whenItIsTolerated_goesOn() throws {
    var bench = try Self.held([.atMostOnce, .optional])
    #expect(bench.machine.unrepeatable == [])
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(2, 1)], [.run(2, 1)]))
  }

  @Test func skip_whenItHoldsTheSaga_goesOn_andItsEffectIsUndoneWithTheRest() throws {
    var bench = try Self.held(Self.undoable.subtracting(.retries))
    #expect(
      try bench.send(.skip(1))
        == Told([.stepSkipped(1), .resumed(from: nil), .started(2, 1)], [.run(2, 1)]))
    #expect(bench.machine.status(of: 1) == .skipped)
    #expect(
      try bench.send(.threw(2, 1, unknown: false)).entries == [
        .attemptFailed(2, 1, unknown: false), .failed(2), .failing(.node(2)), .unwinding, .undoStarted(1, 1),
      ])
    #expect(try bench.crashAndRecover() == Told([.recovered], [.undo(1, 1)]))
  }

  @Test(arguments: [PlanNode.Traits.undoesAtOnce, .asksStrategy])
  func strategyOfWhatWasSkipped_isObeyed(_ strategy: PlanNode.Traits) throws {
    var bench = try Self.held([.atMostOnce, .undoesUnknown, strategy])
    try bench.send(.skip(1))
    bench.verdicts = ["a": .now]
    try bench.play(.cancel)
    #expect(bench.entries.contains(.undoStarted(1, 1)) && bench.machine.phase == .closing)
  }

  @Test func resultOfWhatWasSkipped_counts_untilItsUndoHasBegun() throws {
    var bench = try Bench(running: .sketch(step("a", [.atMostOnce, .undoesUnknown]), step("b")))
    try bench.send(.suspend, .timedOut(1, 1), .graceOver(1, 1), .skip(1))
    var undoing = bench
    #expect(bench.machine.isUnresolved(1))
    #expect(try bench.send(.returned(1, 1)) == Told([.returnedLate(1, 1)]))
    #expect(bench.machine.status(of: 1) == .skipped && bench.machine[1].effect == .completed)
    #expect(!bench.machine.isUnresolved(1), "what is known and has no undo is not left open")
    try undoing.send(.cancel, .returned(2, 1))
    #expect(try undoing.send(.returned(1, 1)) == Told([.lateResult(1, 1)]))
    #expect(undoing.machine.isUnresolved(1))
  }

  @Test func skip_whenNothingFailed_orSomethingIsInFlight_isRefused() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b"))))
    #expect(try bench.send(.skip(2)) == .nothing)
    try bench.send(.suspend)
    #expect(try bench.send(.skip(2)) == .nothing)
    try bench.send(.threw(2, 1, unknown: false))
    #expect(try bench.send(.skip(2)) == .nothing, "b is in flight")
    try bench.send(.returned(3, 1))
    #expect(try bench.send(.skip(3)) == .nothing)
    #expect(try bench.send(.skip(2)).entries.first == .stepSkipped(2))
  }

  // MARK: What a log may say

  @Test func cutOfWhatRuns_isForWhatWasPresumed_andRunsOnce() throws {
    var ordinary = try Bench(running: .sketch(step("a")))
    try ordinary.machine.apply(.recovered, at: .second(0))
    #expect(throws: IllegalEntry.self) { try ordinary.machine.apply(.attemptCut(1, 1), at: .second(0)) }
    var once = try Bench(running: .sketch(step("a", .atMostOnce)))
    #expect(throws: IllegalEntry.self) { try once.machine.apply(.attemptCut(1, 1), at: .second(0)) }
    try once.machine.apply(.recovered, at: .second(0))
    try once.machine.apply(.attemptCut(1, 1), at: .second(0))
  }

  @Test func retryOfWhatMayHaveTakenEffect_isNotGranted() throws {
    var bench = try Bench(running: .sketch(step("a", Self.once)))
    try bench.machine.apply(.attemptFailed(1, 1, unknown: true), at: .second(0))
    #expect(throws: IllegalEntry.self) {
      try bench.machine.apply(.answered(1, .retry(.zero)), at: .second(0))
    }
    try bench.machine.apply(.answered(1, .retry(nil)), at: .second(0))
  }
}
