import SagasTesting
import Testing

@testable import Sagas

/// Promise 4: strategies.
@Suite("4 Strategies")
struct Promise04StrategyTests {
  struct State: Codable, Sendable {
    var a: Int?, b: Int?, c: Int?
  }

  @Test func immediate_startsTogether_asSoonAsTheFailureIsAccepted_andTheOrderWaitsForIt() throws {
    struct Trip: Saga {
      let bench: Workbench
      let began = Gate()
      typealias State = Promise04StrategyTests.State

      private func undo(_ name: String, _ duration: Duration) async throws {
        bench.log.append("begin \(name)")
        try await bench.sleep(duration)
        bench.log.append("end \(name)")
      }

      var body: some Flow<State> {
        Step("deferred", \.a) { _ in 1 }.compensate { _ in try await undo("deferred", .seconds(1)) }
        Step("seat", \.b) { _ in 2 }.compensate(.immediate) { _ in try await undo("seat", .seconds(20)) }
        Step("room") { _ in }.compensate(.immediate) { _ in try await undo("room", .seconds(10)) }
        Parallel("group") {
          Step("slow", \.c) { _ in
            began.open()
            await bench.sleepStubbornly(.seconds(5))
            bench.log.append("slow is back")
            return 3
          }
          .compensate(.immediate) { _ in try await undo("slow", .seconds(1)) }
          Step("fails") { _ in
            await began.wait()
            throw Refused()
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (_, report) = try await bench.outcome(of: Trip(bench: bench), .init())
      let log = bench.log.entries
      try #require(Set(log.prefix(2)) == ["begin seat", "begin room"], "all together, at once")
      try #require(
        Array(log.dropFirst(2)) == [
          "slow is back", "begin slow", "end slow", "end room", "end seat", "begin deferred", "end deferred",
        ])
      try #require(report.compensatedSteps == ["slow", "room", "seat", "deferred"])
      try #require(bench.elapsed(since: start) == .seconds(21))
    }
  }

  @Test func immediate_unknownEffect_startsAtOnce() throws {
    struct Trip: Saga {
      let bench: Workbench
      typealias State = Promise04StrategyTests.State
      var body: some Flow<State> {
        Parallel("group") {
          Step("stubborn", \.a) { _ in
            await bench.sleepStubbornly(.seconds(60))
            return 1
          }
          .settleGrace(.seconds(30)).compensate { _ in bench.log.append("undo stubborn") }
          Step("lost", \.b) { _ -> Int in
            try await bench.sleep(.seconds(1))
            throw EffectUnknown()
          }
          .undo(.immediate) { _, _ in
            bench.log.append("void lost at \(bench.clock.now.nanoseconds / 1_000_000_000)")
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now.nanoseconds / 1_000_000_000
      _ = try await bench.outcome(of: Trip(bench: bench), .init())
      try #require(bench.log.entries.first == "void lost at \(start + 1)")
    }
  }

  @Test func toleratedFailures_startNothing() throws {
    struct Mail: Saga {
      let bench: Workbench
      typealias State = Promise04StrategyTests.State
      var body: some Flow<State> {
        Step("seat", \.a) { _ in 1 }.compensate(.immediate) { _ in bench.log.append("undo seat") }
        Step("mail") { _ in throw EffectUnknown() }
          .undo(.immediate) { _, _ in bench.log.append("undo mail") }
          .optional()
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Mail(bench: bench), .init())
      try #require(outcome.isSuccess && bench.log.entries.isEmpty)
    }
  }

  @Test func stop_startsNothing_andListsWhatStands() throws {
    struct Stop: Saga {
      let bench: Workbench
      typealias State = Promise04StrategyTests.State
      var failurePolicy: FailurePolicy { .stop }
      var body: some Flow<State> {
        Step("seat", \.a) { _ in 1 }.compensate(.immediate) { _ in bench.log.append("undo seat") }
        Step("room", \.b) { _ in 1 }.compensate { _ in bench.log.append("undo room") }
        Step("plain", \.c) { _ in 1 }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Stop(bench: bench), .init())
      guard case .failed(let failure) = outcome else { throw Refused() }
      try #require(bench.log.entries.isEmpty && failure.undone.isEmpty && failure.error is Refused)
      try #require(failure.unresolved.map(\.step) == ["seat", "room"])
      try #require(failure.unresolved.allSatisfy { $0.reason == .notUndone })
      try #require(report.status == .failed && report.step("seat")?.status == .completed)
    }
  }

  @Test func suspend_startsNothing_untilSomebodyDecidesToUndo() throws {
    struct Held: Saga {
      let bench: Workbench
      typealias State = Promise04StrategyTests.State
      var failurePolicy: FailurePolicy { .suspend }
      var body: some Flow<State> {
        Step("seat", \.a) { _ in 1 }.compensate(.immediate) { _ in bench.log.append("undo seat") }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Held(bench: bench))
      let run = try await bench.sagas.start(Held.self, .init(), id: "h")
      try #require(await run.settled == .suspended && bench.log.entries.isEmpty)
      try await run.compensate()
      try #require(await run.outcome.failure?.undone == ["seat"] && bench.log.entries == ["undo seat"])
    }
  }

  struct Pay: Saga {
    let bench: Workbench
    var error: any Error & Sendable = Refused()
    struct State: Codable, Sendable {
      let vip: Bool
      var paid: Int?, gift: Int?, fee: Int?
    }
    var body: some Flow<State> {
      Step("pay", \.paid) { _ in 100 }
        .compensate(.when(Refused.self)) { bench.log.append("refund \($0)") }
      Step("gift", \.gift) { _ in 1 }
        .compensate(.when { context, _ in try !context.vip && context.gift == 1 }) { _ in
          bench.log.append("take gift")
        }
      Step("fee", \.fee) { _ in 5 }
        .compensate(
          CompensationStrategy { question in
            bench.log.append("asked about \(question.step) \(try question.context.fee)")
            return question.error is Busy ? .now : .never
          }
        ) { _ in bench.log.append("return fee") }
      Step("ship") { _ in throw error }
    }
  }

  @Test func when_andTheUsersOwn_decideByErrorAndState_onceEach() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Pay(bench: bench), .init(vip: true))
      try #require(bench.log.entries == ["asked about fee 5", "refund 100"])
      try #require(outcome.failure?.undone == ["pay"] && outcome.failure?.unresolved.isEmpty == true)
      try #require(report.step("gift")?.status == .completed, "left as it is, and not called undone")
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Pay(bench: bench, error: Busy()), .init(vip: false))
      try #require(bench.log.entries == ["asked about fee 5", "return fee", "take gift"])
    }
  }

  @Test func verdictsAndWaves_areNotEvaluatedAgain_afterARecovery() throws {
    struct Twice: Saga {
      let bench: Workbench
      let gate: Gate
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var compensationOrder: CompensationOrder {
        CompensationOrder { completed in
          bench.log.append("ordered \(completed.map(\.name))")
          return [["a"], ["b"]]
        }
      }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }
          .compensate(
            CompensationStrategy { _ in
              bench.log.append("asked")
              return .later
            }
          ) { _ in
            bench.log.append("undo a")
            await gate.wait()
          }
        Step("b", \.b) { _ in 1 }.compensate { _ in bench.log.append("undo b") }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Twice(bench: first, gate: held))
      _ = try await first.sagas.start(Twice.self, .init(), id: "s")
      await first.log.waitFor("undo a")
      try #require(first.log.entries == ["asked", "ordered [\"a\", \"b\"]", "undo a"])
      let second = Workbench(simulation, store: store)
      let open = Gate()
      open.open()
      try await second.sagas.register(Twice(bench: second, gate: open))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Twice.self, "s"))
      try #require(await run.outcome.failure?.undone == ["a", "b"])
      try #require(
        second.log.entries == ["undo a", "undo b"], "the undo that had begun runs again, nothing is asked")
      held.open()
    }
  }

  @Test func afterFailed_undoesTheStepThatThrew() throws {
    struct Clean: Saga {
      let bench: Workbench
      typealias State = Promise04StrategyTests.State
      var body: some Flow<State> {
        Step("scratch", \.a) { _ -> Int in throw Refused() }
          .undo(after: [.completed, .unknown, .failed]) { effect, _ in
            if case .failed(let error) = effect { bench.log.append("clean up after \(type(of: error))") }
          }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Clean(bench: bench), .init())
      try #require(bench.log.entries == ["clean up after Refused"])
      try #require(outcome.failure?.undone == ["scratch"] && report.step("scratch")?.status == .compensated)
    }
  }
}
