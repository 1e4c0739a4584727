import Testing

@testable import Sagas

@Suite("SagaOutline")
struct SagaOutlineTests {
  private struct Nested: Saga {
    struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?, f: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }
      Step("plain") { _ in }
      Parallel("group") {
        Sequential {
          Step("b", \.b) { _ in 1 }
          Parallel("inner") {
            Step("c", \.c) { _ in 1 }
            Step("d", \.d) { _ in 1 }
          }
        }
        When("choice", { _ in true }) { Step("e", \.e) { _ in 1 } }
      }
      Sleep("night", for: .hours(8))
      Step("f", \.f) { _ in 1 }
    }
  }

  /// What each step can read, by its name.
  private func readable(_ outline: SagaOutline) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: outline.steps.map { step in
        (step.name, step.reads.flatMap { outline.steps[$0].map(\.name) })
      })
  }

  @Test func stepsAreInTheOrderOfTheBody_withWhatEachCanRead() throws {
    let outline = try PlanCompiler.compile(Nested()).outline
    #expect(outline.steps.map(\.name) == ["a", "plain", "b", "c", "d", "e", "night", "f"])
    #expect(outline.steps.filter(\.hasSlot).map(\.name) == ["a", "b", "c", "d", "e", "f"])
    #expect(
      readable(outline) == [
        "a": [], "plain": ["a"], "b": ["a", "plain"], "c": ["a", "plain", "b"], "d": ["a", "plain", "b"],
        "e": ["a", "plain"], "night": ["a", "plain", "b", "c", "d", "e"],
        "f": ["a", "plain", "b", "c", "d", "e", "night"],
      ])
  }

  /// The plan has its own rule for that.
  @Test func whatAStepCanRead_isWhatThePlanSays() throws {
    for program in [
      try PlanCompiler.compile(Nested()), try PlanCompiler.compile(Checkout(in: OutsideWorld())),
    ] {
      let plan = program.plan
      let nodes = plan.all.filter { plan[$0].isCounted }
      for (node, step) in zip(nodes, program.outline.steps) {
        let visible = nodes.filter { plan.isVisible($0, to: node) }.map { plan.name(of: $0) }
        #expect(readable(program.outline)[step.name] == visible)
      }
    }
  }

  @Test func optionsOfAStart_shareIt() throws {
    let program = try PlanCompiler.compile(Nested())
    #expect(program.with(StartOptions(failurePolicy: .stop)).outline === program.outline)
    #expect(try PlanCompiler.compile(Nested()).outline == program.outline)
  }
}
