@testable import Sagas
import Testing

/// Promise 9: attempts, their numbers and the time between them.
@Suite struct MachineRetryTests {
  @Test func attempts_areNumberedAndWaitForTheirTime() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.send(.threw(1, 1, unknown: false))
    #expect(
      try bench.send(.answered(1, .retry(.seconds(3))))
        == Told([.answered(1, .retry(.seconds(3)))], [.sleep(1, until: .second(3))]))
    #expect(bench.machine.status(of: 1) == .waiting && bench.machine.status == .waiting)
    bench.wait(2)
    #expect(try bench.send(.retryDue(1)) == Told([], [.sleep(1, until: .second(3))]))
    bench.wait(1)
    #expect(try bench.send(.retryDue(1)) == Told([.started(1, 2)], [.run(1, 2)]))
    #expect(try bench.send(.retryDue(1)) == .nothing)
  }

  @Test func retryWithoutDelay_beginsInTheSameRecord() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.send(.threw(1, 1, unknown: false))
    #expect(
      try bench.send(.answered(1, .retry(.zero)))
        == Told([.answered(1, .retry(.zero)), .started(1, 2)], [.run(1, 2)]))
  }

  @Test func stepWithoutPolicy_isNotAskedAbout() throws {
    var bench = try Bench(running: .sketch(step("a")))
    #expect(try bench.send(.threw(1, 1, unknown: false)).actions == [.settle(.compensated)])
  }

  @Test func timedOutAttempt_isRetriedOnlyAfterItsGrace() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    #expect(try bench.send(.timedOut(1, 1)) == Told([.timedOut(1, 1)], [.stop(1, 1)]))
    #expect(try bench.send(.graceOver(1, 1)) == Told([.attemptCut(1, 1)], [.ask(1, .retry)]))
  }

  @Test func resultOfAnEarlierAttempt_endsTheBackoff() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .optional, .undoesCompleted]), step("b")))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1), .answered(1, .retry(.seconds(5))))
    #expect(
      try bench.send(.returned(1, 1))
        == Told([.returnedLate(1, 1), .failed(1), .started(2, 1)], [.run(2, 1)]))
    #expect(bench.machine.resting == 0 && bench.machine[1].due == nil)
  }

  @Test func resultOfAnEarlierAttempt_isTheEndOfRetries() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .undoesCompleted])))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1), .answered(1, .retry(.zero)), .returned(1, 1))
    #expect(bench.machine[1].forward == .running)
    #expect(
      try bench.send(.threw(1, 2, unknown: false)).entries == [
        .attemptFailed(1, 2, unknown: false), .failed(1), .failing(.node(1)), .unwinding, .undoStarted(1, 1),
      ])
  }

  @Test func clockThatGoesBack_doesNotMoveTheDueTime() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    bench.wait(10)
    try bench.send(.timedOut(1, 1))
    bench.now = .second(4)
    try bench.send(.graceOver(1, 1))
    #expect(
      try bench.send(.answered(1, .retry(.seconds(1)))).actions == [.sleep(1, until: .second(11))])
    #expect(bench.machine.time == .second(10))
  }
}
