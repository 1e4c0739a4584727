@testable import Sagas
import Testing

/// Promise 6, `.stop` and a cancel that keeps what was done: the saga ends failed, and nothing is undone.
@Suite struct MachineStopTests {
  private static let done: PlanNode.Traits = .undoesCompleted

  @Test func failure_endsFailedAndUndoesNothing() throws {
    var bench = try Bench(running: .sketch(closing: .stop, step("a", Self.done), step("b", .anyUndo)))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.threw(2, 1, unknown: false))
        == Told(
          [
            .attemptFailed(2, 1, unknown: false), .failed(2), .failing(.node(2), then: .stop),
            .ended(.failed),
          ], [.settle(.failed)]))
    #expect(bench.machine.isUnresolved(1) && bench.machine.isUnresolved(2))
    #expect(bench.machine.status(of: 1) == .completed)
  }

  @Test func siblingsInFlight_areAwaitedBeforeItEnds() throws {
    let plan = SagaPlan.sketch(
      closing: .stop, parallel(step("a", Self.done), step("b", Self.done), step("c", .retries), step("d")))
    var bench = try Bench(running: plan)
    try bench.send(.threw(4, 1, unknown: false), .answered(4, .retry(.seconds(9))))
    #expect(
      try bench.send(.threw(5, 1, unknown: false))
        == Told(
          [
            .attemptFailed(5, 1, unknown: false), .failed(5), .failing(.node(5), then: .stop), .failed(4),
          ], [.stop(2, 1), .stop(3, 1)]))
    #expect(bench.machine.status == .running)
    #expect(try bench.send(.returned(2, 1)) == Told([.completed(2, 1)]))
    #expect(
      try bench.send(.graceOver(3, 1))
        == Told([.attemptCut(3, 1), .failed(3), .ended(.failed)], [.settle(.failed)]))
    #expect(plan.all.filter { bench.machine.isUnresolved($0) } == [2, 3])
    #expect(try bench.send(.returned(3, 1)) == Told([.lateResult(3, 1)]))
    #expect(bench.machine[3].effect == .unknown)
  }

  @Test func cancelThatKeeps_stopsAPlanThatUnwinds() throws {
    var bench = try Bench(running: .sketch(step("a", Self.done), step("b")))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.cancel(compensating: false))
        == Told([.failing(.cancelled, then: .stop)], [.stop(2, 1)]))
    #expect(try bench.send(.neverStarted(2, 1)).entries == [.neverStarted(2, 1), .ended(.failed)])
    #expect(bench.machine.cause == .cancelled && bench.undoOrder.isEmpty)
    #expect(bench.machine.status(of: 2) == .blocked)
  }

  @Test func cancelThatUndoes_unwindsAPlanThatStops() throws {
    var bench = try Bench(running: .sketch(closing: .stop, step("a", Self.done), step("b")))
    try bench.send(.returned(1, 1), .cancel)
    #expect(bench.machine.status == .compensating)
    try bench.send(.threw(2, 1, unknown: false), .undoReturned(1, 1))
    #expect(bench.machine.status == .compensated)
  }

  @Test(arguments: [true, false]) func secondCancel_changesNothing(_ isFirst: Bool) throws {
    var bench = try Bench(running: .sketch(step("a", Self.done), step("b")))
    try bench.send(.returned(1, 1), .cancel(compensating: isFirst))
    #expect(try bench.send(.cancel(compensating: !isFirst)) == .nothing)
    #expect(bench.machine.closing == (isFirst ? .unwind : .stop))
  }

  @Test func strategiesAndOrder_areNotAsked() throws {
    let plan = SagaPlan.sketch(
      closing: .stop, unwindTimeout: .seconds(5), asksWaves: true,
      step("a", [.undoesCompleted, .undoesAtOnce]),
      step("b", [.undoesCompleted, .asksStrategy]),
      parallel(step("c"), step("d", [.undoesCompleted, .undoesAtOnce])))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1), .returned(2, 1))
    #expect(try bench.send(.threw(4, 1, unknown: false)).actions == [.stop(5, 1)])
    #expect(try bench.send(.unwindTimedOut) == .nothing)
    #expect(
      try bench.send(.returned(5, 1)) == Told([.completed(5, 1), .ended(.failed)], [.settle(.failed)]))
    #expect(bench.undoOrder.isEmpty && bench.machine.unwind == nil)
  }

  @Test func crashWhileStopping_cutsWhatRanAndEndsFailed() throws {
    var bench = try Bench(running: .sketch(closing: .stop, parallel(step("a", .anyUndo), step("b"))))
    try bench.send(.threw(3, 1, unknown: false))
    #expect(
      try bench.crashAndRecover()
        == Told([.recovered, .attemptCut(2, 1), .failed(2), .ended(.failed)], [.settle(.failed)]))
    #expect(bench.machine.isUnresolved(2))
    #expect(try bench.crashAndRecover() == .nothing)
  }
}
