import Testing

@testable import Sagas

/// Promise 6 on the machine alone: what is held begins nothing, and goes on where it was.
@Suite struct MachineSuspendTests {
  private static let two = SagaPlan.sketch(step("a", [.retries, .undoesCompleted]), step("b"))

  @Test func suspend_whenNothingIsInFlight_standsStill() throws {
    var bench = try Bench(running: Self.two)
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(9))))
    #expect(try bench.send(.suspend) == Told([.suspended], [.settle(.suspended)]))
    #expect(bench.machine.status == .suspended)
    #expect(try bench.send(.suspend) == .nothing)
    #expect(try bench.send(.retryDue(1)) == .nothing)
  }

  @Test func returned_whenSuspended_beginsNothing_andStandsStill() throws {
    var bench = try Bench(running: Self.two)
    #expect(try bench.send(.suspend) == Told([.suspended]))
    #expect(bench.machine.status == .running)
    #expect(try bench.send(.returned(1, 1)) == Told([.completed(1, 1)], [.settle(.suspended)]))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(2, 1)], [.run(2, 1)]))
    #expect(try bench.send(.resume) == .nothing)
  }

  @Test func threw_whenSuspended_asksForItsRetry_andWaits() throws {
    var bench = try Bench(running: Self.two)
    try bench.send(.suspend)
    #expect(
      try bench.send(.threw(1, 1, unknown: false)).entries == [.attemptFailed(1, 1, unknown: false)])
    #expect(
      try bench.send(.answered(1, .retry(.zero)))
        == Told([.answered(1, .retry(.zero))], [.settle(.suspended)]))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(1, 2)], [.run(1, 2)]))
  }

  @Test func failed_whenSuspended_beginsAgainOnResume_withTheNextNumber() throws {
    var bench = try Bench(running: .sketch(step("a"), step("b")))
    try bench.send(.suspend)
    #expect(
      try bench.send(.threw(1, 1, unknown: true))
        == Told([.attemptFailed(1, 1, unknown: true), .failed(1)], [.settle(.suspended)]))
    #expect(bench.machine.status(of: 1) == .unknown)
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(1, 2)], [.run(1, 2)]))
    #expect(bench.machine[1].base == 1)
    #expect(bench.machine[1].flags.contains(.doubtful), "what the first attempt left open stays open")
  }

  @Test func lastOfAGroup_whenSuspended_joins_andResumeGoesOnBehindIt() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b")), step("c")))
    try bench.send(.returned(2, 1), .suspend)
    #expect(try bench.send(.returned(3, 1)) == Told([.completed(3, 1), .joined(1)], [.settle(.suspended)]))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(4, 1)], [.run(4, 1)]))
  }

  @Test func cancel_andCompensate_whenSuspended_unwind() throws {
    for (event, cause) in [(Event.cancel, Cause.cancelled), (.compensate, .cancelled)] {
      var bench = try Bench(running: Self.two)
      try bench.send(.suspend, .returned(1, 1))
      #expect(
        try bench.send(event) == Told([.failing(cause), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
    }
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted), step("b")))
    try bench.send(.returned(1, 1), .suspend, .threw(2, 1, unknown: false))
    #expect(
      try bench.send(.compensate)
        == Told([.failing(.node(2)), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
  }

  @Test func abandon_whenSuspended_ends_unlessSomethingIsInFlight() throws {
    var bench = try Bench(running: Self.two)
    try bench.send(.suspend)
    #expect(try bench.send(.abandon) == .nothing)
    try bench.send(.returned(1, 1))
    #expect(try bench.send(.abandon) == Told([.ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func skip_ofTheLastFailure_goesOn_andTellsNobodyThatItStandsStill() throws {
    let group = parallel(step("a"), step("b"))
    var bench = try Bench(running: .sketch(pivot("go"), group, step("c")))
    try bench.send(.threw(3, 1, unknown: false), .threw(4, 1, unknown: false))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.skip(3)) == Told([.stepSkipped(3)], [.settle(.stuck)]))
    #expect(
      try bench.send(.skip(4))
        == Told([.stepSkipped(4), .joined(2), .resumed(from: nil), .started(5, 1)], [.run(5, 1)]))
  }

  @Test func skip_ofADecision_leavesOutWhatIsInIt() throws {
    var bench = try Bench(running: .sketch(pivot("go"), choice("?", step("a")), step("b")))
    try bench.send(.answered(2, .failure))
    #expect(bench.machine.status == .stuck)
    try bench.send(.skip(2))
    #expect(bench.machine.status(of: 3) == .skipped && bench.machine[4].forward == .running)
  }

  @Test func skip_ofTheOutput_isRefused() throws {
    var bench = try Bench(running: .sketch(pivot("go"), step("a")))
    try bench.send(.returned(2, 1), .answered(3, .failure))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.skip(3)) == .nothing)
    #expect(try bench.send(.resume, .answered(3, .output)).actions.last == .settle(.completed))
  }

  @Test func recover_whenSuspended_saysThatItStandsStill_onlyOnceWhatItAsksIsAnswered() throws {
    var bench = try Bench(running: .sketch(pivot("go"), step("a", [.retries, .atMostOnce])))
    try bench.send(.suspend, .recover)
    #expect(bench.machine.status == .stuck)
    var other = try Bench(running: .sketch(pivot("go"), step("a", .retries, timeout: .seconds(1))))
    try other.send(.suspend, .timedOut(2, 1))
    #expect(try other.send(.recover) == Told([.recovered, .attemptCut(2, 1)], [.ask(2, .retry)]))
    #expect(
      try other.send(.answered(2, .retry(nil)))
        == Told([.answered(2, .retry(nil)), .failed(2)], [.settle(.stuck)]))
  }

  @Test func recover_whenSuspended_runsWhatWasInFlight_andSaysThatItStandsStill() throws {
    var bench = try Bench(running: Self.two)
    try bench.send(.suspend)
    #expect(try bench.send(.recover) == Told([.recovered], [.run(1, 1)]))
    try bench.send(.returned(1, 1))
    #expect(try bench.send(.recover) == Told([.recovered], [.settle(.suspended)]))
  }
}
