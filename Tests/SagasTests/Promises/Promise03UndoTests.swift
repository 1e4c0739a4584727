import SagasTesting
import Testing

@testable import Sagas

/// Promise 3: undoing a step.
@Suite("3 Undoing a step")
struct Promise03UndoTests {
  @Test func theUndoSeesTheStateItsStepSaw_plusItsOwnResult() throws {
    struct Chain: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let start: Int
        var a: Int?, b: Int?, c: Int?
      }

      private func note(_ name: String, _ undo: Undo<State>) {
        let s = undo.state
        bench.log.append("\(name): \(s.start) \(s.a ?? 0) \(s.b ?? 0) \(s.c ?? 0)")
      }

      var body: some Flow<State> {
        Step("a", \.a) { $0.start + 1 }.compensate { _, undo in note("a", undo) }
        Step("b", \.b) { try $0.a + 1 }.compensate { _, undo in note("b", undo) }
        Step("a again", \.a) { try $0.b * 10 }.compensate { value, undo in note("a again \(value)", undo) }
        Step("c", \.c) { try $0.a + 1 }.compensate { _, undo in note("c", undo) }
        Fail("no") { _ in Refused() }
      }
    }
    for encoding in [true, false] {
      try underSchedules(5) { simulation in
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
        let (_, report) = try await bench.outcome(of: Chain(bench: bench), .init(start: 1))
        try #require(
          bench.log.entries == ["c: 1 30 3 31", "a again 30: 1 30 3 0", "b: 1 2 3 0", "a: 1 2 0 0"])
        try #require(report.result(of: "a", as: Int.self) == 2)
        try #require(report.result(of: "a again", as: Int.self) == 30)
        try #require(report.input?.value(as: Chain.State.self)?.a == nil)
        try #require(report.input?.value(as: Chain.State.self)?.start == 1)
      }
    }
  }

  @Test func theUndoInAnOpenGroup_seesItsBranch_notItsSiblings() throws {
    struct Open: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        var before: Int?, leaf: Int?, first: Int?, second: Int?, never: Int?
      }

      private func note(_ name: String, _ undo: Undo<State>) {
        let s = undo.state
        bench.log.append("\(name): \(s.before ?? 0) \(s.leaf ?? 0) \(s.first ?? 0) \(s.second ?? 0)")
      }

      var body: some Flow<State> {
        Step("before", \.before) { _ in 1 }.compensate { _, undo in note("before", undo) }
        Parallel("group") {
          Step("leaf", \.leaf) { try $0.before + 1 }.compensate { _, undo in note("leaf", undo) }
          Sequential {
            Step("first", \.first) { try $0.before + 2 }.compensate { _, undo in note("first", undo) }
            Step("second", \.second) { try $0.first + 3 }.compensate { _, undo in note("second", undo) }
          }
          Step("never", \.never) { _ -> Int in
            try await bench.sleep(.seconds(1))
            throw Refused()
          }
        }
      }
    }
    for encoding in [true, false] {
      try underSchedules(30) { simulation in
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
        _ = try await bench.outcome(of: Open(bench: bench), .init())
        try #require(
          Set(bench.log.entries) == ["leaf: 1 2 0 0", "second: 1 0 3 6", "first: 1 0 3 0", "before: 1 0 0 0"])
        try #require(bench.log.has("second: 1 0 3 6", before: "first: 1 0 3 0"))
      }
    }
  }

  @Test func theUndoKnowsWhy_andUnderWhichKeys() throws {
    struct Keys: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("charge") { bench.log.append($0.run.idempotencyKey) }
          .compensate { undo in
            bench.log.append("\(undo.idempotencyKey) \(undo.run.idempotencyKey) \(undo.error is Refused)")
          }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Keys(bench: bench), .init(), id: "order-1")
      try #require(bench.log.entries == ["order-1/charge", "order-1/charge order-1/charge~undo true"])
    }
  }

  @Test func anUnknownEffectWithoutAnUndoForIt_isUnresolved_andTheSagaEndsCompensated() throws {
    struct Lost: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("with") { _ in throw EffectUnknown() }.compensate { _ in }
      }
    }
    struct Plain: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("without") { _ in throw EffectUnknown() } }
    }
    try underSchedules(5) { simulation in
      let (outcome, _) = try await Workbench(simulation).outcome(of: Lost(), .init())
      guard case .compensated(let failure) = outcome else { throw Refused() }
      try #require(
        failure.unresolved.map(\.step) == ["with"] && failure.unresolved[0].reason == .unknownEffect)
      let (other, _) = try await Workbench(simulation).outcome(of: Plain(), .init())
      try #require(other.failure?.unresolved.isEmpty == true, "a step without any undo promised nothing")
    }
  }

  @Test func compensationImpossible_isNotRetried_andListed_andTheOthersRun() throws {
    struct Sent: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("book") { _ in }.compensate { _ in bench.log.append("unbook") }
        Step("mail") { _ in }.compensate { _ in
          bench.log.append("unsend")
          throw CompensationImpossible("it was read")
        }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Sent(bench: bench), .init())
      guard case .compensated(let failure) = outcome else { throw Refused(why: "\(outcome)") }
      try #require(bench.log.entries == ["unsend", "unbook"])
      try #require(failure.undone == ["book"])
      try #require(failure.unresolved.map(\.step) == ["mail"])
      try #require(
        failure.unresolved[0].error as? CompensationImpossible == CompensationImpossible("it was read"))
      try #require(report.step("mail")?.status == .compensationFailed)
    }
  }

  @Test func skippedAndBlockedSteps_areNeverUndone() throws {
    struct Choice: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let vip: Bool
        var gift: Int?, plain: Int?, last: Int?
      }
      var body: some Flow<State> {
        When("vip?", { $0.vip }) {
          Step("gift", \.gift) { _ in 1 }.compensate { _ in bench.log.append("undo gift") }
        } otherwise: {
          Step("plain", \.plain) { _ in 2 }.compensate { _ in bench.log.append("undo plain") }
        }
        Fail("no") { _ in Refused() }
        Step("last", \.last) { _ in 3 }.compensate { _ in bench.log.append("undo last") }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Choice(bench: bench), .init(vip: false))
      try #require(bench.log.entries == ["undo plain"])
      try #require(report.skippedSteps == ["gift"])
      try #require(report.step("last")?.status == .blocked)
      try #require(report.step("gift")?.status == .skipped)
    }
  }

  @Test func undoAfterUnknown_getsTheError_andAfterCompleted_theResult() throws {
    struct Form: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 5 }.undo { effect, _ in bench.log.append("a \(Self.text(effect))") }
        Step("b", \.b) { _ -> Int in throw EffectUnknown() }
          .undo { effect, _ in bench.log.append("b \(Self.text(effect))") }
      }
      private static func text(_ effect: Effect<Int>) -> String {
        switch effect {
        case .completed(let value): "completed \(value)"
        case .failed: "failed"
        case .unknown(let error): "unknown \(error is EffectUnknown)"
        }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Form(bench: bench), .init())
      try #require(bench.log.entries == ["b unknown true", "a completed 5"])
    }
  }
}
