@testable import Sagas
import Testing

/// When somebody is told that a step has failed for good, and before what.
@Suite struct MachineTellTests {
  private static let told: PlanNode.Traits = [.tellsFailure, .retries]

  @Test func failedForGood_isTold_beforeAnythingElse() throws {
    var bench = try Bench(running: .sketch(step("a", .undoesCompleted), step("b", Self.told)))
    try bench.send(.returned(1, 1))
    #expect(try bench.send(.threw(2, 1, unknown: false)).actions == [.ask(2, .retry)])
    #expect(try bench.send(.answered(2, .retry(nil))).actions == [.tellFailure(2), .undo(1, 1)])
  }

  @Test func retried_isNotTold() throws {
    var bench = try Bench(running: .sketch(step("a", Self.told)))
    try bench.send(.threw(1, 1, unknown: false))
    #expect(try bench.send(.answered(1, .retry(.zero))).actions == [.run(1, 2)])
  }

  @Test func tolerated_isTold_beforeTheNextBegins() throws {
    var bench = try Bench(running: .sketch(step("a", [.tellsFailure, .optional]), step("b")))
    #expect(try bench.send(.threw(1, 1, unknown: false)).actions == [.tellFailure(1), .run(2, 1)])
  }

  @Test func timedOut_isTold_onceItIsNotWaitedForAnyMore() throws {
    var bench = try Bench(running: .sketch(step("a", .tellsFailure)))
    #expect(try bench.send(.timedOut(1, 1)).actions == [.stop(1, 1)])
    #expect(try bench.send(.graceOver(1, 1)).actions == [.tellFailure(1), .settle(.compensated)])
  }

  @Test func held_isTold_andToldAgainWhenItFailsAgain() throws {
    var bench = try Bench(running: .sketch(step("a", .tellsFailure)))
    try bench.send(.suspend)
    #expect(try bench.send(.threw(1, 1, unknown: false)).actions == [.tellFailure(1), .settle(.suspended)])
    try bench.send(.resume)
    #expect(try bench.send(.threw(1, 2, unknown: false)).actions.first == .tellFailure(1))
  }

  @Test func cutOffByACrash_isTold_andNotAgainAfterTheNext() throws {
    var bench = try Bench(
      running: .sketch(step("a", .undoesCompleted), step("b", [.tellsFailure, .atMostOnce])))
    try bench.send(.returned(1, 1))
    #expect(try bench.crashAndRecover().actions == [.tellFailure(2), .undo(1, 1)])
    #expect(try bench.crashAndRecover().actions == [.undo(1, 1)])
  }

  @Test func obeyingACancelOrAFailure_isNotTold() throws {
    for event in [Event.cancel, .threw(3, 1, unknown: false)] {
      var bench = try Bench(running: .sketch(parallel(step("a", .tellsFailure), step("b"))))
      try bench.send(event)
      #expect(!(try bench.send(.threw(2, 1, unknown: false)).actions.contains(.tellFailure(2))))
      #expect(bench.machine.status(of: 2) == .unknown)
    }
  }

  @Test func losingItsNextAttempt_isNotTold() throws {
    for event in [Event.cancel, .suspend] {
      var bench = try Bench(running: .sketch(step("a", Self.told)))
      try bench.send(.threw(1, 1, unknown: false), .answered(1, .retry(.seconds(9))))
      let actions = try bench.send(event).actions + bench.send(.abandon).actions
      #expect(!actions.contains(.tellFailure(1)))
      #expect(bench.machine.phase.isTerminal && bench.machine[1].forward == .failed)
    }
  }
}
