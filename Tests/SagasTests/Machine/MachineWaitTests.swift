@testable import Sagas
import Testing

/// Waits, sleeps and guarded sequences from their beginning to their end, on the machine alone.
@Suite struct MachineWaitTests {
  @Test func wait_whenReached_listensAndHasItsLimit() throws {
    var bench = Bench(.sketch(wait("a", timeout: .seconds(5)), step("b")))
    #expect(
      try bench.send(.create, .admit)
        == Told(
          [.created, .admitted, .waiting(1)], [.listen(1), .sleep(1, until: .second(5))]))
    #expect(bench.machine.status == .waiting)
    #expect(bench.machine.status(of: 1) == .waiting)
    #expect(bench.machine[1].startedAt == .second(0))
  }

  @Test func wait_withoutALimit_hasNone() throws {
    var bench = Bench(.sketch(wait("a")))
    #expect(try bench.send(.create, .admit).actions == [.listen(1)])
    #expect(try bench.send(.elapsed(1)) == .nothing)
  }

  @Test func sleep_whenReached_doesNotListen() throws {
    var bench = Bench(.sketch(sleep("a", .seconds(5)), step("b")))
    #expect(try bench.send(.create, .admit).actions == [.sleep(1, until: .second(5))])
    #expect(bench.machine.status == .waiting)
    bench.wait(5)
    #expect(try bench.send(.elapsed(1)) == Told([.elapsed(1), .started(2, 1)], [.run(2, 1)]))
    #expect(bench.machine[1].order == 1)
    #expect(bench.machine[1].endedAt == .second(5))
    #expect(bench.machine.status == .running)
  }

  @Test func alternativeThatTheNodeDoesNotHave_isNothing() throws {
    var bench = try Bench(running: .sketch(wait("a", alternatives: 2), step("b")))
    #expect(try bench.send(.delivered(1, alternative: 2)) == .nothing)
    #expect(
      try bench.send(.delivered(1, alternative: 1)).entries == [
        .delivered(1, alternative: 1), .started(2, 1),
      ])
  }

  @Test func saga_isWaiting_onlyWhileNothingRunsBesideIt() throws {
    var bench = try Bench(running: .sketch(parallel(wait("a"), step("b")), step("c")))
    #expect(bench.machine.status == .running)
    try bench.send(.returned(3, 1))
    #expect(bench.machine.status == .waiting)
    #expect(
      try bench.send(.delivered(2, alternative: 0))
        == Told([.delivered(2, alternative: 0), .joined(1), .started(4, 1)], [.unlisten(2), .run(4, 1)]))
  }

  @Test func keyThatCannotBeRead_besideAnotherQuestion_failsOnce() throws {
    var bench = try Bench(running: .sketch(parallel(wait("a", .asksKey), wait("b"), wait("c", .asksKey))))
    #expect(bench.entries == [.created, .admitted, .waiting(3)])
    #expect(
      try bench.send(.answered(2, .failure))
        == Told(
          [.answered(2, .failure), .failing(.node(2)), .unwinding, .ended(.compensated)],
          [.unlisten(3), .settle(.compensated)]))
    #expect(try bench.send(.answered(4, .key)) == .nothing)
    #expect(bench.machine.status(of: 3) == .blocked)
    #expect(bench.machine.waits == 0)
  }

  @Test(arguments: [Event.cancel, .cancel(compensating: false), .sagaTimedOut])
  func waits_endAtOnce_whenTheSagaDoesNotGoOn(_ event: Event) throws {
    var bench = try Bench(
      running: .sketch(
        timeout: .seconds(7), guarded([], parallel(wait("a", timeout: .seconds(9)), sleep("b", .seconds(9)))))
    )
    bench.wait(7)
    let told = try bench.send(event)
    #expect(Array(told.actions.prefix(3)) == [.unlisten(1), .unlisten(3), .unlisten(4)])
    #expect(bench.machine.phase.isTerminal)
    #expect([3, 4].allSatisfy { bench.machine.status(of: $0) == .blocked })
    #expect(
      try bench.send(.delivered(3, alternative: 0), .elapsed(4), .delivered(1, alternative: 0)) == .nothing)
  }

  @Test func siblingThatFails_endsTheWait_andIsNotHeldUpByIt() throws {
    var bench = try Bench(running: .sketch(parallel(wait("a"), step("b"))))
    #expect(
      try bench.send(.threw(3, 1, unknown: false))
        == Told(
          [
            .attemptFailed(3, 1, unknown: false), .failed(3), .failing(.node(3)), .unwinding,
            .ended(.compensated),
          ], [.unlisten(2), .settle(.compensated)]))
  }

  @Test func waitThatFails_undoesWhatWasDone_andNothingOfItself() throws {
    var bench = try Bench(
      running: .sketch(step("a", .undoesCompleted), wait("b", timeout: .seconds(3))))
    try bench.send(.returned(1, 1))
    bench.wait(3)
    #expect(
      try bench.send(.elapsed(2))
        == Told(
          [.elapsed(2), .failing(.node(2)), .unwinding, .undoStarted(1, 1)], [.unlisten(2), .undo(1, 1)]))
    #expect(bench.machine.status(of: 2) == .failed)
    #expect(!bench.machine.isUnresolved(2))
  }

  @Test func recover_whenWaiting_listensAgain_withTheSameLimit() throws {
    var bench = try Bench(
      running: .sketch(guarded([], parallel(wait("a", timeout: .seconds(9)), sleep("b", .seconds(5))))))
    bench.wait(6)
    #expect(
      try bench.crashAndRecover()
        == Told(
          [.recovered],
          [.listen(1), .listen(3), .sleep(3, until: .second(9)), .sleep(4, until: .second(5))]))
    #expect(try bench.send(.elapsed(4)).entries == [.elapsed(4)])
  }

  @Test func recover_whenHeld_doesNotListen() throws {
    var bench = try Bench(running: .sketch(wait("a", timeout: .seconds(9))))
    try bench.send(.suspend)
    #expect(try bench.crashAndRecover() == Told([.recovered], [.settle(.suspended)]))
    #expect(
      try bench.send(.resume)
        == Told([.resumed(from: nil)], [.listen(1), .sleep(1, until: .second(9))]))
  }

  @Test func recover_listensOnce_toWhatAToleratedFailureLeadsTo() throws {
    var bench = try Bench(running: .sketch(parallel(sequential(step("a", .optional), wait("b")), wait("c"))))
    try bench.send(.timedOut(3, 1))
    #expect(
      try bench.crashAndRecover()
        == Told([.recovered, .attemptCut(3, 1), .failed(3), .waiting(4)], [.listen(4), .listen(5)]))
  }

  // MARK: Held

  @Test func suspend_whenWaiting_stopsListening_andResumeListensAgainInOrder() throws {
    var bench = try Bench(
      running: .sketch(
        guarded([], parallel(wait("a", timeout: .seconds(9)), sleep("b", .seconds(5)), step("c")))))
    #expect(try bench.send(.suspend) == Told([.suspended], [.unlisten(1), .unlisten(3), .unlisten(4)]))
    #expect(bench.machine.status == .running)
    #expect(try bench.send(.returned(5, 1)) == Told([.completed(5, 1)], [.settle(.suspended)]))
    bench.wait(20)
    #expect(
      try bench.send(.delivered(1, alternative: 0), .delivered(3, alternative: 0), .elapsed(4)) == .nothing)
    #expect(bench.machine.status(of: 3) == .waiting)
    #expect(
      try bench.send(.resume)
        == Told(
          [.resumed(from: nil)],
          [.listen(1), .listen(3), .sleep(3, until: .second(9)), .sleep(4, until: .second(5))]))
  }

  @Test func waitReachedWhileHeld_beginsOnResume() throws {
    var bench = try Bench(running: .sketch(step("a"), guarded(.asksKey, wait("b")), wait("c")))
    try bench.send(.suspend)
    #expect(try bench.send(.returned(1, 1)) == Told([.completed(1, 1)], [.settle(.suspended)]))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil)], [.ask(2, .key)]))
    #expect(
      try bench.send(.answered(2, .key))
        == Told([.answered(2, .key), .waiting(3)], [.listen(2), .listen(3)]))
  }

  @Test func waitThatFailed_andHeldTheSaga_waitsAnew() throws {
    var bench = try Bench(
      running: .sketch(suspendsOnFailure: true, wait("a", .asksKey, timeout: .seconds(5)), step("b")))
    try bench.send(.answered(1, .key))
    bench.wait(5)
    #expect(
      try bench.send(.elapsed(1)) == Told([.elapsed(1), .suspended], [.unlisten(1), .settle(.suspended)]))
    bench.wait(5)
    #expect(try bench.send(.resume) == Told([.resumed(from: nil)], [.ask(1, .key)]))
    #expect(
      try bench.send(.answered(1, .key))
        == Told([.answered(1, .key)], [.listen(1), .sleep(1, until: .second(15))]))
    #expect(bench.machine[1].startedAt == .second(10))
    #expect(bench.machine[1].begun == 2)
  }

  @Test func abandonedSaga_leavesItsWaitsBlocked() throws {
    var bench = try Bench(running: .sketch(wait("a"), step("b")))
    #expect(try bench.send(.suspend) == Told([.suspended], [.unlisten(1), .settle(.suspended)]))
    #expect(try bench.send(.abandon) == Told([.ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.status(of: 1) == .blocked)
    #expect(bench.machine.status(of: 2) == .blocked)
    #expect(bench.machine.waits == 0)
  }

  @Test func compensate_whenAWaitHoldsTheSaga_hasItsFailureAsCause() throws {
    var bench = try Bench(
      running: .sketch(suspendsOnFailure: true, step("a", .undoesCompleted), wait("b", timeout: .seconds(5))))
    try bench.send(.returned(1, 1))
    bench.wait(5)
    try bench.send(.elapsed(2))
    #expect(
      try bench.send(.compensate)
        == Told([.failing(.node(2)), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
  }

  // MARK: Scopes

  @Test func scope_listensBeforeItsFirstPartBegins_andUntilTheLastHasSettled() throws {
    var bench = Bench(.sketch(guarded([], step("a"), wait("b")), step("c")))
    #expect(
      try bench.send(.create, .admit)
        == Told([.created, .admitted, .waiting(1), .started(2, 1)], [.listen(1), .run(2, 1)]))
    #expect(bench.machine.status == .running)
    #expect(try bench.send(.returned(2, 1)) == Told([.completed(2, 1), .waiting(3)], [.listen(3)]))
    #expect(
      try bench.send(.delivered(3, alternative: 0))
        == Told(
          [.delivered(3, alternative: 0), .started(4, 1)], [.unlisten(3), .unlisten(1), .run(4, 1)]))
    #expect(bench.machine[1].forward == .completed)
  }

  @Test func nestedScopes_endInnermostFirst() throws {
    var bench = try Bench(running: .sketch(parallel(guarded([], guarded([], step("a"))), step("b"))))
    #expect(try bench.send(.returned(4, 1)) == Told([.completed(4, 1)], [.unlisten(3), .unlisten(2)]))
    #expect(try bench.send(.returned(5, 1)).entries == [.completed(5, 1), .joined(1)])
  }

  @Test func eventOfAScope_stopsWhatIsInFlight_andEndsItsWaits() throws {
    var bench = try Bench(
      running: .sketch(
        guarded([], parallel(step("a", .undoesCompleted), wait("b"), guarded([], sleep("c", .seconds(3)))))))
    try bench.send(.delivered(1, alternative: 0))
    #expect(
      try bench.send(.answered(1, .failure))
        == Told(
          [.answered(1, .failure), .failing(.node(1))],
          [.unlisten(4), .unlisten(5), .unlisten(6), .stop(3, 1)]))
    #expect(
      try bench.send(.returned(3, 1))
        == Told([.completed(3, 1), .unwinding, .undoStarted(3, 1)], [.undo(3, 1)]))
  }

  @Test func scopeThatHeldTheSaga_goesOnWhereItWas_andListensAgain() throws {
    var bench = try Bench(
      running: .sketch(suspendsOnFailure: true, guarded([], step("a"), step("b")), step("c")))
    try bench.send(.delivered(1, alternative: 0))
    #expect(try bench.send(.answered(1, .failure)) == Told([.answered(1, .failure), .suspended]))
    #expect(bench.machine.firstFailure == 1)
    #expect(try bench.send(.returned(2, 1)) == Told([.completed(2, 1)], [.settle(.suspended)]))
    #expect(
      try bench.send(.resume) == Told([.resumed(from: nil), .started(3, 1)], [.listen(1), .run(3, 1)]))
    #expect(
      try bench.send(.returned(3, 1))
        == Told([.completed(3, 1), .started(4, 1)], [.unlisten(1), .run(4, 1)]))
  }

  @Test func scopeThatHeldTheSaga_andHasComeToItsEnd_isPassedOnResume() throws {
    var bench = try Bench(
      running: .sketch(suspendsOnFailure: true, guarded([], guarded([], step("a"))), step("b")))
    try bench.send(.delivered(2, alternative: 0), .answered(2, .failure), .returned(3, 1))
    #expect(bench.machine.firstFailure == 2, "the failure stands, whatever has settled since")
    #expect(bench.machine[2].forward == .failed)
    #expect(try bench.send(.delivered(2, alternative: 0)) == .nothing)
    #expect(try bench.send(.resume) == Told([.resumed(from: nil), .started(4, 1)], [.run(4, 1)]))
    #expect(bench.machine[1].forward == .completed)
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func scopeThatHeldTheSaga_asTheLastOfAGroup_joinsItOnResume() throws {
    var bench = try Bench(
      running: .sketch(
        suspendsOnFailure: true, guarded([], parallel(guarded([], step("a")), step("b"))), step("c")))
    try bench.send(.returned(5, 1), .delivered(3, alternative: 0), .answered(3, .failure))
    #expect(try bench.send(.returned(4, 1)) == Told([.completed(4, 1)], [.settle(.suspended)]))
    #expect(
      try bench.send(.resume)
        == Told([.resumed(from: nil), .joined(2), .started(6, 1)], [.run(6, 1)]))
  }

  @Test func scopeWhoseKeyCouldNotBeRead_isAskedAgainOnResume() throws {
    var bench = try Bench(running: .sketch(suspendsOnFailure: true, guarded(.asksKey, step("a"))))
    #expect(
      try bench.send(.answered(1, .failure))
        == Told([.answered(1, .failure), .suspended], [.settle(.suspended)]))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil)], [.ask(1, .key)]))
    #expect(try bench.send(.answered(1, .key)).entries == [.answered(1, .key), .started(2, 1)])
  }

  // MARK: Going on from somewhere

  @Test func resumeFrom_behindAWait_skipsIt_andBeforeIt_waitsAnew() throws {
    let plan = SagaPlan.sketch(wait("a", timeout: .seconds(9)), sleep("b", .seconds(5)), step("c"))
    var bench = try Bench(running: plan)
    try bench.send(.suspend)
    #expect(
      try bench.send(.resumeFrom(3)) == Told([.resumed(from: 3), .started(3, 1)], [.run(3, 1)]))
    #expect([1, 2].map { bench.machine.status(of: $0) } == [.skipped, .skipped])
    #expect(bench.machine.waits == 0)
    try bench.send(.suspend, .threw(3, 1, unknown: false))
    bench.wait(20)
    #expect(
      try bench.send(.resumeFrom(1))
        == Told([.resumed(from: 1), .waiting(1)], [.listen(1), .sleep(1, until: .second(29))]))
    #expect([2, 3].map { bench.machine.status(of: $0) } == [.pending, .pending])
    #expect(try bench.replayed() == bench.machine)
  }

  @Test func resumeFrom_withinAScopeThatIsUnderWay_leavesItUnderWay() throws {
    var bench = try Bench(
      running: .sketch(suspendsOnFailure: true, guarded(.asksKey, step("a"), step("b"), step("c"))))
    try bench.send(.answered(1, .key), .returned(2, 1), .delivered(1, alternative: 0))
    try bench.send(.answered(1, .failure), .returned(3, 1))
    #expect(
      try bench.send(.resumeFrom(3)) == Told([.resumed(from: 3), .started(3, 2)], [.listen(1), .run(3, 2)]))
  }

  @Test func resumeFrom_withinAScopeThatIsNot_asksForItsKey_andListensFirst() throws {
    let plan = SagaPlan.sketch(
      step("z"), guarded(.asksKey, step("a"), parallel(step("b"), step("c"))), step("d"))
    var bench = try Bench(running: plan)
    try bench.send(.suspend, .returned(1, 1))
    #expect(try bench.send(.resumeFrom(6)) == Told([.resumed(from: 6)], [.ask(2, .key)]))
    var failing = bench
    try failing.send(.answered(2, .failure))
    #expect(failing.machine.phase == .compensated)
    #expect(
      try bench.send(.answered(2, .key))
        == Told([.answered(2, .key), .started(5, 1), .started(6, 1)], [.listen(2), .run(5, 1), .run(6, 1)]))
    #expect(bench.machine.status(of: 3) == .skipped)
    try bench.send(.returned(5, 1))
    #expect(
      try bench.send(.returned(6, 1))
        == Told([.completed(6, 1), .joined(4), .started(7, 1)], [.unlisten(2), .run(7, 1)]))
  }

  @Test func scopeThatIsBegunAgain_andWhoseKeyCannotBeRead_isAskedAgain() throws {
    let plan = SagaPlan.sketch(suspendsOnFailure: true, guarded(.asksKey, step("a"), step("b")), step("c"))
    var bench = try Bench(running: plan)
    try bench.send(.answered(1, .key), .returned(2, 1), .returned(3, 1), .threw(4, 1, unknown: false))
    #expect(try bench.send(.resumeFrom(3)).actions == [.ask(1, .key)])
    try bench.send(.answered(1, .failure))
    #expect(try bench.send(.resume) == Told([.resumed(from: nil)], [.ask(1, .key)]))
    #expect(try bench.send(.answered(1, .key)).entries == [.answered(1, .key), .started(3, 2)])
  }

  // MARK: Behind the pivot

  @Test func waitBehindThePivot_thatFails_isAStepThatSomebodyDecidesAbout() throws {
    let plan = SagaPlan.sketch(pivot("p"), parallel(wait("a", timeout: .seconds(5)), wait("b")), step("c"))
    var bench = try Bench(running: plan)
    bench.wait(5)
    #expect(
      try bench.send(.elapsed(3))
        == Told([.elapsed(3), .suspended], [.unlisten(3), .unlisten(4), .settle(.stuck)]))
    #expect(bench.machine.status == .stuck)
    var skipping = bench
    #expect(
      try skipping.send(.skip(3))
        == Told([.stepSkipped(3), .resumed(from: nil)], [.listen(4)]))
    #expect(
      try bench.send(.resume)
        == Told(
          [.resumed(from: nil), .waiting(3)], [.listen(3), .sleep(3, until: .second(10)), .listen(4)]))
    try bench.send(.delivered(4, alternative: 0))
    #expect(
      try bench.send(.delivered(3, alternative: 0)).entries
        == [.delivered(3, alternative: 0), .joined(2), .started(5, 1)])
  }
}
