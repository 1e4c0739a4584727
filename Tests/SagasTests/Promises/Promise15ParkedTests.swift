import SagasTesting
import Testing

@testable import Sagas

/// Promise 15: a saga whose version is not there, or has changed, is parked before any effect; the others go on.
@Suite("15 Versions: parked")
struct Promise15ParkedTests {
  struct State: Codable, Sendable {
    let item: String
    var a: Int?, b: Int?
  }

  /// As it was when the sagas were started.
  struct Before: Saga {
    static let name = "edited"
    typealias State = Promise15ParkedTests.State
    let bench: Workbench
    let gate: Gate
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        bench.log.append("a")
        return 1
      }
      .compensate { bench.log.append("undo a \($0)") }
      Step("b", \.b) { context in
        bench.log.append("b \(context.run.idempotencyKey)")
        await gate.wait()
        return 2
      }
    }
  }

  /// With a step between the others, and no new version.
  struct Changed: Saga {
    static let name = "edited"
    typealias State = Promise15ParkedTests.State
    let bench: Workbench
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }.compensate { bench.log.append("undo a \($0)") }
      Step("new") { _ in bench.log.append("new") }
      Step("b", \.b) { _ in
        bench.log.append("changed b")
        return 2
      }
    }
  }

  /// With other closures, limits, retries and strategies: the same plan.
  struct Tuned: Saga {
    static let name = "edited"
    typealias State = Promise15ParkedTests.State
    let bench: Workbench
    var failurePolicy: FailurePolicy { .suspend }
    var compensationOrder: CompensationOrder { .list("a") }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 5 }
        .timeout(.seconds(1)).retry(.fixed(retries: 7, every: .seconds(1)))
        .compensate(.immediate) { _ in }
      Step("b", \.b) { context in
        bench.log.append("tuned b \(context.run.attempt) of \(context.run.idempotencyKey)")
        if context.run.attempt == 1 { throw Busy() }
        return try context.a + 10
      }
      .retry(.fixed(retries: 2, every: .seconds(1))).timeout(.seconds(9))
    }
  }

  /// Runs "x" up to the middle of its second step, and a purchase beside it.
  private func begin(_ simulation: Simulation, _ store: any SagaStore) async throws -> Gate {
    let bench = Workbench(simulation, store: store)
    let held = Gate()
    try await bench.sagas.register(Before(bench: bench, gate: held))
    try await bench.sagas.register(Purchase.V1(bench: bench, gate: held))
    _ = try await bench.sagas.start(Before.self, .init(item: "secret"), id: "x", metadata: ["m": "1"])
    _ = try await bench.sagas.start(Purchase.V1.self, .init(item: "p"), id: "y")
    await held.waitForArrivals(atLeast: 2)
    await bench.settle()
    return held
  }

  /// All that can be asked of a saga by a verb.
  private func verbs(_ sagas: SagaOrchestrator, _ id: String) -> [@Sendable () async throws -> Void] {
    [
      { try await sagas.cancel(id) }, { try await sagas.cancel(id, compensating: false) },
      { try await sagas.suspend(id) }, { try await sagas.resume(id) },
      { try await sagas.resume(id, from: "b") }, { try await sagas.compensate(id) },
      { try await sagas.retry(id) }, { try await sagas.skip(id, step: "b") },
      { try await sagas.retryCompensation(id) }, { try await sagas.skipCompensation(id, step: "a") },
      { try await sagas.abandon(id) },
    ]
  }

  /// It can be found, says why it is parked, and takes no commands.
  private func expectParked(
    _ bench: Workbench, _ id: String, _ code: SagaError.Code, _ says: [String]
  ) async throws {
    let sagas = bench.sagas
    let report = try #require(try await sagas.report(id))
    try #require(report.status == .parked && report.metadata == ["m": "1"])
    let error = try #require(report.error as? SagaError)
    try #require(error.code == code && error.saga == id)
    for words in says { try #require(error.description.contains(words), "\(error)") }
    try #require(!error.description.contains("secret"))
    let run = try #require(try await sagas.handle(id))
    try #require(await run.settled == .parked)
    try #require(await run.status == .parked)
    guard case .failed(let failure) = await run.outcome else { throw Refused() }
    try #require((failure.error as? SagaError)?.code == code)
    try #require(try await sagas.list(SagaFilter(status: .parked)).map(\.id) == [id])
    try #require(try await sagas.count(SagaFilter(status: .parked)) == [.parked: 1])
    for (number, verb) in verbs(sagas, id).enumerated() {
      let refused = try await refusal(verb)
      try #require(refused?.code == code, "verb \(number): \(String(describing: refused))")
    }
    let refusal = try await refused { try await sagas.forget(id) }
    try #require(refusal.code == .notFinished)
    await bench.settle()
  }

  @Test(arguments: StoreKind.allCases)
  func aChangedPlanUnderTheOldNumber_parks_andOthersGoOn(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Changed(bench: second))
      try await second.sagas.register(Purchase.V1(bench: second, gate: .opened))
      let old = try PlanCompiler.compile(Before(bench: second, gate: held)).fingerprint.text
      let new = try #require(second.sagas.definition(named: "edited")).fingerprint

      let recovery = try await second.sagas.recover()
      try #require(recovery.recovered == ["y"] && recovery.parked.map(\.id) == ["x"])
      try #require(recovery.parked[0].error.code == .definitionChanged)
      try await expectParked(
        second, "x", .definitionChanged,
        ["version 1 of 'edited'", old, new, "undo the change", "register the former definition as version 1"])
      try #require(try await second.sagas.handle("y")?.outcome.isSuccess == true)
      try #require(second.log.entries == ["1 ship"])
      held.open()
    }
  }

  /// Its id is taken; who asks for it by name and version gets it, and learns that it is parked.
  @Test(arguments: StoreKind.allCases)
  func oneThatIsParked_isThere(_ kind: StoreKind) throws {
    try underSchedules(3) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      let sagas = second.sagas
      try await sagas.register(Changed(bench: second))
      try #require(try await sagas.recover().parked.map(\.id) == ["x", "y"])
      let exists = try await refused { _ = try await sagas.start(Changed.self, .init(item: "z"), id: "x") }
      try #require(exists.code == .alreadyExists && exists.existing?.id == "x")
      let joined = try await sagas.start(Changed.self, .init(item: "z"), id: "x", onExisting: .join)
      let named = try await sagas.start(named: "edited", json: #"{"item":"z"}"#, id: "x", onExisting: .join)
      try #require(await joined.settled == .parked)
      try #require(await named.settled == .parked)
      let run = try #require(try await sagas.handle(Changed.self, "x"))
      let output = await #expect(throws: SagaNotFinished.self) { try await run.output }
      try #require(output?.status == .parked)
      let missing = try await refused { _ = try await run.result(of: "new", as: Int.self) }
      try #require(missing.code == .invalidArgument)
      let slot = try await refusal { _ = try await run.result(of: \.b) }
      try #require(slot?.code == (kind == .memory ? .missing : .invalidArgument))
      let other = try await refused { _ = try await sagas.handle(Purchase.V2.self, "y") }
      try #require(other.code == .wrongType)
      try #require(second.log.entries.isEmpty)
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anUnknownVersion_parks_andOthersGoOn(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Purchase.V2(bench: second, gate: .opened))
      try await second.sagas.register(Before(bench: second, gate: .opened))
      let recovery = try await second.sagas.recover()
      try #require(recovery.recovered == ["x"] && recovery.parked.map(\.id) == ["y"])
      let error = recovery.parked[0].error
      try #require(error.code == .notRegistered && error.saga == "y")
      for words in ["version 1 of 'purchase'", "registered is version 2", "register version 1 as well"] {
        try #require(error.message.contains(words), "\(error)")
      }
      try #require(try await second.sagas.handle("x")?.outcome.isSuccess == true)
      try #require(second.log.entries == ["b x/b"])
      try #require(try await second.sagas.report("y")?.status == .parked)
      let byType = try #require(try await second.sagas.handle(Purchase.V1.self, "y"))
      try #require(await byType.settled == .parked)
      let notFinished = await #expect(throws: SagaNotFinished.self) { try await byType.output }
      try #require(notFinished?.status == .parked)
      let refusal = try await refused { _ = try await second.sagas.handle(Purchase.V2.self, "y") }
      try #require(refusal.code == .wrongType)
      held.open()
    }
  }

  /// With the right definition it goes on from where it was, under its old key.
  @Test(arguments: StoreKind.allCases)
  func onceTheRightDefinitionIsThere_itGoesOn(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Changed(bench: second))
      try #require(try await second.sagas.recover().parked.map(\.id) == ["x", "y"])

      let third = Workbench(simulation, store: store)
      try await third.sagas.register(Before(bench: third, gate: .opened))
      try await third.sagas.register(Purchase.V1(bench: third, gate: .opened))
      let recovery = try await third.sagas.recover()
      try #require(recovery.recovered == ["x", "y"] && recovery.parked.isEmpty)
      let run = try #require(try await third.sagas.handle(Before.self, "x"))
      let state = try await run.output
      try #require(state.item == "secret" && state.a == 1 && state.b == 2)
      try #require(try await third.sagas.handle("y")?.outcome.isSuccess == true)
      try #require(third.log.entries.sorted() == ["1 ship", "b x/b"])
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func otherLimitsRetriesStrategiesAndClosures_parkNothing(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Tuned(bench: second))
      try await second.sagas.register(Purchase.V1(bench: second, gate: .opened))
      try #require(try await second.sagas.recover().recovered == ["x", "y"])
      let run = try #require(try await second.sagas.handle(Tuned.self, "x"))
      let state = try await run.output
      try #require(state.a == 1 && state.b == 11, "what is recorded stays, what comes is as it is now")
      try #require(
        second.log.entries.filter { $0.hasPrefix("tuned") }
          == ["tuned b 1 of x/b", "tuned b 2 of x/b"])
      held.open()
    }
  }

  /// A store of values cannot give the boxes of one State to another, whatever the types are called.
  @Test func withoutBytes_theTypesHaveToBeTheSame() throws {
    enum Twin {
      struct Before: Saga {
        static let name = "edited"
        struct State: Codable, Sendable {
          let item: String
          var a: Int?, b: Int?
        }
        let bench: Workbench
        var body: some Flow<State> {
          Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo") }
          Step("b", \.b) { _ in
            bench.log.append("b")
            return 2
          }
        }
      }
    }
    for kind in StoreKind.allCases {
      try underSchedules(3) { simulation in
        let store = try kind.make()
        let held = try await begin(simulation, store)
        let second = Workbench(simulation, store: store)
        try await second.sagas.register(Twin.Before(bench: second))
        try await second.sagas.register(Purchase.V1(bench: second, gate: .opened))
        let recovery = try await second.sagas.recover()
        if kind == .memory {
          try #require(recovery.parked.map(\.id) == ["x"])
          try #require(recovery.parked[0].error.code == .definitionChanged)
          try #require(recovery.parked[0].error.message.contains("other types"))
          try #require(!second.log.entries.contains("b"))
        } else {
          try #require(recovery.recovered == ["x", "y"])
          try #require(try await second.sagas.handle("x")?.outcome.isSuccess == true)
        }
        held.open()
      }
    }
  }

  // MARK: - What has ended

  /// Their definitions may go: what can be told without is told.
  @Test(arguments: StoreKind.allCases)
  func sagasThatHaveEnded_needNoDefinition(_ kind: StoreKind) throws {
    try underSchedules(3) { simulation in
      let store = try kind.make()
      let held = try await begin(simulation, store)
      held.open()
      let first = Workbench(simulation, store: store)
      try await first.sleep(.seconds(1))
      for isChanged in [false, true] {
        let second = Workbench(simulation, store: store)
        if isChanged { try await second.sagas.register(Changed(bench: second)) }
        let recovery = try await second.sagas.recover()
        try #require(recovery.recovered.isEmpty && recovery.parked.isEmpty)
        let report = try #require(try await second.sagas.report("x"))
        try #require(report.status == .completed && report.name == "edited" && report.version == 1)
        try #require(report.metadata == ["m": "1"])
        try #require(try await second.sagas.list().map(\.status) == [.completed, .completed])
        try #require(second.log.entries.isEmpty)
      }
    }
  }

  // MARK: - What a log says already

  /// The strategy was asked before the crash; without it the log contradicts the plan, and nothing is run.
  @Test func aStrategyThatIsGone_whileItsAnswerCounts_parks() throws {
    struct Asking: Saga {
      static let name = "asking"
      typealias State = Promise15ParkedTests.State
      let bench: Workbench
      let gate: Gate
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }
          .compensate(.when { _, _ in true }) { _ in
            bench.log.append("undo")
            await gate.wait()
          }
        Step("b", \.b) { _ in throw Refused() }
      }
    }
    struct Plain: Saga {
      static let name = "asking"
      typealias State = Promise15ParkedTests.State
      let bench: Workbench
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo") }
        Step("b", \.b) { _ in throw Refused() }
      }
    }
    try underSchedules(3) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Asking(bench: first, gate: held))
      _ = try await first.sagas.start(Asking.self, .init(item: "i"), id: "x")
      await held.waitForArrivals(atLeast: 1)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Plain(bench: second))
      let recovery = try await second.sagas.recover()
      try #require(recovery.parked.map(\.id) == ["x"] && recovery.parked[0].error.code == .brokenLog)
      try #require(second.log.entries.isEmpty)
      let third = Workbench(simulation, store: store)
      try await third.sagas.register(Asking(bench: third, gate: .opened))
      try #require(try await third.sagas.recover().recovered == ["x"])
      let run = try #require(try await third.sagas.handle("x"))
      try #require(await run.outcome.failure?.undone == ["a"])
      held.open()
    }
  }

  /// Logs of before there were fingerprints are read as they were then.
  @Test func aLogWithoutAFingerprint_isRecovered() throws {
    try underSchedules(3) { simulation in
      let store = InMemoryStore(encoding: true)
      let held = try await begin(simulation, store)
      let old = InMemoryStore(encoding: true)
      let stored = try #require(try await store.load("x"))
      for bytes in try #require(stored.records) {
        var record = try RecordFormat(decoding: bytes)
        for index in record.entries.indices {
          guard case .header(var header) = record.entries[index].attachment else { continue }
          try #require(header.fingerprint != nil)
          header.fingerprint = nil
          record.entries[index].attachment = .header(header)
        }
        let durability = old.append(
          JournalRecord(
            sagaID: "x", sagaName: "edited", sagaVersion: 1, startedAt: VirtualClock.start, writer: 1,
            firstNumber: record.firstNumber,
            count: record.entries.count, time: record.time, status: .running, bytes: record.encoded())
        ) { _ in }
        try #require(durability == .durable)
      }
      let second = Workbench(simulation, store: old)
      try await second.sagas.register(Before(bench: second, gate: .opened))
      try #require(try await second.sagas.recover().recovered == ["x"])
      let run = try #require(try await second.sagas.handle(Before.self, "x"))
      try #require(try await run.output.b == 2)
      held.open()
    }
  }
}
