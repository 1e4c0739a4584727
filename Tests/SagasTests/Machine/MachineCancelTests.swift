@testable import Sagas
import Testing

/// Promise 6: a cancel, in each phase.
@Suite struct MachineCancelTests {
  private static let undoable: PlanNode.Traits = [.undoesCompleted, .retries, .retriesUndo]

  @Test func beforeItsSlot_endsWithoutAnything() throws {
    var bench = Bench(.sketch(step("a", Self.undoable)))
    #expect(
      try bench.send(.create, .cancel)
        == Told(
          [.created, .failing(.cancelled), .unwinding, .ended(.compensated)], [.settle(.compensated)]))
    #expect(try bench.send(.admit) == .nothing)
  }

  @Test func goingForward_stopsWhatRunsAndUndoesWhatWasDone() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable), step("b", Self.undoable)))
    try bench.send(.returned(1, 1))
    #expect(try bench.send(.cancel) == Told([.failing(.cancelled)], [.stop(2, 1)]))
    #expect(bench.machine.status == .compensating)
    try bench.send(.threw(2, 1, unknown: false), .undoReturned(1, 1))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine.cause == .cancelled)
  }

  @Test func duringBackoff_endsItAtOnce() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable)))
    try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(60))))
    #expect(bench.machine.status == .waiting)
    #expect(
      try bench.send(.cancel)
        == Told(
          [.failing(.cancelled), .failed(1), .unwinding, .ended(.compensated)], [.settle(.compensated)]))
    bench.wait(60)
    #expect(try bench.send(.retryDue(1)) == .nothing)
  }

  @Test func whileClosing_changesNothing() throws {
    var bench = try Bench(running: .sketch(parallel(step("a"), step("b"))))
    try bench.send(.threw(2, 1, unknown: false))
    #expect(try bench.send(.cancel) == .nothing)
    #expect(bench.machine.cause == .node(2))
  }

  @Test func whileUnwinding_doesNotTouchTheUndo() throws {
    var bench = try Bench(running: .sketch(step("a", Self.undoable), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false))
    #expect(try bench.send(.cancel) == .nothing)
    try bench.send(.undoThrew(1, 1, impossible: false), .answered(1, .retry(.seconds(5))))
    #expect(try bench.send(.cancel) == .nothing)
    #expect(bench.machine[1].undo == .backoff)
  }

  @Test func whenStuckOrEnded_changesNothing() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false), .undoThrew(1, 1, impossible: false))
    #expect(bench.machine.status == .stuck)
    #expect(try bench.send(.cancel) == .nothing)
    try bench.send(.undoReturned(1, 1))
    #expect(try bench.send(.cancel) == .nothing)
    #expect(bench.machine.status == .compensated)
  }

  @Test func actionThatNeverBegan_hasNoEffect() throws {
    var bench = try Bench(running: .sketch(step("a", .anyUndo)))
    try bench.send(.cancel, .neverStarted(1, 1))
    #expect(bench.machine.status == .compensated)
    #expect(bench.machine[1].attempts == 0 && bench.undoOrder.isEmpty)
    #expect(bench.machine.status(of: 1) == .blocked)
  }

  @Test func retryThatNeverBegan_leavesTheFailureBeforeIt() throws {
    var bench = try Bench(running: .sketch(step("a", [.retries, .undoesUnknown])))
    try bench.send(.threw(1, 1, unknown: true), .answered(1, .retry(.zero)), .cancel)
    #expect(
      try bench.send(.neverStarted(1, 2)).entries == [
        .neverStarted(1, 2), .failed(1), .unwinding, .undoStarted(1, 1),
      ])
    #expect(bench.machine[1].forward == .unknown)
  }
}
