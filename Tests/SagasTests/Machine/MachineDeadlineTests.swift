@testable import Sagas
import Testing

/// Promise 13: the saga's own time limit, counted from its admission, that no scope tolerates.
@Suite struct MachineDeadlineTests {
  private static let done: PlanNode.Traits = .undoesCompleted

  private func admitted(_ closing: Closing = .unwind, after seconds: Int64 = 7) throws -> Bench {
    var bench = Bench(
      .sketch(
        closing: closing, timeout: .seconds(10), step("a", Self.done),
        parallel(step("b", [.undoesCompleted, .optional, .retries]), step("c", .retries))))
    try bench.send(.create)
    bench.wait(seconds)
    #expect(
      try bench.send(.admit)
        == Told([.admitted, .started(1, 1)], [.limitSaga(until: .second(17)), .run(1, 1)]))
    return bench
  }

  @Test func deadline_stopsWhatRunsEndsWhatRestsAndUndoes() throws {
    var bench = try admitted()
    try bench.send(.returned(1, 1), .threw(4, 1, unknown: false), .answered(4, .retry(.seconds(60))))
    bench.wait(10)
    #expect(
      try bench.send(.sagaTimedOut) == Told([.failing(.deadline), .failed(4)], [.stop(3, 1)]))
    #expect(bench.machine.status == .compensating)
    try bench.send(.returned(3, 1), .undoReturned(3, 1), .undoReturned(1, 1))
    #expect(bench.undoOrder == ["b", "a"])
    #expect(bench.machine.cause == .deadline && bench.machine.status == .compensated)
  }

  @Test func deadlineUnderStop_endsFailed() throws {
    var bench = try admitted(.stop)
    bench.wait(10)
    try bench.send(.sagaTimedOut)
    #expect(
      try bench.send(.returned(1, 1)) == Told([.completed(1, 1), .ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.isUnresolved(1))
  }

  @Test func deadline_saidEarlyIsPutOff() throws {
    var bench = try admitted()
    bench.wait(9)
    #expect(try bench.send(.sagaTimedOut) == Told([], [.limitSaga(until: .second(17))]))
    #expect(bench.machine.status == .running)
  }

  @Test func recovery_countsFromTheAdmissionAndNotFromTheCrash() throws {
    var bench = try admitted()
    bench.wait(6)
    #expect(
      try bench.crashAndRecover() == Told([.recovered], [.limitSaga(until: .second(17)), .run(1, 1)]))
    bench.wait(100)
    #expect(
      try bench.crashAndRecover() == Told([.recovered], [.limitSaga(until: .second(17)), .run(1, 1)]))
    #expect(try bench.send(.sagaTimedOut).entries == [.failing(.deadline)])
    #expect(
      try bench.crashAndRecover().actions.allSatisfy { if case .limitSaga = $0 { false } else { true } })
  }

  @Test func recoveryBeforeAdmission_countsNothing() throws {
    var bench = Bench(.sketch(timeout: .seconds(10), step("a")))
    try bench.send(.create)
    #expect(try bench.crashAndRecover() == Told([.recovered]))
  }

  @Test func whileUnwindingOrStuckOrEnded_changesNothing() throws {
    var bench = try admitted()
    try bench.send(.returned(1, 1), .cancel)
    bench.wait(10)
    #expect(try bench.send(.sagaTimedOut) == .nothing)
    try bench.send(.graceOver(3, 1), .graceOver(4, 1))
    #expect(bench.machine.phase == .unwinding)
    #expect(try bench.send(.sagaTimedOut) == .nothing)
    try bench.send(.undoThrew(1, 1, impossible: false))
    #expect(bench.machine.phase == .stuck)
    #expect(try bench.send(.sagaTimedOut) == .nothing)
    try bench.send(.abandon)
    #expect(try bench.send(.sagaTimedOut) == .nothing)
    #expect(bench.machine.cause == .cancelled)
  }

  // MARK: Promise 7: the races of the deadline

  private func race(_ first: Event, _ second: Event) throws -> (Told, Told) {
    var bench = try Bench(
      running: .sketch(timeout: .seconds(10), step("a", Self.done, timeout: .seconds(10))))
    bench.wait(10)
    return (try bench.send(first), try bench.send(second))
  }

  @Test func completionOfTheLastStep_beforeDeadline() throws {
    var bench = try Bench(running: .sketch(timeout: .seconds(10), step("a", Self.done)))
    try bench.send(.returned(1, 1), .answered(2, .output))
    bench.wait(10)
    #expect(try bench.send(.sagaTimedOut) == .nothing)
    #expect(bench.machine.status == .completed)
  }

  @Test func deadline_beforeCompletion() throws {
    let (first, second) = try race(.sagaTimedOut, .returned(1, 1))
    #expect(first == Told([.failing(.deadline)], [.stop(1, 1)]))
    #expect(second == Told([.completed(1, 1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
  }

  @Test func cancel_beforeDeadline() throws {
    let (first, second) = try race(.cancel, .sagaTimedOut)
    #expect(first == Told([.failing(.cancelled)], [.stop(1, 1)]))
    #expect(second == .nothing)
  }

  @Test func deadline_beforeCancel() throws {
    let (first, second) = try race(.sagaTimedOut, .cancel)
    #expect(first == Told([.failing(.deadline)], [.stop(1, 1)]))
    #expect(second == .nothing)
  }

  @Test func timeout_beforeDeadline() throws {
    let (first, second) = try race(.timedOut(1, 1), .sagaTimedOut)
    #expect(first == Told([.timedOut(1, 1)], [.stop(1, 1)]))
    #expect(second == Told([.failing(.deadline)]))
  }

  @Test func deadline_beforeTimeout() throws {
    let (first, second) = try race(.sagaTimedOut, .timedOut(1, 1))
    #expect(first == Told([.failing(.deadline)], [.stop(1, 1)]))
    #expect(second == .nothing)
  }

  @Test func deadline_beforeCrash() throws {
    let (first, second) = try race(.sagaTimedOut, .recover)
    #expect(first == Told([.failing(.deadline)], [.stop(1, 1)]))
    #expect(second.entries == [.recovered, .attemptCut(1, 1), .failed(1), .unwinding, .ended(.compensated)])
  }

  @Test func crash_beforeDeadline() throws {
    let (first, second) = try race(.recover, .sagaTimedOut)
    #expect(first == Told([.recovered], [.limitSaga(until: .second(10)), .run(1, 1)]))
    #expect(second == Told([.failing(.deadline)], [.stop(1, 1)]))
  }
}
