import Testing

@testable import Sagas

/// What changes the fingerprint of a plan, and what does not: a line each.
@Suite("Fingerprint")
struct FingerprintTests {
  struct State: Codable, Sendable {
    var order = "o"
    var a: Int?, b: String?, other: Int?, paid: Paid?, said: Said?
  }

  /// A saga with a body that is given to it.
  private struct Shape: Saga {
    typealias State = FingerprintTests.State
    let pieces: Sagas.Sequential<FingerprintTests.State>
    var policy = FailurePolicy.compensate
    var order = CompensationOrder.reverseCompletion
    var limit: Duration?

    var body: some Flow<State> { pieces }
    var failurePolicy: FailurePolicy { policy }
    var compensationOrder: CompensationOrder { order }
    var timeout: Duration? { limit }
  }

  private static func fingerprint(
    defaults: PlanDefaults = PlanDefaults(), _ shape: Shape
  ) throws -> Fingerprint {
    try PlanCompiler.compile(shape, defaults: defaults).fingerprint
  }

  private static func fingerprint(@FlowBuilder<State> _ body: () -> Sequential<State>) throws -> Fingerprint {
    try fingerprint(Shape(pieces: body()))
  }

  /// What all others are held against.
  private static func base() throws -> Fingerprint {
    try fingerprint {
      Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }
      Parallel<State>("group") {
        Step<State, String>("b", \.b) { _ in "" }
        Step<State, Void>("c") { _ in }
      }
      When<State>("large", { _ in true }) {
        Step<State, Void>("d") { _ in }
      } otherwise: {
        Step<State, Void>("e") { _ in }
      }
      WaitForEvent<State, Paid>("paid", \.paid, on: \.order, equals: \.order)
      Pivot<State>("point")
      Sleep<State>("nap", for: .seconds(1))
    }
  }

  /// The base, with one of its parts in another form.
  private static func with(
    @FlowBuilder<State> a: () -> Sequential<State> = { Self.step() },
    @FlowBuilder<State> group: () -> Sequential<State> = { Self.group() },
    @FlowBuilder<State> choice: () -> Sequential<State> = { Self.choice() },
    @FlowBuilder<State> wait: () -> Sequential<State> = { Self.wait() },
    @FlowBuilder<State> rest: () -> Sequential<State> = { Self.rest() }
  ) throws -> Fingerprint {
    try fingerprint {
      a()
      group()
      choice()
      wait()
      rest()
    }
  }

  @FlowBuilder<State> private static func step() -> Sequential<State> {
    Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }
  }
  @FlowBuilder<State> private static func group() -> Sequential<State> {
    Parallel<State>("group") {
      Step<State, String>("b", \.b) { _ in "" }
      Step<State, Void>("c") { _ in }
    }
  }
  @FlowBuilder<State> private static func choice() -> Sequential<State> {
    When<State>("large", { _ in true }) {
      Step<State, Void>("d") { _ in }
    } otherwise: {
      Step<State, Void>("e") { _ in }
    }
  }
  @FlowBuilder<State> private static func wait() -> Sequential<State> {
    WaitForEvent<State, Paid>("paid", \.paid, on: \.order, equals: \.order)
  }
  @FlowBuilder<State> private static func rest() -> Sequential<State> {
    Pivot<State>("point")
    Sleep<State>("nap", for: .seconds(1))
  }

  struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable () throws -> Fingerprint
    init(_ name: String, _ make: @escaping @Sendable () throws -> Fingerprint) {
      testDescription = name
      self.make = make
    }
  }

  static let changing: [Change] = steps + compositions + waits

  private static let steps: [Change] = [
    Change("a step's name") { try with(a: { Step<State, Int>("A", \.a) { _ in 1 }.compensate { _ in } }) },
    Change("no undo") { try with(a: { Step<State, Int>("a", \.a) { _ in 1 } }) },
    Change("an undo for the unknown effect") {
      try with(a: {
        Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }.compensateUnknown { _ in }
      })
    },
    Change("an undo after a failure") {
      try with(a: {
        Step<State, Int>("a", \.a) { _ in 1 }.undo(after: [.completed, .failed]) { _, _ in }
      })
    },
    Change("the type of a result") {
      try with(a: { Step<State, String>("a", \.b) { _ in "" }.compensate { _ in } })
    },
    Change("the type of a result without a slot") {
      try with(a: { Step<State, Int64>("a") { _ in 1 }.compensate { _ in } })
    },
    Change("no result") { try with(a: { Step<State, Void>("a") { _ in }.undo { _, _ in } }) },
    Change("optional") {
      try with(a: { Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }.optional() })
    },
    Change("at most once") {
      try with(a: { Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }.atMostOnce() })
    },
    Change("one step more") {
      try with(a: {
        step()
        Step<State, Void>("one more") { _ in }
      })
    },
    Change("one step less") { try with(a: {}) },
  ]

  private static let compositions: [Change] = [
    Change("the order of steps") {
      try with(group: { choice() }, choice: { group() })
    },
    Change("the order of branches") {
      try with(group: {
        Parallel<State>("group") {
          Step<State, Void>("c") { _ in }
          Step<State, String>("b", \.b) { _ in "" }
        }
      })
    },
    Change("a group's name") {
      try with(group: {
        Parallel<State>("Group") {
          Step<State, String>("b", \.b) { _ in "" }
          Step<State, Void>("c") { _ in }
        }
      })
    },
    Change("branches one after the other") {
      try with(group: {
        Parallel<State>("group") {
          Sequential<State> {
            Step<State, String>("b", \.b) { _ in "" }
            Step<State, Void>("c") { _ in }
          }
        }
      })
    },
    Change("a step out of its group") {
      try with(group: {
        Parallel<State>("group") { Step<State, String>("b", \.b) { _ in "" } }
        Step<State, Void>("c") { _ in }
      })
    },
    Change("a branch of a choice less") {
      try with(choice: { When<State>("large", { _ in true }) { Step<State, Void>("d") { _ in } } })
    },
    Change("a step out of its choice") {
      try with(choice: {
        When<State>("large", { _ in true }) { Step<State, Void>("d") { _ in } }
        Step<State, Void>("e") { _ in }
      })
    },
    Change("a failure in place of a step") {
      try with(choice: {
        When<State>("large", { _ in true }) {
          Step<State, Void>("d") { _ in }
        } otherwise: {
          Fail<State>("e") { _ in Refused() }
        }
      })
    },
    Change("no pivot") { try with(rest: { Sleep<State>("nap", for: .seconds(1)) }) },
    Change("the place of the pivot") {
      try with(rest: {
        Sleep<State>("nap", for: .seconds(1))
        Pivot<State>("point")
      })
    },
    Change("a scope that an event ends") {
      try with(group: {
        Sequential<State> { group() }.failing(on: Said.self, \.words, equals: \.order) { _ in Refused() }
      })
    },
  ]

  private static let waits: [Change] = [
    Change("a sleep in place of a wait") { try with(wait: { Sleep<State>("paid", for: .seconds(1)) }) },
    Change("another event") {
      try with(wait: { WaitForEvent<State, Said>("paid", \.said, on: \.words, equals: \.order) })
    },
    Change("no slot for the event") {
      try with(wait: {
        WaitForEvent<State, Paid>("paid", for: Paid.self, on: \.order, equals: \.order)
      })
    },
    Change("no slot for another event") {
      try with(wait: {
        WaitForEvent<State, Said>("paid", for: Said.self, on: \.words, equals: \.order)
      })
    },
    Change("a time that is judged") {
      try with(wait: {
        WaitForEvent<State, Paid>("paid", \.paid) {
          On(Paid.self, \.order, equals: \.order) { $0 }
          After(.hours(1)) { _ in Paid(order: "") }
        }
      })
    },
    Change("a key that is a result") {
      try with(wait: { WaitForEvent<State, Paid>("paid", \.paid, on: \.order, equalsResult: \.b) })
    },
    Change("a judge of the event") {
      try with(wait: {
        WaitForEvent<State, Paid>("paid", \.paid, on: \.order, equals: \.order).failing { _ in nil }
      })
    },
  ]

  static let harmless: [Change] = [
    Change("nothing") { try base() },
    Change("what closures do") {
      try with(
        a: { Step<State, Int>("a", \.a) { _ in throw Refused() }.compensate { _ in throw Refused() } },
        choice: {
          When<State>("large", { try $0.a > 1 }) {
            Step<State, Void>("d") { _ in }
          } otherwise: {
            Step<State, Void>("e") { _ in }
          }
        })
    },
    Change("the slot of a result") {
      try with(a: { Step<State, Int>("a", \.other) { _ in 1 }.compensate { _ in } })
    },
    Change("a result without a slot") {
      try with(a: { Step<State, Int>("a") { _ in 1 }.compensate { _ in } })
    },
    Change("time limits, retries and graces") {
      try with(
        a: {
          Step<State, Int>("a", \.a) { _ in 1 }
            .timeout(.seconds(1)).retry(.fixed(retries: 1, every: .zero)).settleGrace(.zero)
            .compensate { _ in }.compensationRetry(.never).compensationTimeout(.seconds(1))
        },
        wait: {
          WaitForEvent<State, Paid>("paid", \.paid, on: \.order, equals: \.order, since: .retention)
            .timeout(.seconds(1))
        },
        rest: {
          Pivot<State>("point")
          Sleep<State>("nap", for: .hours(1))
        })
    },
    Change("the strategy") {
      try with(a: { Step<State, Int>("a", \.a) { _ in 1 }.compensate(.immediate) { _ in } })
    },
    Change("a strategy to be asked") {
      try with(a: { Step<State, Int>("a", \.a) { _ in 1 }.compensate(.when { _, _ in true }) { _ in } })
    },
    Change("unknown errors and who is told") {
      try with(a: {
        Step<State, Int>("a", \.a) { _ in 1 }.compensate { _ in }
          .unknown(Refused.self).onError { _, _ in }
      })
    },
    Change("the saga's policies") {
      try fingerprint(
        Shape(
          pieces: pieces(), policy: .suspend, order: .list("a"), limit: .seconds(9)))
    },
    Change("the orchestrator's defaults") {
      try fingerprint(
        defaults: PlanDefaults(
          step: StepDefaults(
            retry: .fixed(retries: 9, every: .zero), timeout: .seconds(9), settleGrace: .zero,
            compensationRetry: .never, compensationTimeout: .seconds(9)),
          unwindTimeout: .seconds(9)),
        Shape(pieces: pieces()))
    },
    Change("sequences in sequences, and what is empty") {
      try with(
        group: {
          Sequential<State> { group() }
          Sequential<State> {}
        })
    },
  ]

  @FlowBuilder<State> private static func pieces() -> Sequential<State> {
    step()
    group()
    choice()
    wait()
    rest()
  }

  @Test(arguments: changing)
  func changes(_ change: Change) throws {
    #expect(try change.make() != Self.base())
  }

  @Test(arguments: harmless)
  func changesNothing(_ change: Change) throws {
    #expect(try change.make() == Self.base())
  }

  /// No two of the changes are taken for the same.
  @Test func eachChangeIsAnother() throws {
    let all = try Self.changing.map { try $0.make() }
    #expect(Set(all).count == all.count)
  }

  /// Sagas in stores have these numbers: no process, platform or version of the library makes others.
  @Test func theNumbersNeverChange() throws {
    let base = try Self.base().text
    #expect(base == "577fcba0f99b0533")
    let checkout = try PlanCompiler.compile(Checkout(in: OutsideWorld())).fingerprint.text
    #expect(checkout == "5e1be21a43b2970f")
  }

  @Test func theText_hasSixteenDigits() {
    #expect(Fingerprint(value: 0).text == "0000000000000000")
    #expect(Fingerprint(value: 0xA0).text == "00000000000000a0")
    #expect(Fingerprint(value: .max).text == "ffffffffffffffff")
  }

  // MARK: - Types

  private enum Before {
    struct Receipt: Codable { var amount = 1 }
  }
  private enum Later {
    struct Receipt: Codable { var amount = 1, currency: String? }
    struct Invoice: Codable { var amount = 1 }
  }

  /// A type may move to another module or into another type; private and local ones have another full name in each
  /// process.
  @Test func aType_isItsNameAlone() throws {
    func fingerprint<Value: Codable & Sendable>(_ value: Value) throws -> Fingerprint {
      try Self.fingerprint { Step<State, Value>("a") { _ in value } }
    }
    struct Receipt: Codable { var amount = 1 }
    let before = try fingerprint(Before.Receipt())
    #expect(try fingerprint(Later.Receipt()) == before)
    #expect(try fingerprint(Receipt()) == before)
    #expect(try fingerprint(Later.Invoice()) != before)
    #expect(try fingerprint([Before.Receipt()]) != before)
    #expect(try fingerprint([Before.Receipt()]) == fingerprint([Later.Receipt()]))
    #expect(try fingerprint(Before.Receipt() as Before.Receipt?) != before)
  }

  /// The output counts as a result does; the State does not.
  @Test func theOutput_counts_theStateDoesNot() throws {
    struct Plain: Saga {
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
      func output(_ s: Context<State>) throws -> Int { try s.a }
    }
    struct OtherState: Saga {
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
      func output(_ s: Context<State>) throws -> Int { try s.a }
    }
    struct OtherOutput: Saga {
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 } }
      func output(_ s: Context<State>) throws -> String { "" }
    }
    let plain = try PlanCompiler.compile(Plain()).fingerprint
    #expect(try PlanCompiler.compile(OtherState()).fingerprint == plain)
    #expect(try PlanCompiler.compile(OtherOutput()).fingerprint != plain)
  }

  @Test func optionsOfOneSaga_changeNothing() throws {
    let program = try PlanCompiler.compile(Checkout(in: OutsideWorld()))
    let own = program.with(
      StartOptions(failurePolicy: .stop, defaults: StepDefaults(retry: .fixed(retries: 1, every: .zero))))
    #expect(own !== program && own.fingerprint == program.fingerprint)
  }
}
