@testable import Sagas
import Testing

/// Promise 7: the first accepted wins, and the loser changes nothing except as promise 2 says.
@Suite struct MachineRaceTests {
  private static let plan = SagaPlan.sketch(
    step("a", [.undoesCompleted, .undoesUnknown], timeout: .seconds(1)), step("b"))

  private func race(_ first: Event, _ second: Event) throws -> (Told, Told, SagaMachine) {
    var bench = try Bench(running: Self.plan)
    return (try bench.send(first), try bench.send(second), bench.machine)
  }

  @Test func completion_beforeTimeout() throws {
    let (first, second, machine) = try race(.returned(1, 1), .timedOut(1, 1))
    #expect(first == Told([.completed(1, 1), .started(2, 1)], [.run(2, 1)]))
    #expect(second == .nothing)
    #expect(machine.status(of: 1) == .completed)
  }

  @Test func timeout_beforeCompletion() throws {
    let (first, second, machine) = try race(.timedOut(1, 1), .returned(1, 1))
    #expect(first == Told([.timedOut(1, 1)], [.stop(1, 1)]))
    #expect(second.entries.prefix(3) == [.returnedLate(1, 1), .failed(1), .failing(.node(1))])
    #expect(machine[1].forward == .failed && machine[1].effect == .completed)
  }

  @Test func completion_beforeCancel() throws {
    let (first, second, machine) = try race(.returned(1, 1), .cancel)
    #expect(first == Told([.completed(1, 1), .started(2, 1)], [.run(2, 1)]))
    #expect(second == Told([.failing(.cancelled)], [.stop(2, 1)]))
    #expect(machine.status(of: 1) == .completed)
  }

  @Test func cancel_beforeCompletion() throws {
    let (first, second, machine) = try race(.cancel, .returned(1, 1))
    #expect(first == Told([.failing(.cancelled)], [.stop(1, 1)]))
    #expect(second == Told([.completed(1, 1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
    #expect(machine.cause == .cancelled)
  }

  @Test func completionOfTheLastStep_beforeCancel() throws {
    var bench = try Bench(running: .sketch(step("a", .anyUndo)))
    try bench.send(.returned(1, 1), .answered(2, .output))
    #expect(try bench.send(.cancel) == .nothing)
    #expect(bench.machine.status == .completed)
  }

  @Test func timeout_beforeCancel() throws {
    let (first, second, machine) = try race(.timedOut(1, 1), .cancel)
    #expect(first == Told([.timedOut(1, 1)], [.stop(1, 1)]))
    #expect(second == Told([.failing(.cancelled)]))
    #expect(machine[1].forward == .stopping && machine.cause == .cancelled)
  }

  @Test func cancel_beforeTimeout() throws {
    let (first, second, machine) = try race(.cancel, .timedOut(1, 1))
    #expect(first == Told([.failing(.cancelled)], [.stop(1, 1)]))
    #expect(second == .nothing)
    #expect(machine[1].forward == .closing)
  }

  @Test func timeoutThenCancelThenCompletion_isFailedAndUndoneAsCompleted() throws {
    var bench = try Bench(running: Self.plan)
    try bench.send(.timedOut(1, 1), .cancel)
    #expect(
      try bench.send(.returned(1, 1))
        == Told([.returnedLate(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
    #expect(bench.machine.status(of: 1) == .compensating && bench.machine[1].effect == .completed)
  }
}
