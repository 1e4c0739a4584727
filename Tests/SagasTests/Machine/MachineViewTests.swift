@testable import Sagas
import Testing

/// What a machine tells of itself: times, statuses and what is left standing.
@Suite struct MachineViewTests {
  @Test func startOfAStep_isThatOfItsFirstAttempt() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(5))))
    bench.wait(5)
    try bench.send(.retryDue(1))
    #expect(bench.machine[1].startedAt == .second(0))
    bench.wait(1)
    try bench.send(.returned(1, 2))
    #expect(bench.machine[1].endedAt == .second(6))
  }

  @Test func stepThatNeverBegan_hasNoStart() throws {
    var bench = try Bench(running: .sketch(step("a")))
    try bench.send(.cancel, .neverStarted(1, 1))
    #expect(bench.machine[1].startedAt == nil)
  }

  @Test func timesOfASaga_areThoseOfItsFirstAndLastDecision() throws {
    var bench = Bench(.sketch(step("a")))
    bench.wait(1)
    try bench.send(.create)
    bench.wait(1)
    try bench.send(.admit)
    bench.wait(1)
    try bench.send(.returned(1, 1), .answered(2, .output))
    #expect(bench.machine.startedAt == .second(1) && bench.machine.endedAt == .second(3))
  }

  @Test func doubtfulStep_isUnresolvedOnlyWhenItHasSettled() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .undoesCompleted])))
    try bench.send(.threw(1, 1, unknown: true), .answered(1, .retry(.seconds(5))))
    #expect(!bench.machine.isUnresolved(1))
    bench.wait(5)
    try bench.send(.retryDue(1))
    #expect(!bench.machine.isUnresolved(1))
    try bench.send(.threw(1, 2, unknown: false), .answered(1, .retry(nil)))
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func doubtfulStepThatCompletes_isNotUnresolved() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .optional, .undoesCompleted])))
    try bench.send(.threw(1, 1, unknown: true), .answered(1, .retry(.zero)), .returned(1, 2))
    #expect(bench.machine[1].effect == .completed && !bench.machine.isUnresolved(1))
  }

  @Test func undoDoneDuringItsBackoff_isDueNoMore() throws {
    var bench = try Bench(running: .sketch(step("a", [.undoesCompleted, .retriesUndo]), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false), .undoTimedOut(1, 1), .undoGraceOver(1, 1))
    try bench.send(.answered(1, .retry(.seconds(5))))
    #expect(bench.machine[1].due == .second(5))
    try bench.send(.undoReturned(1, 1))
    #expect(bench.machine[1].due == nil)
  }

  @Test func lateResultWhileGoingForward_putsTheStepAtTheEndOfTheOrder() throws {
    let traits: PlanNode.Traits = [.optional, .undoesCompleted, .undoesUnknown]
    var bench = try Bench(running: .sketch(step("a", traits), step("b", .undoesCompleted), step("c")))
    try bench.send(.timedOut(1, 1), .graceOver(1, 1), .returned(2, 1), .returned(1, 1))
    try bench.send(.threw(3, 1, unknown: false), .undoReturned(1, 1), .undoReturned(2, 1))
    #expect(bench.undoOrder == ["a", "b"])
  }

  @Test func stepLeftByItsStrategy_isNotUnresolved() throws {
    var bench = try Bench(running: .sketch(step("a", [.undoesCompleted, .asksStrategy]), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false), .answered(1, .verdict(.never)))
    #expect(bench.machine.status == .compensated && !bench.machine.isUnresolved(1))
    #expect(bench.machine.status(of: 1) == .completed)
  }

  @Test func stepLeftByItsStrategy_isNotUnresolvedWhenTheSagaIsAbandonedEither() throws {
    var bench = try Bench(
      running: .sketch(step("a", [.undoesCompleted, .asksStrategy]), step("b", .undoesCompleted), step("c")))
    try bench.send(.returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false))
    try bench.send(.answered(1, .verdict(.never)), .undoThrew(2, 1, impossible: false), .abandon)
    #expect(bench.machine.status == .failed)
    #expect(!bench.machine.isUnresolved(1) && bench.machine.isUnresolved(2))
  }

  @Test func statusOfASaga_followsWhatItsStepsDo() throws {
    var bench = Bench(.sketch(parallel(step("a", .retries), step("b", .undoesCompleted)), step("c")))
    #expect(bench.machine.status == .created)
    try bench.send(.create)
    #expect(bench.machine.status == .created)
    try bench.send(.admit, .threw(2, 1, unknown: false), .answered(2, .retry(.seconds(1))))
    #expect(bench.machine.status == .running)
    try bench.send(.returned(3, 1))
    #expect(bench.machine.status == .waiting)
    try bench.send(.cancel)
    #expect(bench.machine.status == .compensating)
    #expect(bench.machine.status(of: 3) == .compensating && bench.machine.status(of: 4) == .blocked)
    try bench.send(.undoReturned(3, 1))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.status(of: 3) == .compensated && bench.machine.status(of: 2) == .failed)
  }
}
