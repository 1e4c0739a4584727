import SagasTesting
import Testing

@testable import Sagas

/// Values that survive attempts: `$0.run.scratch`.
@Suite("Scratch")
struct ScratchTests {
  // MARK: - Who sees what

  struct Import: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var pages: Int? }

    var body: some Flow<State> {
      Step("import", \.pages) { context in
        let scratch = context.run.scratch
        bench.log.append("from \(scratch["page", default: 0])")
        scratch["page", default: 0] += 1
        bench.log.append("own \(scratch["page", default: 0])")
        scratch["pages", default: [String]()].append("p\(scratch["page", default: 0])")
        if context.run.attempt < 3 { throw Busy() }
        return scratch["page", default: 0]
      }
      .retry(.fixed(retries: 2, every: .seconds(1)))
      .compensate { pages, undo in
        bench.log.append("undo \(pages) \(undo.run.scratch["pages", default: [String]()])")
        undo.run.scratch["undone", default: 0] += 1
        if undo.run.attempt == 1 { throw Busy() }
      }
      When("many?", { $0.run.scratch["page", default: 0] > 2 }) {
        Step("check") { context in
          bench.log.append("check \(context.run.scratch["pages", default: [String]()])")
          context.run.scratch["pages", as: [String].self] = nil
          bench.log.append("check \(context.run.scratch["pages", as: [String].self] == nil)")
        }
        .compensate { undo in
          bench.log.append("uncheck \(undo.run.scratch["pages", as: [String].self] == nil)")
          undo.run.scratch["pages", default: []] = ["again"]
        }
      }
      Step("fail") { context in
        context.run.scratch["failed", default: false] = true
        throw Refused()
      }
      .optional()
      Step("end") { context in
        bench.log.append("failed \(context.run.scratch["failed", default: false])")
        throw Refused()
      }
    }
  }

  @Test(arguments: [true, false])
  func attemptsLaterStepsConditionsAndUndoes_seeWhatWasSet(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let (_, report) = try await bench.outcome(of: Import(bench: bench), .init())
      try #require(report.status == .compensated && report.step("check")?.status == .compensated)
      try #require(
        bench.log.entries == [
          "from 0", "own 1", "from 1", "own 2", "from 2", "own 3", #"check ["p1", "p2", "p3"]"#,
          "check true", "failed true", "uncheck true", #"undo 3 ["again"]"#, #"undo 3 ["again"]"#,
        ])
    }
  }

  struct Beside: Saga {
    let bench: Workbench
    let left = Gate()
    let right = Gate()
    struct State: Codable, Sendable {}

    var body: some Flow<State> {
      Parallel("both") {
        Step("left") { context in
          context.run.scratch["who", default: ""] = "left"
          context.run.scratch["left", default: 0] = 1
          left.open()
          await right.wait()
          bench.log.append("left sees \(context.run.scratch["who", default: "-"])")
          try await bench.sleep(.seconds(2))
        }
        Step("right") { context in
          await left.wait()
          bench.log.append("right sees \(context.run.scratch["who", default: "-"])")
          context.run.scratch["who", default: ""] = "right"
          right.open()
          try await bench.sleep(.seconds(1))
        }
      }
      Step("behind") { context in
        bench.log.append(
          "\(context.run.scratch["who", default: ""]) \(context.run.scratch["left", default: 0])")
      }
    }
  }

  @Test func branches_seeNothingUnrecordedOfEachOther_andTheLastRecordedStands() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Beside(bench: bench), .init())
      try #require(outcome.isSuccess)
      try #require(bench.log.entries == ["right sees -", "left sees left", "left 1"])
    }
  }

  @Test func anotherType_isNotThere() throws {
    struct Mixed: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("set") { $0.run.scratch["x", default: ""] = "text" }
        Step("get") { context in
          bench.log.append(
            "\(context.run.scratch["x", default: 7]) \(context.run.scratch["x", default: "-"])")
          let none = context.run.scratch["y", as: Int.self]
          bench.log.append("\(none == nil)")
        }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Mixed(bench: bench), .init())
      try #require(bench.log.entries == ["7 text", "true"])
    }
  }

  // MARK: - Dropped

  @Test func whatIsSetTooLate_orInACondition_isDropped() throws {
    struct Late: Saga {
      let bench: Workbench
      let kept = Kept()
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("first", \.a) { context in
          kept.run.withLock { $0 = context.run }
          return 1
        }
        When(
          "?",
          { context in
            context.run.scratch["x", default: 0] = 5
            return true
          }
        ) {
          Step("second") { context in
            kept.run.withLock { $0 }?.scratch["x", default: 0] = 9
            try await bench.sleep(.seconds(1))
            bench.log.append("\(context.run.scratch["x", default: 0])")
          }
        }
        Step("third") { bench.log.append("\($0.run.scratch["x", default: 0])") }
      }
    }
    final class Kept: Sendable { let run = Lock<StepRun?>(nil) }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Late(bench: bench), .init())
      try #require(outcome.isSuccess && bench.log.entries == ["0", "0"])
    }
  }

  struct Giving: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var a: Int? }
    var body: some Flow<State> {
      Step("slow", \.a) { context in
        context.run.scratch["x", default: 0] = context.run.attempt
        await bench.sleepStubbornly(.seconds(context.run.attempt == 1 ? 60 : 1))
        return 1
      }
      .timeout(.seconds(10)).settleGrace(.seconds(5)).retry(.fixed(retries: 1, every: .zero))
      Step("wait") { _ in try await bench.sleep(.seconds(100)) }
      Step("see") { bench.log.append("\($0.run.scratch["x", default: 0])") }
    }
  }

  @Test func anAttemptThatWasGivenUp_changesNothingLater() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Giving(bench: bench), .init())
      try #require(outcome.isSuccess && bench.log.entries == ["2"])
    }
  }

  struct Stone: Codable, Sendable {
    init() {}
    init(from decoder: any Decoder) throws { throw Refused() }
    func encode(to encoder: any Encoder) throws { throw Refused(why: "stone") }
  }

  @Test func aValueThatCannotBeEncoded_failsTheAttempt_andLeavesItsEffectUnknown() throws {
    struct Hard: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("set") { context in
          context.run.scratch["fine", default: 0] = 1
          context.run.scratch["x", default: Stone()] = Stone()
        }
        .compensate { _ in bench.log.append("undo") }
        .compensateUnknown { bench.log.append("void \($0.run.scratch["fine", default: 0])") }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Hard(bench: bench), .init())
      let error = try #require(outcome.failure?.error as? SagaError)
      try #require(error.code == .notEncodable && error.step == "set" && error.cause is Refused)
      try #require(report.step("set")?.effect?.kind == .unknown && bench.log.entries == ["void 0"])
      let plain = Workbench(simulation, store: InMemoryStore())
      try #require(try await plain.outcome(of: Hard(bench: plain), .init()).0.isSuccess)
    }
  }

  // MARK: - Durable

  struct Relay: Saga {
    let bench: Workbench
    /// Held in the orchestrator it was made for; the next one's is open.
    let gate: Gate
    var succeeds = true
    struct State: Codable, Sendable { var a: Int? }

    var body: some Flow<State> {
      Step("count", \.a) { context in
        let seen = context.run.scratch["n", default: 0]
        context.run.scratch["n", default: 0] += 1
        context.run.scratch["names", default: [String: Date]()]["x"] = Date(year: 2026)
        bench.log.append("\(context.run.attempt) sees \(seen)")
        if context.run.attempt == 1 { throw Busy() }
        await gate.wait()
        return 1
      }
      .retry(.fixed(retries: 1, every: .zero))
      .compensate { _, undo in bench.log.append("undo sees \(undo.run.scratch["n", default: 0])") }
      Step("see") { context in
        let names = context.run.scratch["names", default: [String: Date]()]
        bench.log.append("\(context.run.scratch["n", default: 0]) \(names["x"]?.year ?? 0)")
        if !succeeds { throw Refused() }
      }
    }
  }

  struct Date: Codable, Sendable { var year: Int }

  /// The value of attempt 1 is there behind the crash, that of the attempt it cut off is not.
  @Test(arguments: [true, false], [true, false])
  func itIsThereBehindACrash(encoding: Bool, succeeds: Bool) throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Relay(bench: first, gate: held))
      _ = try await first.sagas.start(Relay.self, .init(), id: "s")
      await first.log.waitFor("2 sees 1")
      let second = Workbench(simulation, store: store)
      let open = Gate()
      open.open()
      try await second.sagas.register(Relay(bench: second, gate: open, succeeds: succeeds))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Relay.self, "s"))
      try #require(await run.outcome.isSuccess == succeeds)
      let undone = succeeds ? [] : ["undo sees 2"]
      try #require(second.log.entries == ["2 sees 1", "2 2026"] + undone)
      held.open()
      await second.settle()
      try #require(first.log.entries == ["1 sees 0", "2 sees 1"])
    }
  }

  /// It is written in the record of the outcome and in no other, and nobody beside it acts on it before.
  @Test func itIsDurable_togetherWithTheOutcome() throws {
    struct Two: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Parallel("both") {
          Step("a", \.a) { context in
            context.run.scratch["n", default: 0] = 7
            return 1
          }
          Step("b") { context in
            for _ in 0..<8 {
              try await bench.sleep(.seconds(1))
              bench.log.append("b sees \(context.run.scratch["n", default: 0])")
            }
          }
        }
      }
    }
    try underSchedules { simulation in
      let log = EventLog()
      let store = DurabilityTests.HeldStore(log)
      let bench = Workbench(simulation, store: store, log: log)
      try await bench.sagas.register(Two(bench: bench))
      simulation.runtime.spawn("starter") { _ = try? await bench.sagas.start(Two.self, .init(), id: "s") }
      try await bench.sleep(.milliseconds(100))
      store.release()
      try await bench.sleep(.milliseconds(3_500))
      store.release()
      try await bench.sleep(.seconds(10))
      store.release()
      let seen = log.entries.filter { !$0.hasPrefix("offered") }
      try #require(
        seen == ["durable 0"] + Array(repeating: "b sees 0", count: 3) + ["durable 4"]
          + Array(repeating: "b sees 7", count: 5) + ["durable 5"])
      let stored = try #require(try await store.load("s"))
      guard case .log(let records) = stored.content else { throw Refused() }
      let attached = try records.map { try RecordFormat(decoding: $0).entries }.map { entries in
        entries.compactMap { entry, attachment -> String? in
          guard case .scratch(let writes, let own) = attachment else { return nil }
          return "\(entry) \(writes.map(\.name)) \(own == .value([0x31]))"
        }
      }
      try #require(attached.flatMap { $0 }.count == 1 && attached[1].count == 1)
      try #require(attached[1][0].hasSuffix(#"["n"] true"#) && attached[1][0].contains("completed"))
    }
  }
}
