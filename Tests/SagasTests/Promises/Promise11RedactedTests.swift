import SagasTesting
import Testing

@testable import Sagas

/// What is marked as redacted leaves the store with the record of the end, and reports with it.
@Suite("11 Redacted results")
struct Promise11RedactedTests {
  static let secret = "tok-5ecret-0042"

  struct Order: Saga {
    let log: EventLog
    var gate = Gate.opened

    struct State: Codable, Sendable {
      var fails = false
      var token: String?, kept: Int?, other: String?
    }

    var body: some Flow<State> {
      Step("token", \.token) { _ in Promise11RedactedTests.secret }
        .redacted()
        .compensate { log.append("revoke \($0)") }
      Step("loose") { _ in "loose " + Promise11RedactedTests.secret }.redacted()
      Parallel("group") {
        Step("kept", \.kept) { context in
          log.append("use \(try context.token)")
          return 7
        }
        Sequential {
          Step("inner", \.other) { _ in "inner " + Promise11RedactedTests.secret }.redacted()
          Step("last") { context in
            log.append("last")
            await gate.wait()
            if context.fails { throw Refused() }
          }
        }
      }
    }

    func output(_ s: Context<State>) throws -> Int { try s.kept }
  }

  private static let redacted = ["token", "loose", "inner"]

  private func check(_ report: SagaReport) throws {
    for name in Self.redacted {
      guard case .completed(let value)? = report.step(name)?.effect else { throw Refused(why: name) }
      try #require(
        value.isRedacted && value.value(as: String.self) == nil && value.typeName == "Swift.String")
      let error = #expect(throws: SagaError.self) { try value.json() }
      try #require(error?.code == .redacted)
    }
    guard case .completed(let kept)? = report.step("kept")?.effect else { throw Refused() }
    try #require(kept.value(as: Int.self) == 7 && report.completedSteps.contains("token"))
    let input = try #require(report.input?.value(as: Order.State.self))
    try #require(input.token == nil && input.other == "was here")
  }

  /// All that an in-memory store of bytes, or another one, hands out.
  private func bytes(_ store: any SagaStore, _ id: String) async throws -> String {
    let records = try await store.load(id)?.records ?? []
    return records.map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  @Test(arguments: StoreKind.allCases, [false, true])
  func theResult_isThereWhileItIsNeeded_andGoesWithTheEnd(kind: StoreKind, fails: Bool) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let log = EventLog()
      let held = Gate()
      let bench = Workbench(simulation, store: store, log: log)
      try await bench.sagas.register(Order(log: log, gate: held))
      let run = try await bench.sagas.start(
        Order.self, .init(fails: fails, other: "was here"), id: "a")
      await log.waitFor("last")
      await bench.settle()
      try #require(try await run.result(of: \.token) == Self.secret)
      if kind != .memory { try #require(try await bytes(store, "a").contains(Self.secret)) }
      held.open()
      _ = await run.outcome

      try check(await run.report)
      let error = await #expect(throws: SagaError.self) { try await run.result(of: \.token) }
      try #require(error?.code == .redacted && error?.step == "token")
      try #require(try await run.result(of: \.kept) == 7)
      let report = try #require(try await bench.sagas.report("a"))
      try check(report)
      try #require(report.status == (fails ? .compensated : .completed))
      // What is undone still had it.
      try #require(log.entries.contains("revoke \(Self.secret)") == fails)
      try #require(!(try await bytes(store, "a").contains(Self.secret)))
      let listed = try await bench.sagas.list()
      try check(try #require(listed.first))
      // Whoever keeps the saga as a value has nothing of it in its State either.
      let image = try #require(run.core.bulletin.ended?.value)
      let state = try #require(image.program.state.value(image.data.root) as? Order.State)
      try #require(state.token == nil && state.other?.contains(Self.secret) != true)
      if kind != .memory {
        let replayed = try await bench.replayed("a")
        try #require(replayed.machine == image.machine && replayed.summary == image.summary)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func afterAHandOver_itIsThereAgain_andGoesWithTheEnd(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let log = EventLog()
      let held = Gate()
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Order(log: first.log, gate: held))
      _ = try await first.sagas.start(Order.self, .init(fails: true, other: "was here"), id: "a")
      await first.log.waitFor("last")
      await first.settle()
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Order(log: log))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Order.self, "a"))
      _ = await run.outcome
      try #require(log.entries.contains("revoke \(Self.secret)"))
      try check(await run.report)
      try #require(!(try await bytes(store, "a").contains(Self.secret)))
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatEndsTheSaga_isNeverWritten_norIsWhatComesLate(kind: StoreKind) throws {
    struct Late: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var late: String?, last: String? }
      var body: some Flow<State> {
        Step("late", \.late) { _ in
          await bench.sleepStubbornly(.seconds(60))
          return Promise11RedactedTests.secret
        }
        .redacted().timeout(.seconds(1)).settleGrace(.seconds(1)).optional()
        Step("last", \.last) { _ in Promise11RedactedTests.secret }.redacted()
      }
      func output(_ s: Context<State>) -> String { "done" }
    }
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Late(bench: bench))
      let run = try await bench.sagas.start(Late.self, .init(), id: "a")
      try #require(try await run.output == "done")
      try #require(!(try await bytes(store, "a").contains(Self.secret)))
      try await bench.sleep(.seconds(100))
      try #require(!(try await bytes(store, "a").contains(Self.secret)))
      let image = try #require(run.core.bulletin.ended?.value)
      try #require(!image.summary.contains(Self.secret))
    }
  }

  @Test func whenWritesFail_itGoesAllTheSame() throws {
    try underSchedules { simulation in
      let log = EventLog()
      let bench = Workbench(simulation, store: FlakyStore(simulation, failures: 30), log: log)
      try await bench.sagas.register(Order(log: log))
      var started: SagaRun<Order>?
      while started == nil { started = try? await bench.sagas.start(Order.self, .init(), id: "a") }
      try #require(try await started?.output == 7)
      try #require(!(try await bytes(bench.sagas.engine.journal.store, "a").contains(Self.secret)))
    }
  }

  @Test func aSlot_isRedactedWhoeverFilledIt() throws {
    struct Twice: Saga {
      struct State: Codable, Sendable { var token: String? }
      var body: some Flow<State> {
        Step("one", \.token) { _ in "first " + Promise11RedactedTests.secret }.redacted()
        Step("two", \.token) { _ in "second " + Promise11RedactedTests.secret }
      }
      func output(_ s: Context<State>) -> Bool { true }
    }
    try underSchedules(5) { simulation in
      for kind in StoreKind.allCases {
        let store = try kind.make()
        let bench = Workbench(simulation, store: store)
        try await bench.sagas.register(Twice())
        let run = try await bench.sagas.start(Twice.self, .init(token: "given"), id: "a")
        _ = await run.outcome
        let report = try #require(try await bench.sagas.report("a"))
        for step in report.steps {
          guard case .completed(let value)? = step.effect else { throw Refused() }
          try #require(value.isRedacted)
        }
        try #require(report.input?.value(as: Twice.State.self)?.token == "given")
        try #require(!(try await bytes(store, "a").contains(Self.secret)))
        let image = try #require(run.core.bulletin.ended?.value)
        try #require(image.data.displaced.values.allSatisfy { $0 as? String == "given" })
        if kind != .memory { try #require(try await bench.replayed("a").summary == image.summary) }
      }
    }
  }

  @Test func withoutValues_aRecordIsReadAsBefore() throws {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 4)
    let node = NodeID(2)
    record.entries = [
      (.completed(node, 1), .scratch([.init(name: "n", value: [1])], beside: .value([7]))),
      (.completed(NodeID(3), 1), .value([8])), (.returnedLate(node, 1), .value([7])),
      (.delivered(node, alternative: 0), .event(.init(number: 3, id: "e"), value: .value([7]))),
      (.attemptFailed(node, 1, unknown: false), .error(RecordedError(type: "T", message: "", payload: nil))),
    ]
    let redacted = try #require(record.redacted([node]))
    let back = try RecordFormat(decoding: redacted.encoded())
    #expect(back.entries.map(\.entry) == record.entries.map(\.entry))
    #expect(
      back.entries.map(\.attachment) == [
        .scratch([.init(name: "n", value: [1])], beside: .redacted), .value([8]), .redacted,
        .event(.init(number: 3, id: "e"), value: .redacted), record.entries[4].attachment,
      ])
    #expect(back.redacted([node]) == nil && record.redacted([NodeID(9)]) == nil)
  }
}
