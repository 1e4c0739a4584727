@testable import Sagas
import Testing

/// Promise 1: the reverse of the order in which completions were accepted, across all nesting, one by one.
@Suite struct MachineUndoOrderTests {
  private static let done: PlanNode.Traits = .undoesCompleted

  /// Lets undo after undo return, and tells the order in which they began.
  private func unwind(_ bench: inout Bench) throws -> [String] {
    while let open = bench.plan.all.first(where: { bench.machine[$0].undo == .running }) {
      #expect(bench.machine.unwind?.open == 1)
      try bench.send(.undoReturned(open, bench.machine[open].undoAttempts))
    }
    return bench.undoOrder
  }

  @Test func sequence_isUndoneBackwards() throws {
    var bench = try Bench(
      running: .sketch(step("a", Self.done), step("b", Self.done), step("c", Self.done), step("d")))
    try bench.send(.returned(1, 1), .returned(2, 1), .returned(3, 1), .threw(4, 1, unknown: false))
    #expect(try unwind(&bench) == ["c", "b", "a"])
    #expect(bench.machine.status == .compensated)
  }

  @Test func group_isUndoneInReverseOfItsCompletionsNotOfItsDeclaration() throws {
    let plan = SagaPlan.sketch(
      step("a", Self.done), parallel(step("b", Self.done), step("c", Self.done), step("d", Self.done)),
      step("e"))
    var bench = try Bench(running: plan)
    for name in ["a", "d", "b", "c"] { try bench.send(.returned(plan[name], 1)) }
    try bench.send(.threw(plan["e"], 1, unknown: false))
    #expect(try unwind(&bench) == ["c", "b", "d", "a"])
  }

  @Test func nestedGroups_areUndoneAcrossAllNesting() throws {
    let plan = SagaPlan.sketch(
      parallel(
        sequential(step("a", Self.done), step("b", Self.done)),
        sequential(step("c", Self.done), parallel(step("d", Self.done), step("e", Self.done)))),
      fail("stop"))
    var bench = try Bench(running: plan)
    for name in ["c", "e", "a", "d", "b"] { try bench.send(.returned(plan[name], 1)) }
    try bench.send(.answered(plan["stop"], .failure))
    #expect(try unwind(&bench) == ["b", "d", "a", "e", "c"])
  }

  @Test func branchNotTaken_isNotUndone() throws {
    let plan = SagaPlan.sketch(choice("if", step("a", .anyUndo), step("b", .anyUndo)), step("c"))
    var bench = try Bench(running: plan)
    try bench.send(.answered(plan["if"], .branch(1)), .returned(plan["b"], 1))
    try bench.send(.threw(plan["c"], 1, unknown: false))
    #expect(try unwind(&bench) == ["b"])
    #expect(bench.machine.status(of: plan["a"]) == .skipped)
  }

  @Test func siblingThatSettlesWhileClosing_isUndoneFirst() throws {
    let plan = SagaPlan.sketch(parallel(step("a", Self.done), step("b", Self.done), step("c")))
    var bench = try Bench(running: plan)
    try bench.send(.returned(2, 1), .threw(4, 1, unknown: false))
    #expect(bench.machine.phase == .closing)
    try bench.send(.returned(3, 1))
    #expect(try unwind(&bench) == ["b", "a"])
  }

  @Test func nextUndo_waitsUntilTheOneBeforeHasSettled() throws {
    let plan = SagaPlan.sketch(step("a", [.undoesCompleted]), step("b", [.undoesCompleted, .retriesUndo]))
    var bench = try Bench(running: plan)
    try bench.send(.returned(1, 1))
    try bench.send(.cancel)
    try bench.send(.returned(2, 1))
    try bench.send(.undoThrew(2, 1, impossible: false), .answered(2, .retry(.seconds(9))))
    #expect(bench.undoOrder == ["b"])
    bench.wait(9)
    try bench.send(.undoRetryDue(2), .undoTimedOut(2, 2))
    #expect(bench.undoOrder == ["b"])
    #expect(try bench.send(.undoReturned(2, 2)).actions == [.undo(1, 1)])
  }
}
