extension OutsideSource {
  /// Mistakes, each with what the compiler says about it, and where.
  static let mistakes =
    stepMistakes + undoMistakes + bodyMistakes + sagaMistakes + eventMistakes + busMistakes

  private static let stepMistakes: [OutsideSource] = [
    .body(
      "a result of another type than the slot",
      #"""
      Step("pay", \.reservation) { try await bank.pay($0.total) }  // error: cannot convert value of type 'Receipt' to closure result type 'Reservation'
      """#),
    .body(
      "a hook that throws",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .onError { _, _ in try await bank.ring() }  // error: invalid conversion from throwing function of type
      """#),
    .body(
      "a hook without the run",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .onError { error in print(error) }  // error: contextual closure type '@Sendable (any Error, StepRun) async -> Void' expects 2 arguments, but 1 was used
      """#),
    .body(
      "a slot that is misspelt",
      #"""
      Step("pay", \.reciept) { try await bank.pay($0.total) }  // error: value of type 'S.State' has no member 'reciept'
        .timeout(.seconds(1))
        .compensate { try await bank.refund($0) }
      """#),
    .body(
      "a slot that is not optional",
      #"""
      Step("count", \.count) { _ in 3 }  // error: a slot is an optional `var` of the State
      """#),
    .body(
      "a slot that is a let",
      #"""
      Step("note", \.note) { _ in "hm" }  // error: a slot is an optional `var` of the State
      """#),
    .body(
      "a read that is misspelt",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.totl) }  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
      """#),
    .body(
      "a read that is misspelt, among statements",
      #"""
      Step("pay", \.receipt) { context in
        let key = context.run.idempotencyKey
        return try await bank.pay(context.totl, key: key)  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
      }
      """#),
    .body(
      "a fact of the run that is misspelt",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total, key: $0.run.idempotenceKey) }  // error: value of type 'StepRun' has no member 'idempotenceKey'
      """#),
    .body(
      "a result read without try",
      #"""
      Step("print") { print($0.receipt.id) }  // error: subscript access can throw, but it is not marked with 'try'
      Step("length", \.score) { context in
        let id = context.receipt.id  // error: subscript access can throw, but it is not marked with 'try'
        return Double(id.count)
      }
      """#),
    .body(
      "a missing await",
      #"""
      Step("pay", \.receipt) { try bank.pay($0.total) }  // error: expression is 'async' but is not marked with 'await'
      """#),
    .body(
      "a service called with the wrong type",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.receipt) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Int'
      """#),
    .body(
      "a missing argument",
      #"""
      Step("ring") { try await bank.ring() }  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
      """#),
    .body(
      "a missing argument of a step with a slot",
      #"""
      Step("reserve", \.reservation) { try await bank.reserve() }  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
      """#),
    .body(
      "a missing argument in front of statements",
      #"""
      Step("pay", \.receipt) {  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
        let total = 3
        return try await bank.pay(total)
      }
      """#),
    .body(
      "writing to the State",
      #"""
      Step("count") { $0.count = 3 }  // error: cannot assign through dynamic lookup property: '$0' is immutable
      """#),
    .body(
      "writing to a slot",
      #"""
      Step("pay") { $0.receipt = try await bank.pay($0.total) }  // error: cannot assign through dynamic lookup property: '$0' is immutable
      """#),
    .body(
      "a step without a name",
      #"""
      Step(\.receipt) { try await bank.pay($0.total) }  // error: a step needs a stable name, it is its identity in the journal: Step("charge", \.receipt) { ... }
      """#),
    .body(
      "a step without a name and without a slot",
      #"""
      Step { try await bank.pay($0.total) }  // error: a step needs a stable name
      """#),
    .body(
      "a step without a name and without a result",
      #"""
      Step { _ in try await bank.ring() }  // error: a step needs a stable name
      """#),
    .body(
      "a result that is not Codable",
      #"""
      Step("secret") { context in  // error: the result of a step is journaled, so its type must be Codable
        print(context.total)
        return Secret()
      }
      Step("forgotten secret") { _ in Secret() }  // warning: result of 'Secret' initializer is unused
      """#),
    .file(
      "a slot whose type is not Codable",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var secret: Secret? }  // error: does not conform to protocol 'Decodable'  // error: does not conform to protocol 'Encodable'
        var body: some Flow<State> {
          Step("secret", \.secret) { _ in Secret() }  // error: the result of a step is journaled, so its type must be Codable
        }
      }
      """#),
    .body(
      "a used slot of another type",
      #"""
      Step("score", \.score, using: \.receipt) { (note: String) in 1.0 }  // error: cannot convert value of type '@Sendable (String) -> Double' to expected argument type '@Sendable (Receipt) async throws -> Double'
      """#),
    .body(
      "a used slot that is misspelt",
      #"""
      Step("score", \.score, using: \.reciept) { Double($0.id.count) }  // error: value of type 'S.State' has no member 'reciept'
      """#),
    .body(
      "fewer arguments than used slots",
      #"""
      Step("score", \.score, using: \.receipt, \.reservation) { _ in 1 }  // error: expects 2 arguments, but 1 was used in closure body
      """#),
    .body(
      "a result of another type, behind statements",
      #"""
      Step("pay", \.reservation) { context in
        let total = context.total
        return try await bank.pay(total)  // error: cannot convert value of type 'Receipt' to closure result type 'Reservation'
      }
      """#),
    .body(
      "results of two types",
      #"""
      Step("score", \.score) { context in
        if context.total > 1 { return 1 }
        return "none"  // error: cannot convert value of type 'String' to closure result type 'Double'
      }
      """#),
    .body(
      "a slot that is misspelt, in front of statements",
      #"""
      Step("pay", \.reciept) { context in  // error: value of type 'S.State' has no member 'reciept'
        let total = context.total
        return try await bank.pay(total)
      }
      .compensate { try await bank.refund($0) }
      """#),
    .body(
      "a misspelt name among the statements of a step without a slot",
      #"""
      Step("ring") { context in
        let total = context.totl  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
        print(total)
      }
      """#),
    .body(
      "an argument of the wrong type among statements",
      #"""
      Step("pay", \.receipt) { context in
        let receipt = try context.receipt
        return try await bank.pay(receipt)  // error: cannot convert value of type 'Receipt' to expected argument type 'Int'
      }
      """#),
    .body(
      "a mistake behind used slots, among statements",
      #"""
      Step("score", \.score, using: \.receipt) { receipt in
        let id = receipt.idd  // error: value of type 'Receipt' has no member 'idd'
        return Double(id.count)
      }
      """#),
    .body(
      "a filter of retries that asks for what is not there",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .retry(.fixed(retries: 1, every: .seconds(1)).only(Refused.self) { $0.isTransient })  // error: value of type 'Refused' has no member 'isTransient'
      """#),
    .body(
      "a modifier that is misspelt",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .compensateUnknwon { _ in }  // error: has no member 'compensateUnknwon'
      """#),
    .body(
      "a label that is not there",
      #"""
      Step(name: "ring") { _ in try await bank.ring() }  // error: extraneous argument label 'name:' in call
      """#),
    .body(
      "a number of retries instead of a policy",
      #"""
      Step("ring") { _ in try await bank.ring() }.retry(3)  // error: cannot convert value of type 'Int' to expected argument type 'RetryPolicy'
      """#),
    .body(
      "a timeout without a unit",
      #"""
      Step("ring") { _ in try await bank.ring() }.timeout(30)  // error: cannot convert value of type 'Int' to expected argument type 'Duration'
      """#),
    .body(
      "a captured variable",
      #"""
      var rings = 0
      Step("ring") { _ in rings += 1 }  // error: mutation of captured var 'rings' in concurrently-executing code
      """#),
    .body(
      "a captured object that is not Sendable",
      #"""
      let counter = Counter()
      Step("ring") { _ in counter.count += 1 }  // error: capture of 'counter' with non-Sendable type 'Counter' in a '@Sendable' closure
      """#),
  ]

  private static let undoMistakes: [OutsideSource] = [
    .body(
      "an undo of another type, after one expression",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate { try await bank.release($0) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Reservation'
      """#),
    .body(
      "an undo of another type, with two arguments",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate { receipt, undo in try await bank.release(receipt) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Reservation'
      """#),
    .body(
      "an undo of another type, after several statements",
      #"""
      Step("pay", \.receipt) { context in
        let total = context.total
        return try await bank.pay(total)
      }
      .compensate { try await bank.release($0) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Reservation'
      """#),
    .body(
      "a method of another type as an undo",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(bank.release)  // error: cannot convert value of type '@Sendable (Reservation) async throws -> ()' to expected argument type '@Sendable (Receipt) async throws -> Void'
      """#),
    .body(
      "an undo without its argument",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate { try await bank.ring() }  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
      """#),
    .body(
      "an undo without its argument, of a step without a result",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .compensate { try await bank.ring() }  // error: contextual type for closure argument list expects 1 argument, which cannot be implicitly ignored
      """#),
    .body(
      "an undo that takes the result of a step without one",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .compensate { result, undo in try await bank.ring() }  // error: this step has no result
      """#),
    .body(
      "a mistake among the statements of an undo",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate { receipt in
          let id = receipt.idd  // error: value of type 'Receipt' has no member 'idd'
          try await bank.void(key: id)
        }
      """#),
    .body(
      "a mistake among the statements of an undo without a result",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .compensate { undo in
          let error = undo.eror  // error: value of type 'Undo<S.State>' has no dynamic member 'eror'
          print(error)
        }
      """#),
    .body(
      "an undo of an unknown effect that takes a result",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensateUnknown { receipt, undo in try await bank.refund(receipt) }  // error: '@Sendable (Undo<S.State>) async throws -> Void' expects 1 argument, but 2 were used
      """#),
    .body(
      "a strategy that does not exist",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(.later) { try await bank.refund($0) }  // error: type 'CompensationStrategy<S.State>' has no member 'later'
      """#),
    .body(
      "a strategy that reads a slot without try",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(.when { context, error in context.score > 1 }) { try await bank.refund($0) }  // error: subscript access can throw, but it is not marked with 'try'
      """#),
    .body(
      "a strategy that looks at the context only",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(.when { $0.total > 1 }) { try await bank.refund($0) }  // error: expects 2 arguments, but 1 was used in closure body
      """#),
    .body(
      "an undo of another type behind a strategy",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(.immediate) { try await bank.release($0) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Reservation'
      """#),
    .body(
      "an undo behind a strategy that takes the result of a step without one",
      #"""
      Step("ring") { _ in try await bank.ring() }
        .compensate(.immediate) { result, undo in try await bank.ring() }  // error: this step has no result
      """#),
    .body(
      "a mistake among the statements of an undo behind a strategy",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .compensate(.immediate) { receipt in
          let id = receipt.idd  // error: value of type 'Receipt' has no member 'idd'
          try await bank.void(key: id)
        }
      """#),
    .body(
      "an effect that does not exist",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .undo(after: [.complete]) { _, _ in try await bank.ring() }  // error: type 'EffectKind' has no member 'complete'
      """#),
    .body(
      "an effect of another type",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }
        .undo { effect, undo in
          if case .completed(let receipt) = effect { try await bank.release(receipt) }  // error: cannot convert value of type 'Receipt' to expected argument type 'Reservation'
        }
      """#),
  ]

  private static let bodyMistakes: [OutsideSource] = [
    .body(
      "if in a body",
      #"""
      if Bool.random() {  // error: a saga body is a fixed plan: for a decision at run time use When
        Step("ring") { _ in try await bank.ring() }
      }  // error: a saga body is a fixed plan: for a decision at run time use When
      """#),
    .body(
      "if and else in a body",
      #"""
      if Bool.random() {  // error: a saga body is a fixed plan: for a decision at run time use When
        Step("ring") { _ in try await bank.ring() }
      } else {  // error: a saga body is a fixed plan: for a decision at run time use When
        Step("reserve", \.reservation) { _ in try await bank.reserve() }
      }
      """#),
    .body(
      "switch in a body",
      #"""
      switch Tier.basic {
      case .basic: Step("ring") { _ in try await bank.ring() }  // error: or Switch("name", on: \.slot) { Case(...) { ... } }
      case .premium: Step("reserve", \.reservation) { _ in try await bank.reserve() }  // error: or Switch("name", on: \.slot) { Case(...) { ... } }
      }
      """#),
    .body(
      "for in a body",
      #"""
      for number in 0..<3 {
        Step("ring \(number)") { _ in try await bank.ring() }
      }  // error: a saga body is a fixed plan: loop inside the action of a step, or start a saga per element
      """#),
    .body(
      "a statement in a body",
      #"""
      Step("ring") { _ in try await bank.ring() }
      print("rung")  // error: type '()' cannot conform to 'Flow'
      """#),
    .body(
      "a group without a name",
      #"""
      Parallel {  // error: a group needs a stable name
        Step("ring") { _ in try await bank.ring() }
      }
      """#),
    .body(
      "a modifier of steps on a group",
      saysMore: true,
      #"""
      Parallel("ring") { Step("ring twice") { _ in try await bank.ring() } }
        .retry(.never)  // error: has no member 'retry'
      """#),
    .body(
      "a decision without a name",
      #"""
      When({ $0.total > 1 }) { Step("ring") { _ in try await bank.ring() } }  // error: a decision needs a stable name
      """#),
    .body(
      "a condition that reads a result without try",
      #"""
      When("high?", { $0.score > 1 }) { Step("ring") { _ in try await bank.ring() } }  // error: subscript access can throw, but it is not marked with 'try'
      """#),
    .body(
      "a condition that is misspelt",
      #"""
      When("high?", { $0.totl > 1 }) { Step("ring") { _ in try await bank.ring() } }  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
      """#),
    .body(
      "a mistake in a branch",
      #"""
      When("high?", { $0.total > 1 }) {
        Step("ring") { _ in try await bank.ring() }
      } otherwise: {
        Step("score", \.scor) { _ in 1 }  // error: value of type 'S.State' has no member 'scor'
      }
      """#),
    .body(
      "a mistake in a group, among statements",
      #"""
      Parallel("both") {
        Step("ring") { _ in try await bank.ring() }
        Step("pay", \.receipt) { context in
          let total = context.totl  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
          return try await bank.pay(total)
        }
      }
      """#),
    .body(
      "a condition that is not one",
      #"""
      When("high?", { $0.total }) { Step("ring") { _ in try await bank.ring() } }  // error: cannot convert value of type 'Int' to closure result type 'Bool'
      """#),
    .body(
      "else for otherwise",
      #"""
      When("high?", { $0.total > 1 }) {  // error: the other branch is called otherwise
        Step("ring") { _ in try await bank.ring() }
      } else: {
        Step("reserve", \.reservation) { _ in try await bank.reserve() }
      }
      """#),
    .body(
      "a case of another type",
      #"""
      Switch("tier", on: \.tier) {
        Case(1) { Step("ring") { _ in try await bank.ring() } }  // error: cannot convert value of type 'Int' to expected argument type 'Tier'
      }
      """#),
    .body(
      "a case that does not exist",
      saysMore: true,
      #"""
      Switch("tier", on: \.tier) {
        Case(.gold) { Step("ring") { _ in try await bank.ring() } }  // error: type 'Tier' has no member 'gold'
      }
      """#),
    .body(
      "a step for a case",
      #"""
      Switch("tier", on: \.tier) {
        Step("ring") { _ in try await bank.ring() }  // error: to expected argument type 'Case<S.State, Tier>'
      }
      """#),
    .body(
      "a switch on what is not a slot",
      #"""
      Switch("total", on: \.total) {  // error: cannot convert value of type 'KeyPath<S.State, Int>' to expected argument type 'KeyPath<S.State, Optional<Int>>'
        Case(1) { Step("ring") { _ in try await bank.ring() } }
      }
      """#),
    .body(
      "a failure that is not an error",
      #"""
      Fail("never") { _ in "never" }  // error: what a Fail fails with must be an Error
      """#),
    .body(
      "a failure that is misspelt",
      #"""
      Fail("never") { _ in Refusd() }  // error: cannot find 'Refusd' in scope
      """#),
    .body(
      "a failure that reads what is not there, among statements",
      #"""
      Fail("never") { context in
        print(context.totl)  // error: value of type 'Context<S.State>' has no dynamic member 'totl'
        return Refused()
      }
      """#),
    .body(
      "a failure that is text, behind statements",
      #"""
      Fail("never") { context in  // error: what a Fail fails with must be an Error
        let total = context.total
        return "never \(total)"
      }
      """#),
    .file(
      "a step of another saga",
      #"""
      private struct Other: Saga {
        struct State: Codable, Sendable { var score: Double? }
        static let ring = Step("ring") { _ in }
        var body: some Flow<State> { Self.ring }
      }
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> {
          Other.ring  // error: requires the types 'S.State' and 'Other.State' be equivalent
        }
      }
      """#),
  ]

  private static let sagaMistakes: [OutsideSource] = [
    .file(
      "a service that is not Sendable",
      #"""
      private struct S: Saga {
        let counter: Counter  // error: stored property 'counter' of 'Sendable'-conforming struct 'S' has non-Sendable type 'Counter'
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
      }
      """#),
    .file(
      "a State that is not Codable",
      saysMore: true,
      #"""
      private struct S: Saga {  // error: type 'S' does not conform to protocol 'Stateful'
        struct State: Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
      }
      """#),
    .file(
      "a saga without a body",
      #"""
      private struct S: Saga {  // error: type 'S' does not conform to protocol 'Saga'
        struct State: Codable, Sendable { var score: Double? }
      }
      """#),
    .file(
      "an output that reads a slot without try",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
        func output(_ s: Context<State>) -> Double { s.score }  // error: subscript access can throw, but it is not marked with 'try'
      }
      """#),
    .file(
      "an order that is not made of names",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
        var compensationOrder: CompensationOrder { .init { $0.reversed() } }  // error: to closure result type '[[String]]'
      }
      """#),
    .file(
      "an input that is misspelt",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { let total: Int; var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { Double($0.total) } }
      }
      private func start(_ sagas: SagaOrchestrator) async throws {
        _ = try await sagas.start(S.self, .init(totl: 1))  // error: incorrect argument label in call (have 'totl:', expected 'total:')
      }
      """#),
    .file(
      "a slot of another saga to go on from",
      #"""
      private struct Other: Stateful { struct State: Codable, Sendable { var ring: Double? } }
      private struct S: Saga {
        struct State: Codable, Sendable { let total: Int; var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { Double($0.total) } }
      }
      private func goOn(_ run: SagaRun<S>, _ sagas: SagaOrchestrator) async throws {
        try await run.resume(from: \Other.State.ring)  // error: S.State
        _ = try await sagas.start(S.self, .init(total: 1), from: \Other.State.ring)  // error: S.State
      }
      """#),
    .file(
      "a slot to go on from that is misspelt, or none",
      saysMore: true,
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { let total: Int; var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { Double($0.total) } }
      }
      private func goOn(_ run: SagaRun<S>, _ sagas: SagaOrchestrator) async throws {
        try await run.resume(from: \.scroe)  // error: consider explicitly specifying a root type
        try await run.resume(from: \S.State.scroe)  // error: type 'S.State' has no member 'scroe'
        try await run.resume(from: \.total)  // error: name a step, or the slot it writes: an optional `var` of the State
        _ = try await sagas.start(S.self, .init(total: 1), from: \.scroe)  // error: consider explicitly specifying a root type
        _ = try await sagas.start(S.self, .init(total: 1), from: \.total)  // error: name a step, or the slot it writes: an optional `var` of the State
      }
      """#),
    .file(
      "an outcome not looked at as a whole",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
        func output(_ s: Context<State>) throws -> Double { try s.score }
      }
      private func score(_ run: SagaRun<S>) async -> Int {
        if case .completed(let score) = await run.outcome { return score }  // error: cannot convert return expression of type 'Double' to return type 'Int'
        return 0
      }
      """#),
    .file(
      "a policy of the supervisor that does not exist",
      #"""
      private let policy = SupervisorPolicy { _ in .retry }  // error: type 'SupervisorPolicy.Decision' has no member 'retry'
      """#),
    .file(
      "a policy that forgets the number of attempts",
      #"""
      private let policy = SupervisorPolicy { report in report.canRecover ? .resume : .leave }  // error: member 'resume(attempts:)' expects argument of type 'Int'
      """#),
  ]
}
