import Testing

@testable import Sagas

@Suite("PlanCompiler")
struct PlanCompilerTests {
  private let checkout = Checkout(in: OutsideWorld())

  @Test func checkout_nodeByNode() throws {
    let program = try PlanCompiler.compile(checkout)
    #expect(program.name == "Checkout")
    #expect(program.version == 1)
    #expect(
      program.plan.names == [
        "", "validate customer", "fulfilment", "charge payment", "reserve inventory", "quote shipping",
        "create order", "send mail", "output",
      ])
    func step(
      _ number: Int, in parent: Int, next: Int?, _ traits: PlanNode.Traits = [], timeout: Duration? = nil
    ) -> PlanNode {
      PlanNode(
        kind: .step, parent: NodeID(parent), next: next.map { NodeID($0) }, end: NodeID(number + 1),
        children: 0,
        traits: traits.union(.retriesUndo), timeout: timeout, settleGrace: .seconds(10),
        undoTimeout: .seconds(30))
    }
    #expect(
      program.plan.nodes == [
        PlanNode(kind: .sequential, end: NodeID(9), children: 5),
        step(1, in: 0, next: 2, timeout: .seconds(5)),
        PlanNode(kind: .parallel, parent: NodeID(0), next: NodeID(6), end: NodeID(6), children: 3),
        step(3, in: 2, next: 4, [.undoesCompleted, .undoesUnknown, .retries], timeout: .seconds(30)),
        step(4, in: 2, next: 5, .undoesCompleted),
        step(5, in: 2, next: nil),
        step(6, in: 0, next: 7, .undoesCompleted),
        step(7, in: 0, next: 8, .optional),
        PlanNode(kind: .output, parent: NodeID(0), end: NodeID(9), children: 0),
      ])
    #expect(program.plan.plannedSteps == 6)
    #expect(program.code.count == 9)
    #expect(program.defaultRetry.isNever)
    #expect(program.defaultUndoRetry.retries == 3)
    #expect(program.plan.onCompensationFailure == .stuck)
  }

  @Test func defaultUndoRetry_startsAtOneSecond() throws {
    let retry = try PlanCompiler.compile(checkout).defaultUndoRetry
    let delays = (1...4).map { retry.delay(afterAttempt: $0, error: Refused(), random: { 0 }) }
    #expect(delays == [.seconds(1), .seconds(2), .seconds(4), nil])
  }

  // MARK: - Where a setting comes from

  private struct Settings: Saga {
    static let name = "settings", version = 4
    var defaults = StepDefaults()
    var onCompensationFailure: CompensationFailurePolicy { .finish }
    struct State: Codable, Sendable {}

    var body: some Flow<State> {
      Step("plain") { _ in }
      Step("own") { _ in }
        .retry(.fixed(retries: 1, every: .seconds(1)))
        .timeout(.seconds(1))
        .settleGrace(.zero)
        .compensate { _ in }
        .compensationRetry(.never)
        .compensationTimeout(.seconds(2))
      Step("never") { _ in }.retry(.never)
    }
  }

  private let configuration = PlanDefaults(
    step: StepDefaults(
      retry: .fixed(retries: 9, every: .seconds(9)), timeout: .seconds(99), settleGrace: .seconds(7),
      compensationRetry: .fixed(retries: 6, every: .seconds(6)), compensationTimeout: .seconds(5)),
    unwindTimeout: .seconds(88))

  private func node(_ name: String, _ program: SagaProgram) throws -> PlanNode {
    program.plan[try #require(program.plan.node(named: name))]
  }

  @Test func aStepsOwn_comesFirst() throws {
    let program = try PlanCompiler.compile(
      Settings(defaults: StepDefaults(retry: .never, timeout: .seconds(3))), defaults: configuration)
    let own = try node("own", program)
    #expect(own.timeout == .seconds(1))
    #expect(own.settleGrace == .zero)
    #expect(own.undoTimeout == .seconds(2))
    #expect(own.traits == [.retries, .undoesCompleted])
    #expect(try program.stepCode("own").retry?.retries == 1)
    #expect(try program.stepCode("own").undoRetry?.isNever == true)
    #expect(try node("never", program).traits == .retriesUndo)
  }

  @Test func theSagasDefaults_comeSecond() throws {
    let saga = Settings(defaults: StepDefaults(retry: .fixed(retries: 3, every: .zero), timeout: .seconds(3)))
    let program = try PlanCompiler.compile(saga, defaults: configuration)
    let plain = try node("plain", program)
    #expect(plain.timeout == .seconds(3))
    #expect(plain.traits == [.retries, .retriesUndo])
    #expect(program.defaultRetry.retries == 3)
    #expect(plain.settleGrace == .seconds(7) && plain.undoTimeout == .seconds(5))
    let undo = StepDefaults(
      settleGrace: .seconds(1), compensationRetry: .never, compensationTimeout: .seconds(2))
    let other = try PlanCompiler.compile(Settings(defaults: undo), defaults: configuration)
    #expect(try node("plain", other).settleGrace == .seconds(1))
    #expect(try node("plain", other).undoTimeout == .seconds(2))
    #expect(try node("plain", other).traits == .retries && other.defaultUndoRetry.isNever)
    #expect(try node("own", other).settleGrace == .zero && node("own", other).undoTimeout == .seconds(2))
    let off = try PlanCompiler.compile(
      Settings(defaults: StepDefaults(retry: .never)), defaults: configuration)
    #expect(try node("plain", off).traits == .retriesUndo)
  }

  @Test func theConfigurations_comeLast() throws {
    let program = try PlanCompiler.compile(Settings(), defaults: configuration)
    let plain = try node("plain", program)
    #expect(plain.timeout == .seconds(99))
    #expect(plain.settleGrace == .seconds(7))
    #expect(plain.undoTimeout == .seconds(5))
    #expect(plain.traits == [.retries, .retriesUndo])
    #expect(program.defaultRetry.retries == 9)
    #expect(program.defaultUndoRetry.retries == 6)
    #expect(program.plan.unwindTimeout == .seconds(88))
    #expect(try node("never", program).traits == .retriesUndo)
  }

  @Test func nameVersionAndPolicy_areTheSagas() throws {
    let program = try PlanCompiler.compile(Settings())
    #expect(program.name == "settings")
    #expect(program.version == 4)
    #expect(program.plan.onCompensationFailure == .finish)
    #expect(try node("plain", program).timeout == nil)
  }

  // MARK: - The shape of the plan

  private struct Shapes: Saga {
    struct State: Codable, Sendable {
      var size: Int?, word: String?
    }

    struct Pair<State: Codable & Sendable>: Part {
      let name: String
      var body: some Flow<State> {
        Step(name + " 1") { _ in }
        Step(name + " 2") { _ in }
      }
    }

    struct Single<State: Codable & Sendable>: Part {
      var body: some Flow<State> { Sequential { Step("single") { _ in } } }
    }

    @FlowBuilder<State> var nothing: some Flow<State> { Parallel("left out") { Sequential {} } }

    var body: some Flow<State> {
      Step("first") { _ in }
      Sequential {
        Step("second") { _ in }
        Sequential { Pair<State>(name: "spliced") }
        nothing
      }
      Parallel("side by side") {
        Pair<State>(name: "branch")
        Single<State>()
        Sequential {}
        Parallel("inner") { Step("lone") { _ in } }
      }
      When("large?", { try $0.size > 10 }) {
        Pair<State>(name: "large")
      } otherwise: {
        Fail("small") { _ in Refused(why: "small") }
      }
      When("no branch", { _ in true }) {}
      Switch("word", on: \.word) {
        Case("a") {}
        Case("b", "c") { Step("b or c") { _ in } }
      } otherwise: {
        Step("other") { _ in }
      }
    }
  }

  @Test func sequencesAreSpliced_whatIsEmptyIsLeftOut() throws {
    #expect(
      try PlanCompiler.compile(Shapes()).lines == """
        sequential
          step 'first'
          step 'second'
          step 'spliced 1'
          step 'spliced 2'
          parallel 'side by side'
            sequential
              step 'branch 1'
              step 'branch 2'
            step 'single'
            parallel 'inner'
              step 'lone'
          choice 'large?'
            sequential
              step 'large 1'
              step 'large 2'
            fail 'small'
          choice 'word'
            step 'b or c'
            step 'other'
          output 'output'
        """)
  }

  @Test func everySubtree_endsWhereTheNextBegins() throws {
    let plan = try PlanCompiler.compile(Shapes()).plan
    for node in plan.all {
      let children = Array(plan.children(of: node))
      #expect(children.count == Int(plan[node].children))
      #expect(children.allSatisfy { plan[$0].parent == node })
      #expect(plan[node].end == (children.last.map { plan[$0].end } ?? NodeID(Int(node.index) + 1)))
      for (child, next) in zip(children, children.dropFirst()) {
        #expect(plan[child].next == next)
        #expect(plan[child].end == next)
      }
    }
  }

  @Test(arguments: [(11, "large 1"), (10, "small")])
  func aWhen_takesABranch(size: Int, branch: String) throws {
    let program = try PlanCompiler.compile(Shapes())
    #expect(try program.choice(of: "large?", over: Shapes.State(size: size)) == branch)
  }

  @Test(arguments: [("a", nil), ("b", "b or c"), ("c", "b or c"), ("z", "other")])
  func aSwitch_takesTheBranchOfItsCase_evenBehindAnEmptyOne(word: String, branch: String?) throws {
    let program = try PlanCompiler.compile(Shapes())
    #expect(try program.choice(of: "word", over: Shapes.State(word: word)) == branch)
  }

  @Test func choicesThatReadAnEmptySlot_throwMissing() throws {
    let program = try PlanCompiler.compile(Shapes())
    for name in ["large?", "word"] {
      let error = #expect(throws: SagaError.self) { try program.choice(of: name, over: Shapes.State()) }
      #expect(error?.code == .missing)
      #expect(error?.step == name)
    }
  }

  @Test func aFail_makesItsError() throws {
    let program = try PlanCompiler.compile(Shapes())
    let node = try #require(program.plan.node(named: "small"))
    guard case .fail(let error) = program[node] else {
      Issue.record("not a Fail")
      return
    }
    #expect(try error(StateBox(Shapes.State()), .stub(step: "small")) as? Refused == Refused(why: "small"))
  }

  @Test func withoutAnOutputOfItsOwn_theStateIsTheOutput() throws {
    let program = try PlanCompiler.compile(Shapes())
    guard case .output(let output, _) = program[NodeID(program.plan.nodes.count - 1)] else {
      Issue.record("the last node is not the output")
      return
    }
    let state = try output(StateBox(Shapes.State(size: 3)), .stub(step: "output")) as? Shapes.State
    #expect(state?.size == 3)
  }

  @Test func definition_listsSteps() throws {
    let definition = SagaDefinition(try PlanCompiler.compile(checkout))
    #expect(definition.name == "Checkout")
    #expect(definition.version == 1)
    #expect(
      definition.steps == [
        "validate customer", "charge payment", "reserve inventory", "quote shipping", "create order",
        "send mail",
      ])
  }
}
