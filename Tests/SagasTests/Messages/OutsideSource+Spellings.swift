extension OutsideSource {
  /// What must be possible to write, without a warning.
  static let spellings = sagaSpellings + eventSpellings + busSpellings

  private static let sagaSpellings: [OutsideSource] = [
    .body(
      "results in slots",
      #"""
      Step("one expression", \.receipt) { try await bank.pay($0.total, key: $0.run.idempotencyKey) }
      Step("several statements", \.score) { context in
        let id = try context.receipt.id
        return Double(id.count)
      }
      Step("a value", \.tier) { _ in .premium }
      Step("nothing yet", \.score) { _ in throw Refused() }
      """#),
    .body(
      "results without slots",
      #"""
      Step("one expression") { try await bank.pay($0.total) }
        .compensate { try await bank.refund($0) }
      Step("a method as undo") { try await bank.pay($0.total) }
        .compensate(bank.refund)
      Step("two arguments") { try await bank.pay($0.total) }
        .compensate { receipt, undo in try await bank.refund(receipt, because: undo.error) }
      Step("several statements") { context in
        let total = context.total
        return try await bank.pay(total)
      }
      .compensate { try await bank.refund($0) }
      """#),
    .body(
      "no results",
      #"""
      Step("one expression") { _ in try await bank.ring() }
      Step("a read") { try await bank.refund($0.receipt) }
      Step("several statements") { context in
        let receipt = try context.receipt
        try await bank.refund(receipt)
        try await bank.ring()
      }
      .compensate { _ in try await bank.ring() }
      Step("undone with its State") { _ in try await bank.ring() }
        .compensate { try await bank.refund($0.receipt) }
      Step("nothing") { _ in }
        .compensate { undo in print(undo.error) }
      """#),
    .body(
      "closures that only throw",
      #"""
      Step("by itself") { _ in throw Refused() }
      Step("optional") { _ in throw Refused() }.optional()
      Step("with an undo") { _ in throw Refused() }
        .compensate { _ in }
      Step("with another undo") { _ in throw Refused() }
        .compensateUnknown { _ in }
      Step("with a slot", \.receipt) { _ in throw Refused() }
        .compensate { try await bank.refund($0) }
      Step("sometimes") { if $0.total < 0 { throw Refused() } }
        .compensate { _ in }
      """#),
    .body(
      "all modifiers",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total, key: $0.run.idempotencyKey) }
        .retry(.exponential(retries: 4, from: .milliseconds(200), jitter: .full).only(Busy.self) { $0.isTransient })
        .timeout(.seconds(30))
        .settleGrace(.seconds(5))
        .unknown(Busy.self)
        .unknown(Refused.self) { _ in true }
        .compensate(bank.refund)
        .compensateUnknown { try await bank.void(key: $0.idempotencyKey) }
        .compensationRetry(.fixed(retries: 3, every: .minutes(1)))
        .compensationTimeout(.hours(1))
        .onError { error, run in print(error, run.sagaID, run.attempt) }
        .onError { _, _ in try? await bank.ring() }
        .optional()
      Step("once", \.receipt) { try await bank.pay($0.total) }
        .atMostOnce()
        .retry(.fixed(retries: 2, every: .seconds(1)))
        .compensateUnknown { try await bank.void(key: $0.idempotencyKey) }
        .onError { error, run in
          let text = "\(error)"
          await bank.note(text, run)
        }
      Step("several statements before them", \.receipt) { context in
        let key = context.run.idempotencyKey
        return try await bank.pay(context.total, key: key)
      }
      .retry(.linear(retries: 2, step: .days(1)))
      .timeout(.seconds(30))
      .compensate { receipt, undo in
        let error = undo.error
        try await bank.refund(receipt, because: error)
      }
      Step("any effect", \.receipt) { try await bank.pay($0.total) }
        .retry(RetryPolicy { attempt, error in error is Busy ? .seconds(attempt) : nil })
        .undo(after: [.completed, .unknown, .failed]) { effect, undo in
          switch effect {
          case .completed(let receipt): try await bank.refund(receipt)
          case .unknown, .failed: try await bank.void(key: undo.idempotencyKey)
          }
        }
      Step("usual effects", \.receipt) { try await bank.pay($0.total) }
        .retry(.never)
        .undo { _, undo in try await bank.void(key: undo.run.idempotencyKey) }
      """#),
    .body(
      "strategies",
      #"""
      Step("at once", \.receipt) { try await bank.pay($0.total) }
        .compensate(.immediate) { try await bank.refund($0) }
      Step("a method", \.receipt) { try await bank.pay($0.total) }
        .compensate(.immediate, bank.refund)
      Step("an error") { try await bank.pay($0.total) }
        .compensate(.when(Busy.self) { $0.isTransient }) { receipt, undo in try await bank.refund(receipt, because: undo.error) }
      Step("a condition", \.receipt) { try await bank.pay($0.total) }
        .compensate(.when { context, error in try context.score > 1 || error is Refused }) { try await bank.refund($0) }
      Step("no result") { _ in try await bank.ring() }
        .compensate(.deferred) { _ in try await bank.ring() }
      Step("a strategy in place", \.receipt) { try await bank.pay($0.total) }
        .compensate(.init { try $0.error is Busy && $0.context.score > 1 ? .now : .never }) { _ in }
      Step("a shared one", \.receipt) { try await bank.pay($0.total) }
        .compensate(.unlessBusy) { receipt in
          let key = receipt.id
          try await bank.void(key: key)
        }
      Step("any effect", \.receipt) { try await bank.pay($0.total) }
        .undo(.when(Refused.self), after: [.unknown]) { _, undo in try await bank.void(key: undo.idempotencyKey) }
        .undo(.immediate) { _, _ in try await bank.ring() }
      """#),
    .body(
      "used slots",
      #"""
      Step("one", \.score, using: \.receipt) { Double($0.id.count) }
      Step("two", \.score, using: \.receipt, \.score) { receipt, score in
        print(receipt)
        return score + 1
      }
      .compensate { _ in }
      Step("four", \.receipt, using: \.receipt, \.score, \.tier, \.reservation) { receipt, _, _, _ in receipt }
      Step("six", \.score, using: \.score, \.score, \.score, \.score, \.score, \.score) { $0 + $1 + $2 + $3 + $4 + $5 }
      """#),
    .body(
      "reading",
      #"""
      Step("optionals") {
        if let receipt = $0.receipt { try await bank.refund(receipt) }
        let score: Double? = $0.score
        print(score ?? 0, $0.score ?? 1, $0.state.tier ?? .basic, $0.note ?? "")
      }
      Step("values", \.score) { try $0.score + Double($0.total) }
      Step("the run") { print($0.run.sagaID, $0.run.step, $0.run.attempt, $0.run.now, $0.run.metadata["trace"] ?? "") }
      Step("progress") { $0.run.report(progress: 0.5, stage: "half", message: "half of it") }
      """#),
    .body(
      "groups and decisions",
      #"""
      Parallel("side by side") {
        Step("ring") { _ in try await bank.ring() }
        Sequential {
          Step("pay", \.receipt) { try await bank.pay($0.total) }
          Step("ring again") { _ in try await bank.ring() }
        }
      }
      When("high?", { $0.total > 10 }) {
        Step("ring a third time") { _ in try await bank.ring() }
      }
      When("premium?", { try $0.tier == .premium }) {
        Step("score", \.score) { _ in 1 }
      } otherwise: {
        Step("no score", \.score) { _ in 0 }
        Fail("no premium") { _ in Refused() }
      }
      Switch("tier", on: \.tier) {
        Case(.premium) { Step("premium") { _ in try await bank.ring() } }
        Case(.basic) {
          Step("basic") { _ in try await bank.ring() }
          Fail("basic is not enough") { $0.total > 1 ? Refused() as any Error : Busy() }
        }
      } otherwise: {
        Step("neither") { _ in try await bank.ring() }
      }
      Switch("several", on: \.tier) {
        Case(.premium, .basic) { Step("either") { _ in try await bank.ring() } }
      }
      """#),
    .body(
      "a pivot",
      #"""
      Step("pay", \.receipt) { try await bank.pay($0.total) }.compensate(bank.refund)
      Pivot("paid")
      Step("ring") { _ in try await bank.ring() }.retry(.fixed(retries: 9, every: .minutes(1)))
      """#),
    .body(
      "constants, and a single step",
      #"""
      let times = 3
      Step("ring") { _ in for _ in 0..<times { try await bank.ring() } }
      """#),
    .file(
      "methods for closures",
      #"""
      private struct S: Saga {
        let bank: Bank
        struct State: Codable, Sendable { let total: Int; var receipt: Receipt?, score: Double? }
        var body: some Flow<State> {
          Step("pay", \.receipt, perform: pay).compensate(bank.refund)
          Step("pay again", perform: pay).compensate(giveBack)
          Step("ring", perform: ring).compensate(ringBack)
          Step("score", \.score, using: \.receipt, perform: score)
          When("high?", isHigh) { Fail("high", tooHigh) }
        }
        private func pay(_ context: Context<State>) async throws -> Receipt { try await bank.pay(context.total) }
        private func giveBack(_ receipt: Receipt, _ undo: Undo<State>) async throws { try await bank.refund(receipt) }
        private func ring(_ context: Context<State>) async throws { try await bank.ring() }
        private func ringBack(_ undo: Undo<State>) async throws { try await bank.ring() }
        private func score(_ receipt: Receipt) -> Double { Double(receipt.id.count) }
        private func isHigh(_ context: Context<State>) -> Bool { context.total > 10 }
        private func tooHigh(_ context: Context<State>) -> any Error { Refused() }
      }
      """#),
    .file(
      "parts, and pieces of a body",
      #"""
      private struct S: Saga {
        let bank: Bank
        struct State: Codable, Sendable { let total: Int; var receipt: Receipt? }
        var body: some Flow<State> {
          pay
          Notify(bank: bank)
          Notify(bank: bank).named("again")
          Ring(bank: bank, name: "ring a bell")
          Parallel("bells") {
            Ring(bank: bank, name: "bell").named("left")
            Ring(bank: bank, name: "bell").named("inner").named("right")
          }
        }
        @FlowBuilder<State> private var pay: some Flow<State> {
          Step("pay", \.receipt) { try await bank.pay($0.total) }
          Step("note") { print(try $0.receipt) }
        }
        struct Notify: Part {
          typealias State = S.State
          let bank: Bank
          var body: some Flow<State> {
            Step("notify") { _ in try await bank.ring() }.optional()
          }
        }
      }
      private struct Ring<State: Codable & Sendable>: Part {
        let bank: Bank, name: String
        var body: some Flow<State> {
          Step(name) { _ in try await bank.ring() }
        }
      }
      """#),
    .file(
      "requirements of a saga",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        static let name = "score", version = 2
        let defaults = StepDefaults(retry: .fixed(retries: 1, every: .zero), timeout: .minutes(5))
        let onCompensationFailure = CompensationFailurePolicy.finish
        let compensationOrder = CompensationOrder.list("score")
        let failurePolicy = FailurePolicy.suspend
        let timeout: Duration? = .hours(1), unwindTimeout: Duration? = nil
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
        func output(_ s: Context<State>) throws -> Double { try s.score }
      }
      """#),
    .file(
      "limits without the optional",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        let timeout = Duration.hours(1)
        var unwindTimeout: Duration { .minutes(1) }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
      }
      private func limits() -> (Duration, Duration?) { (S().timeout, S().timeout) }
      private func limit<Some: Saga>(of saga: Some) -> Duration? { saga.timeout }
      """#),
    .file(
      "options of a start",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
      }
      private func use(_ sagas: SagaOrchestrator) async throws {
        _ = try await sagas.start(S.self, .init(), id: "1", options: StartOptions(failurePolicy: .suspend))
        _ = try await sagas.run(
          S.self, .init(), metadata: [:], onExisting: .join,
          options: .init(defaults: .init(retry: .fixed(retries: 2, every: .zero)), timeout: .hours(1)))
        _ = try await sagas.start(named: "S", json: "{}", options: .init(timeout: .minutes(5)))
        do { _ = try await sagas.start(S.self, .init()) } catch let error as SagaError where error.code == .wouldRepeat {
          print(error.steps)
        }
      }
      """#),
    .body(
      "scratch",
      #"""
      Step("count") { context in
        context.run.scratch["n", default: 0] += 1
        context.run.scratch["names", default: [String]()].append("n")
        if let n = context.run.scratch["n", as: Int.self] { print(n) }
        context.run.scratch["n", as: Int.self] = nil
      }
      Step("one expression") { $0.run.scratch["n", default: 0] = 1 }
      Step("a value", \.score) { Double($0.run.scratch["n", default: 0]) }
        .compensate { _, undo in print(undo.run.scratch["n", default: 0]) }
      When("many?", { $0.run.scratch["n", default: 0] > 1 }) { Fail("many") { _ in Refused() } }
      """#),
    .file(
      "interceptors",
      #"""
      private struct Quiet: Interceptor {}
      private struct Plain: Interceptor {
        func attempt(_ run: StepRun, _ next: () async throws -> Void) async throws {
          print(run.step, run.attempt)
          try await next()
        }
        func undo(_ run: StepRun, _ next: @Sendable () async throws -> Void) async throws { try await next() }
        func saga(_ id: String, from: SagaStatus, to: SagaStatus) async { print(id, from, to) }
      }
      private actor Keeping: Interceptor {
        var count = 0
        func attempt(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws {
          count += 1
          run.scratch["count", default: 0] = count
          guard count < 10 else { throw Refused() }
          try await next()
        }
      }
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var interceptors: [any Interceptor] { [Quiet(), Plain()] }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
      }
      private func use() async throws {
        let sagas = SagaOrchestrator(configuration: .init(interceptors: [Keeping()]))
        try await sagas.register(S())
      }
      """#),
    .file(
      "an order of one's own",
      #"""
      extension CompensationOrder {
        fileprivate static let moneyFirst = CompensationOrder { completed in
          let names = completed.map(\.name).reversed()
          return [names.filter { $0.hasPrefix("pay") }, names.filter { !$0.hasPrefix("pay") }]
        }
      }
      private struct S: Saga {
        struct State: Codable, Sendable { var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { _ in 1 } }
        var compensationOrder: CompensationOrder { .moneyFirst }
      }
      """#),
    .file(
      "running, watching, stopping",
      #"""
      private struct S: Saga {
        struct State: Codable, Sendable { let total: Int; var score: Double? }
        var body: some Flow<State> { Step("score", \.score) { Double($0.total) } }
        func output(_ s: Context<State>) throws -> Double { try s.score }
      }
      private func use() async throws {
        let sagas = SagaOrchestrator(
          store: InMemoryStore(encoding: true), configuration: .init(defaults: .init(timeout: .hours(1))))
        try await sagas.register(S())
        try await sagas.recover()
        let run = try await sagas.start(S.self, .init(total: 1), id: "s-1", metadata: ["trace": "t"])
        for await update in run.updates {
          print(update.status, update.progress, update.currentSteps, update.message ?? "")
        }
        switch await run.outcome {
        case .completed(let score): print(score + 1)
        case .compensated(let failure): print(failure.step ?? "", failure.error(as: Refused.self) ?? Refused())
        case .failed(let failure): print(failure.undone, failure.unresolved.map(\.step), failure.others)
        }
        let score: Double = try await sagas.run(S.self, .init(total: 1))
        print(score, try await run.output, await run.settled, await run.status, await run.report.steps)
        print(try await run.result(of: \.score), try await run.result(of: "score", as: Double.self))
        try await run.cancel()
        try await run.cancel(compensating: false)
        try await run.suspend()
        try await run.resume()
        try await run.resume(from: \.score)
        try await run.resume(from: "score")
        try await sagas.resume("s-1", from: "score")
        let late = try await sagas.start(S.self, .init(total: 1, score: 2), from: \.score, id: "s-2")
        print(late.id, try await sagas.start(S.self, .init(total: 1), from: "score").id)
        try await run.compensate()
        try await run.retry()
        try await run.skip(step: "score")
        try await run.retryCompensation()
        try await run.skipCompensation(step: "score")
        try await run.abandon()
        print(await run.unwindPlan().waves)
        try await sagas.cancel("s-1")
        try await sagas.abandon("s-1")
        if let report = try await sagas.report("s-1") { print(report.completedSteps, report.output as Any) }
        let same = try await sagas.handle(S.self, "s-1")
        print(same?.id ?? "", sagas.definition(named: "S")?.mermaid ?? "")
        let other = try await sagas.start(named: "S", json: #"{"total": 1}"#, onExisting: .join)
        print(other.typed(as: S.self) == nil, await other.outcome.isSuccess)
        for await update in sagas.updates { print(update.id, update.steps) }
        let page = try await sagas.list(SagaFilter(name: "S", status: .stuck, metadata: ["a": "b"]), limit: 10)
        print(try await sagas.list(.init(status: [.stuck, .failed]), limit: 10, after: page.last).map(\.id))
        print(try await sagas.list(limit: 10, after: page.last?.id).count, try await sagas.list(after: nil))
        print(try await sagas.count()[.stuck] ?? 0, try await sagas.count(.init(startedBefore: .init(nanoseconds: 0))))
        try await sagas.forget("s-1")
        await sagas.shutdown()
        await sagas.shutdown(grace: .seconds(30))
      }
      """#),
    .file(
      "a supervisor",
      #"""
      private func watch(_ sagas: SagaOrchestrator) async {
        for await event in sagas.supervisor.events where event.kind == .sagaStalled || event.kind == .sagaStuck {
          print(event, event.sagaID ?? "", event.step ?? "", event.error as Any)
        }
        let statistics = await sagas.supervisor.statistics()
        print(statistics.total.active, statistics["Checkout"]?.latency.p99 ?? .zero)
        await sagas.supervisor.resetAdmission("Checkout")
      }
      private let configuration = SagaOrchestrator.Configuration(
        supervision: .init(
          checkInterval: .seconds(5), heartbeat: nil, failureThreshold: 3, stopsAdmission: true,
          policy: .resume(attempts: 3)))
      private let policies: [SupervisorPolicy] = [
        .leave, .cancel, .resume(attempts: 1), SupervisorPolicy { $0.canRecover ? .resume(attempts: 1) : .cancel },
        SupervisorPolicy { report in
          if report.status == .suspended { return .leave }
          return .cancel
        },
      ]
      """#),
  ]
}
