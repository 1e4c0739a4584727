import Testing

@testable import Sagas

@Suite("What DefinitionError reports")
struct PlanCheckerTests {
  /// A saga with a body handed in.
  private struct Sample: Saga {
    static let name = "sample"
    struct State: Codable, Sendable {
      let input: Int
      var a: Int?, b: Int?, c: Int?, d: Int?
    }
    var defaults = StepDefaults()
    let body: Sagas.Sequential<State>

    init(defaults: StepDefaults = StepDefaults(), @FlowBuilder<State> _ body: () -> Sagas.Sequential<State>) {
      self.defaults = defaults
      self.body = body()
    }
  }

  private typealias State = Sample.State
  private typealias Step<Output: Sendable> = Sagas.Step<Sample.State, Output>
  private typealias Parallel = Sagas.Parallel<Sample.State>
  private typealias Sequential = Sagas.Sequential<Sample.State>
  private typealias When = Sagas.When<Sample.State>
  private typealias Switch<Value: Equatable & Sendable> = Sagas.Switch<Sample.State, Value>
  private typealias Case<Value: Equatable & Sendable> = Sagas.Case<Sample.State, Value>
  private typealias Fail = Sagas.Fail<Sample.State>

  private func problems<S: Saga>(of saga: S, defaults: PlanDefaults = PlanDefaults()) -> [String] {
    failure(of: saga, defaults: defaults)?.problems.map(\.description) ?? []
  }

  private func failure<S: Saga>(of saga: S, defaults: PlanDefaults = PlanDefaults()) -> DefinitionError? {
    do {
      _ = try PlanCompiler.compile(saga, defaults: defaults)
      return nil
    } catch {
      return error
    }
  }

  // MARK: - Names

  @Test func aNameUsedTwice_isReportedOnce_whateverItNames() {
    let saga = Sample {
      Step("x") { _ in }
      Parallel("group") {
        Step("x") { _ in }
        Step("y") { _ in }
      }
      When("group", { _ in true }) { Step("x") { _ in } }
    }
    #expect(
      problems(of: saga) == [
        """
        saga 'sample', 'x': the name is used 3 times; give each step, group and choice a name of its own, \
        it is the identity in the journal
        """,
        """
        saga 'sample', 'group': the name is used 2 times; give each step, group and choice a name of its own, \
        it is the identity in the journal
        """,
      ])
  }

  @Test func output_isReserved() {
    let saga = Sample {
      Step("output") { _ in }
      Fail("output") { _ in Refused() }
    }
    #expect(
      problems(of: saga) == [
        "saga 'sample', 'output': is the name of the saga's own output; choose another one"
      ])
  }

  @Test func emptyNames_areReportedByTheirPlace() {
    let saga = Sample {
      Step("fine") { _ in }
      Step("") { _ in }
      Parallel("group") {
        Step("  ") { _ in }
        When("", { _ in true }) { Fail("") { _ in Refused() } }
      }
      Parallel("") { Step("inside") { _ in } }
    }
    let remedy = "has no name; give it one, it is the identity in the journal"
    #expect(
      problems(of: saga) == [
        "saga 'sample': step number 2 \(remedy)",
        "saga 'sample': step number 3 (in 'group') \(remedy)",
        "saga 'sample': choice number 1 (in 'group') \(remedy)",
        "saga 'sample': Fail number 1 (in 'group') \(remedy)",
        "saga 'sample': Parallel number 2 \(remedy)",
      ])
    #expect(failure(of: saga)?.problems.allSatisfy { $0.code == .invalidName && $0.step == nil } == true)
  }

  @Test func refusedCharacters_areNamed() {
    let saga = Sample {
      Step("a/b[1]") { _ in }
      Parallel("c#d~e~") { Step("line\nbreak\u{7F}") { _ in } }
      Step("ünïcödé – ok, (really)?") { _ in }
    }
    let remedy = "leave out / [ ] # ~ and control characters"
    #expect(
      problems(of: saga) == [
        "saga 'sample', 'a/b[1]': step number 1 has / [ ] in its name; \(remedy)",
        "saga 'sample', 'c#d~e~': Parallel number 1 has # ~ in its name; \(remedy)",
        "saga 'sample', 'line\nbreak\u{7F}': step number 2 (in 'c#d~e~') has U+A U+7F in its name; \(remedy)",
      ])
  }

  @Test func theSagasName_followsTheSameRules() {
    struct Bad: Saga {
      static let name = "a/b"
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("s") { _ in } }
    }
    struct Nameless: Saga {
      static let name = ""
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("s") { _ in } }
    }
    #expect(
      problems(of: Bad()) == [
        """
        saga 'a/b': the saga has / in its name; leave out / [ ] # ~ and control characters, \
        as in static let name = "checkout"
        """
      ])
    #expect(problems(of: Nameless()).count == 1)
  }

  // MARK: - Slots

  @Test func parallelSiblings_mayNotWriteOneSlot_howeverDeep() {
    let saga = Sample {
      Parallel("outer") {
        Sequential {
          Step("one", \.a) { _ in 1 }
          Step("one again", \.a) { _ in 1 }
        }
        Parallel("inner") {
          Step("two", \.b) { _ in 1 }
          When("if", { _ in true }) { Step("three", \.a) { _ in 1 } }
        }
        Step("four", \.b) { _ in 1 }
      }
      Step("later", \.a) { _ in 1 }
    }
    #expect(
      problems(of: saga) == [
        """
        saga 'sample', 'three': writes \\State.a, as 'one' does beside it in 'outer'; give each a slot of its own, \
        or let one come after the other
        """,
        """
        saga 'sample', 'four': writes \\State.b, as 'two' does beside it in 'outer'; give each a slot of its own, \
        or let one come after the other
        """,
      ])
  }

  @Test func branchesAndLaterSteps_mayWriteOneSlot() {
    let saga = Sample {
      When("if", { _ in true }) {
        Step("yes", \.a) { _ in 1 }
      } otherwise: {
        Step("no", \.a) { _ in 2 }
      }
      Step("again", \.a, using: \.a) { $0 + 1 }
    }
    #expect(problems(of: saga) == [])
  }

  @Test func aUsedSlot_needsAWriterBefore() {
    let saga = Sample {
      Step("none", \.a, using: \.d) { $0 }
      Step("itself", \.b, using: \.b) { $0 }
      Step("too early", \.d, using: \.c) { $0 }
      Parallel("group") {
        Step("writer", \.c) { _ in 1 }
        Step("sibling", \.d, using: \.a, \.c) { $0 + $1 }
      }
      Step("after", \.a, using: \.a, \.b, \.c, \.d) { $0 + $1 + $2 + $3 }
    }
    #expect(
      problems(of: saga) == [
        """
        saga 'sample', 'none': uses \\State.d, which no step before it writes; \
        'too early' writes it, but not before it; move that step before this one
        """,
        """
        saga 'sample', 'itself': uses \\State.b, which no step before it writes; \
        it is the step itself that writes it; use the slot of a step before it
        """,
        """
        saga 'sample', 'too early': uses \\State.c, which no step before it writes; \
        'writer' writes it, but not before it; move that step before this one
        """,
        """
        saga 'sample', 'sibling': uses \\State.c, which no step before it writes; \
        'writer' writes it, but not before it; move that step before this one
        """,
      ])
  }

  @Test func aUsedSlotThatNobodyWrites_saysSo() {
    let saga = Sample { Step("s", \.a, using: \.b) { $0 } }
    #expect(
      problems(of: saga) == [
        """
        saga 'sample', 's': uses \\State.b, which no step before it writes; \
        let a step before it write that slot, or read it in the closure instead
        """
      ])
  }

  @Test func branches_doNotSeeEachOther_whatFollowsSeesBoth() {
    let saga = Sample {
      When("if", { _ in true }) {
        Step("yes", \.a) { _ in 1 }
      } otherwise: {
        Step("no", \.b, using: \.a) { $0 }
      }
      Step("after", \.c, using: \.a, \.b) { $0 + $1 }
    }
    #expect(failure(of: saga)?.problems.map(\.step) == ["no"])
  }

  @Test func aSwitchOnASlotNobodyWrites_isLeftToTheInput() {
    let saga = Sample { Switch("s", on: \.a) { Case(1) { Step("one") { _ in } } } }
    #expect(problems(of: saga) == [])
  }

  // MARK: - Numbers

  @Test func retries_mustMakeSense() {
    let saga = Sample {
      Step("fixed") { _ in }.retry(.fixed(retries: -1, every: .seconds(-2)))
      Step("linear") { _ in }.retry(.linear(retries: -1, step: .seconds(-2)))
      Step("exponential") { _ in }
        .retry(
          .exponential(
            retries: -2, from: .seconds(-1), factor: 0.5, cap: .seconds(-3), jitter: .proportional(1.5)))
      Step("nan") { _ in }.retry(
        .exponential(retries: 1, from: .zero, factor: .nan, jitter: .proportional(.nan)))
      Step("undo") { _ in }.compensationRetry(.fixed(retries: -1, every: .zero))
      Step("fine") { _ in }.retry(
        .exponential(retries: 0, from: .zero, factor: 1, cap: .zero, jitter: .proportional(1)))
    }
    #expect(
      problems(of: saga) == [
        "saga 'sample', 'fixed': its retry policy has -1 retries; use 0 or more, or .never",
        "saga 'sample', 'fixed': its retry policy has the delay -2.0 seconds; use zero or more for every:",
        "saga 'sample', 'linear': its retry policy has -1 retries; use 0 or more, or .never",
        "saga 'sample', 'linear': its retry policy has the delay -2.0 seconds; use zero or more for step:",
        "saga 'sample', 'exponential': its retry policy has -2 retries; use 0 or more, or .never",
        "saga 'sample', 'exponential': its retry policy has the delay -1.0 seconds; use zero or more for from:",
        "saga 'sample', 'exponential': its retry policy has the factor 0.5; use a finite one of 1 or more for factor:",
        "saga 'sample', 'exponential': its retry policy has the cap -3.0 seconds; use zero or more for cap:, or nil",
        "saga 'sample', 'exponential': its retry policy has the jitter .proportional(1.5); use a fraction in 0...1",
        "saga 'sample', 'nan': its retry policy has the factor nan; use a finite one of 1 or more for factor:",
        "saga 'sample', 'nan': its retry policy has the jitter .proportional(nan); use a fraction in 0...1",
        "saga 'sample', 'undo': its compensationRetry policy has -1 retries; use 0 or more, or .never",
      ])
  }

  @Test func durations_mustMakeSense() {
    let saga = Sample {
      Step("zero") { _ in }.timeout(.zero).settleGrace(.zero).compensationTimeout(.zero)
      Step("negative") { _ in }
        .timeout(.seconds(-1))
        .settleGrace(.seconds(-1))
        .compensationTimeout(.seconds(-1))
    }
    let positive = "use more than zero, or leave it out"
    #expect(
      problems(of: saga) == [
        "saga 'sample', 'zero': its timeout is 0.0 seconds; \(positive)",
        "saga 'sample', 'zero': its compensationTimeout is 0.0 seconds; \(positive)",
        "saga 'sample', 'negative': its timeout is -1.0 seconds; \(positive)",
        "saga 'sample', 'negative': its compensationTimeout is -1.0 seconds; \(positive)",
        "saga 'sample', 'negative': its settleGrace is -1.0 seconds; use zero or more",
      ])
  }

  @Test func defaults_mustMakeSense() {
    let bad = StepDefaults(
      retry: .fixed(retries: -1, every: .zero), timeout: .zero, settleGrace: .seconds(-1),
      compensationRetry: .fixed(retries: -2, every: .zero), compensationTimeout: .zero)
    let saga = Sample(defaults: bad) { Step("s") { _ in } }
    let configuration = PlanDefaults(step: bad, timeout: .zero, unwindTimeout: .zero)
    func said(of owner: String) -> [String] {
      [
        "saga 'sample': the retry policy of \(owner) has -1 retries; use 0 or more, or .never",
        "saga 'sample': the timeout of \(owner) is 0.0 seconds; use more than zero, or leave it out",
        "saga 'sample': the settleGrace of \(owner) is -1.0 seconds; use zero or more",
        "saga 'sample': the compensationRetry policy of \(owner) has -2 retries; use 0 or more, or .never",
        "saga 'sample': the compensationTimeout of \(owner) is 0.0 seconds; use more than zero, or leave it out",
      ]
    }
    #expect(
      problems(of: saga, defaults: configuration)
        == said(of: "the saga's defaults") + said(of: "the configuration's defaults") + [
          "saga 'sample': the timeout of the configuration is 0.0 seconds; use more than zero, or leave it out",
          """
          saga 'sample': the unwindTimeout of the configuration is 0.0 seconds; use more than zero, or leave it out
          """,
        ])
  }

  @Test func versions_startAtOne() {
    struct Zero: Saga {
      static let name = "zero", version = 0
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("s") { _ in } }
    }
    #expect(problems(of: Zero()) == ["saga 'zero': has version 0; use 1 or higher for static let version"])
    #expect(failure(of: Zero())?.problems.first?.code == .invalidVersion)
  }

  // MARK: - The body

  @Test func equalCases_areReportedOnce() {
    let saga = Sample {
      Switch("s", on: \.a) {
        Case(1, 2) { Step("x") { _ in } }
        Case(2) { Step("y") { _ in } }
        Case(2, 1) { Step("z") { _ in } }
      }
    }
    let remedy = "of which only the first would be taken; merge them"
    #expect(
      problems(of: saga) == [
        "saga 'sample', 's': has more than one Case(2), \(remedy)",
        "saga 'sample', 's': has more than one Case(1), \(remedy)",
      ])
  }

  @Test func anEmptyBody_isReported() {
    let remedy = "saga 'sample': the body has no steps; put at least one Step(\"name\") { ... } into it"
    #expect(problems(of: Sample {}) == [remedy])
    let empties = Sample {
      Parallel("p") { Sequential {} }
      When("w", { _ in true }) {}
    }
    #expect(problems(of: empties) == [remedy])
  }

  /// A part of 16 to the power of `depth` steps.
  private struct Many: Part {
    typealias State = Sample.State
    let depth: Int
    var body: Sagas.Sequential<State> {
      guard depth > 0 else { return Sagas.Sequential { Sagas.Step<State, Void>("s") { _ in } } }
      let less = Many(depth: depth - 1)
      return Sagas.Sequential {
        less; less; less; less; less; less; less; less
        less; less; less; less; less; less; less; less
      }
    }
  }

  @Test func tooManyParts_areReported_notATrap() {
    let saga = Sample { Many(depth: 4) }
    #expect(
      problems(of: saga).first == """
        saga 'sample': the body has 65538 parts, more than 60000; \
        move some of the work into the actions of fewer steps
        """)
    #expect(failure(of: saga)?.problems.map(\.code) == [.tooLarge, .duplicateName])
  }

  // MARK: - All together

  @Test func allProblems_comeInOneError_onALineEach() throws {
    let saga = Sample {
      Step("a/b", \.a) { _ in 1 }.timeout(.zero)
      Step("twice") { _ in }
      Step("twice", \.b, using: \.c) { $0 }
      Parallel("group") {
        Step("left", \.d) { _ in 1 }
        Step("right", \.d) { _ in 1 }
      }
    }
    let error = try #require(failure(of: saga))
    #expect(error.saga == "sample")
    #expect(error.version == 1)
    #expect(
      error.problems.map(\.code) == [
        .invalidName, .duplicateName, .invalidDuration, .unwrittenSlot, .conflictingSlot,
      ])
    #expect(
      error.description == """
        saga 'sample' (version 1) is not valid:
          - saga 'sample', 'a/b': step number 1 has / in its name; leave out / [ ] # ~ and control characters
          - saga 'sample', 'twice': the name is used 2 times; give each step, group and choice a name of its own, \
        it is the identity in the journal
          - saga 'sample', 'a/b': its timeout is 0.0 seconds; use more than zero, or leave it out
          - saga 'sample', 'twice': uses \\State.c, which no step before it writes; let a step before it write that \
        slot, or read it in the closure instead
          - saga 'sample', 'right': writes \\State.d, as 'left' does beside it in 'group'; give each a slot of its \
        own, or let one come after the other
        """)
  }

  /// A class is one for all: branches would see each other, and an undo would change what it looks at.
  @Test func slotsInClasses() {
    final class Cell: Codable, @unchecked Sendable {
      // Nobody runs the saga.
      var value: Int?
    }
    struct Sharing: Saga {
      struct State: Codable, Sendable {
        var own: Int?
        let cell: Cell
      }
      var body: some Flow<State> {
        Step("own", \.own) { _ in 1 }
        Step("shared", \.cell.value) { _ in 1 }
      }
    }
    struct Shared: Saga {
      final class State: Codable, @unchecked Sendable {
        // Nobody runs the saga.
        var value: Int?
      }
      var body: some Flow<State> { Step("all", \.value) { _ in 1 } }
      func output(_ s: Context<State>) throws -> Int { 1 }
    }
    #expect(failure(of: Sharing())?.problems.map(\.code) == [.sharedSlot])
    #expect(failure(of: Sharing())?.problems.map(\.step) == ["shared"])
    #expect(failure(of: Shared())?.problems.map(\.step) == ["all"])
  }

  // MARK: - Declarations that would not be taken

  private struct Secret: Sendable {}

  @Test func anOutputThatCannotBeRecorded_isNotPassedOver() {
    struct Hiding: Saga {
      static let name = "sample"
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
      func output(_ s: Context<State>) throws -> Secret { Secret() }
    }
    #expect(failure(of: Hiding())?.problems.map(\.code) == [.ignoredDeclaration])
    #expect(
      problems(of: Hiding()) == [
        "saga 'sample': the saga's output(_:) returns Secret, so it would not be taken; "
          + "return something that is Codable and Sendable"
      ])
  }

  @Test func declarationsOfAnotherType_areNotPassedOver() {
    struct Careless: Saga {
      static let name = "sample"
      struct State: Codable, Sendable { var a: Int? }
      let timeout = 30
      let unwindTimeout: Int? = nil
      let failurePolicy: FailurePolicy? = .stop
      let interceptors: [Telemetry] = []
      let defaults = "none"
      let retries = 3
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
    }
    #expect(
      problems(of: Careless()) == [
        "saga 'sample': the saga's timeout is declared as Int, so it would not be taken; declare it as Duration",
        "saga 'sample': the saga's unwindTimeout is declared as Optional<Int>, so it would not be taken; "
          + "declare it as Duration",
        "saga 'sample': the saga's failurePolicy is declared as Optional<FailurePolicy>, so it would not be taken; "
          + "declare it as FailurePolicy",
        "saga 'sample': the saga's interceptors is declared as Array<Telemetry>, so it would not be taken; "
          + "declare it as Array<Interceptor>",
        "saga 'sample': the saga's defaults is declared as String, so it would not be taken; "
          + "declare it as StepDefaults",
      ])
  }

  @Test func declarationsOfTheRightType_areTaken() throws {
    struct Careful: Saga {
      struct State: Codable, Sendable { var a: Int? }
      let timeout = Duration.seconds(3)
      let unwindTimeout: Duration? = .seconds(4)
      let failurePolicy = FailurePolicy.stop
      let interceptors: [any Interceptor] = []
      let defaults = StepDefaults()
      let compensationOrder = CompensationOrder.reverseStart
      let onCompensationFailure = CompensationFailurePolicy.finish
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
      func output(_ s: Context<State>) throws -> Int { try s.a }
    }
    let plan = try PlanCompiler.compile(Careful()).plan
    #expect(plan.timeout == .seconds(3) && plan.unwindTimeout == .seconds(4) && plan.closing == .stop)
  }

  @Test func limitsWithoutTheOptional_areTaken_andChecked() throws {
    struct Plain: Saga {
      static let name = "sample"
      struct State: Codable, Sendable { var a: Int? }
      let limit: Duration
      var timeout: Duration { limit }
      var unwindTimeout: Duration { limit }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
    }
    let plan = try PlanCompiler.compile(Plain(limit: .seconds(3))).plan
    #expect(plan.timeout == .seconds(3) && plan.unwindTimeout == .seconds(3))
    #expect(
      problems(of: Plain(limit: .zero)) == [
        "saga 'sample': the saga's timeout is 0.0 seconds; use more than zero, or leave it out",
        "saga 'sample': the saga's unwindTimeout is 0.0 seconds; use more than zero, or leave it out",
      ])
  }

  @Test func theTimeoutNobodyStates_isADay_forWhatGoesOnByItself() throws {
    struct Silent: Saga {
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Parallel("group") {
          Step("a", \.a) { _ in 1 }
          When("if", { _ in true }) { Fail("no") { _ in Rejected() } }
        }
        Pivot("pivot")
      }
    }
    struct Endless: Saga {
      struct State: Codable, Sendable { var a: Int? }
      let timeout: Duration? = nil
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
    }
    #expect(try PlanCompiler.compile(Silent()).plan.timeout == .hours(24))
    #expect(Silent().timeout == .hours(24) as Duration?)
    #expect(try PlanCompiler.compile(Endless()).plan.timeout == nil)
  }

  private struct Rejected: Error {}
}
