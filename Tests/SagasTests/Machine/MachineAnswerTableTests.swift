@testable import Sagas
import Testing

/// Every answer about a node that is no step: what follows from it, and when it is stale or refused.
@Suite struct MachineAnswerTableTests {
  private static let plan = SagaPlan.sketch(
    choice("if", step("a"), sequential(step("b"), step("c"))), parallel(fail("stop"), step("d")))
  private static let compensated = Told([.unwinding, .ended(.compensated)], [.settle(.compensated)])

  @Test func branch_whenAsked_startsItAndSkipsTheOthers() throws {
    var bench = try Bench(running: Self.plan)
    #expect(
      try bench.send(.answered(1, .branch(1)))
        == Told([.answered(1, .branch(1)), .started(4, 1)], [.run(4, 1)]))
    #expect(bench.machine.status(of: 2) == .skipped)
    #expect(bench.machine.status(of: 5) == .pending)
  }

  @Test func noBranch_whenAsked_goesOnBehindTheChoice() throws {
    var bench = try Bench(running: Self.plan)
    #expect(
      try bench.send(.answered(1, .branch(nil)))
        == Told([.answered(1, .branch(nil)), .started(8, 1)], [.ask(7, .failure), .run(8, 1)]))
    #expect([2, 4, 5].allSatisfy { bench.machine.status(of: $0) == .skipped })
  }

  @Test func failureOfACondition_whenAsked_failsTheSaga() throws {
    var bench = try Bench(running: Self.plan)
    #expect(
      try bench.send(.answered(1, .failure))
        == Told(
          [.answered(1, .failure), .failing(.node(1))] + Self.compensated.entries, Self.compensated.actions))
  }

  @Test func failure_whenAsked_failsTheSaga() throws {
    var bench = try Bench(running: Self.plan)
    try bench.send(.answered(1, .branch(nil)))
    #expect(
      try bench.send(.answered(7, .failure))
        == Told([.answered(7, .failure), .failing(.node(7))], [.stop(8, 1)]))
  }

  @Test func output_whenAsked_completesTheSaga() throws {
    var bench = try Bench(running: .sketch(step("a")))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.answered(2, .output))
        == Told([.answered(2, .output), .ended(.completed)], [.settle(.completed)]))
    #expect(try bench.send(.answered(2, .output)) == .nothing)
  }

  @Test func failureOfTheOutput_whenAsked_undoesEverything() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted)))
    try bench.send(.returned(1, 1))
    #expect(
      try bench.send(.answered(2, .failure))
        == Told(
          [.answered(2, .failure), .failing(.node(2)), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]))
  }

  @Test(arguments: [Answer.branch(0), .branch(nil), .failure, .output])
  func answer_whenTheSagaDoesNotGoForward_isStale(_ answer: Answer) throws {
    for script in [[], [.cancel]] as [[Event]] {
      var bench = Bench(Self.plan)
      try bench.send([.create] + script)
      for node in Self.plan.all { #expect(try bench.send(.answered(node, answer)) == .nothing) }
    }
  }

  @Test(arguments: [
    Answer.branch(2), .branch(.max), .output, .count(1), .key, .deadline(.second(0)), .state, .requests,
    .noFailure, .waves,
  ])
  func answer_whenSomethingElseWasAsked_isRefused(_ answer: Answer) throws {
    var bench = try Bench(running: Self.plan)
    let before = bench.machine
    #expect(throws: IllegalEntry.self) { try bench.send(.answered(1, answer)) }
    #expect(bench.machine == before)
  }

  @Test func lastChildOfNestedGroups_closesThemInnermostFirst() throws {
    var bench = try Bench(
      running: .sketch(parallel(sequential(step("a"), parallel(step("b"), step("c"))), step("d")), step("e")))
    try bench.send(.returned(3, 1), .returned(7, 1), .returned(5, 1))
    #expect(
      try bench.send(.returned(6, 1))
        == Told([.completed(6, 1), .joined(4), .joined(1), .started(8, 1)], [.run(8, 1)]))
  }
}
