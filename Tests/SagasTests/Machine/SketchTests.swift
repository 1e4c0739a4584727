@testable import Sagas
import Testing

/// Everything else here rests on these numbers.
@Suite struct SketchTests {
  @Test func sketch_isNumberedInPreOrder() {
    let plan = SagaPlan.sketch(
      step("a"), parallel(step("b"), sequential(step("c"), step("d"))), choice("if", fail("e")))
    #expect(plan.names == ["", "a", "", "b", "", "c", "d", "if", "e", "output"])
    #expect(
      plan.nodes.map(\.kind) == [
        .sequential, .step, .parallel, .step, .sequential, .step, .step, .choice, .fail, .output,
      ])
    #expect(plan.nodes.map(\.parent) == [nil, 0, 0, 2, 2, 4, 4, 0, 7, 0])
    #expect(plan.nodes.map(\.next) == [nil, 2, 7, 4, nil, 6, nil, 9, nil, nil])
    #expect(plan.nodes.map(\.end) == [10, 2, 7, 4, 7, 6, 7, 9, 9, 10])
    #expect(plan.nodes.map(\.children) == [4, 0, 2, 0, 2, 0, 0, 1, 0, 0])
  }

  @Test func waitsSleepsAndScopes_areNumberedLikeTheRest() {
    let plan = SagaPlan.sketch(
      guarded(.asksKey, alternatives: 2, wait("a", .judgesEvent, alternatives: 3, timeout: .seconds(1))),
      sleep("b", .seconds(2)))
    #expect(plan.names == ["", "", "a", "b", "output"])
    #expect(plan.nodes.map(\.kind) == [.sequential, .sequential, .wait, .sleep, .output])
    #expect(plan.nodes.map(\.traits) == [[], [.guarded, .judgesEvent, .asksKey], .judgesEvent, [], []])
    #expect(plan.nodes.map(\.alternatives) == [0, 2, 3, 0, 0])
    #expect(plan.nodes.map(\.timeout) == [nil, nil, .seconds(1), .seconds(2), nil])
  }
}
