import SagasTesting
import Testing

@testable import Sagas

/// Promise 7: the rows of the winner table that have an event in them.
@Suite("7 Races with events")
struct Promise07EventRaceTests {
  struct Approval: Saga {
    let bench: Workbench
    var limit: Duration? = nil
    struct State: Codable, Sendable {
      let order: String
      var paid: Paid?
    }
    var timeout: Duration? { limit }
    var body: some Flow<State> {
      Step("reserve") { _ in }.compensate { _ in bench.log.append("release") }
      WaitForEvent("paid", \.paid, on: \.order, equals: \.order).timeout(.seconds(10))
      Step("ship") { _ in
        try await bench.sleep(.seconds(5))
        bench.log.append("shipped")
      }
      .compensate { _ in bench.log.append("call back") }
    }
  }

  private func started(_ bench: Workbench, limit: Duration? = nil) async throws -> SagaRun<Approval> {
    try await bench.sagas.register(Approval(bench: bench, limit: limit))
    let run = try await bench.sagas.start(Approval.self, .init(order: "o1"), id: "s")
    await bench.settle()
    return run
  }

  private func publish(_ bench: Workbench) async throws -> [String] {
    try await bench.sagas.events.publish(Paid(order: "o1")).deliveredTo
  }

  @Test func event_thenTimeout_isCompleted() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      try await bench.sleep(.seconds(9))
      try #require(try await publish(bench) == ["s"])
      try #require(await run.outcome.isSuccess && bench.log.entries == ["shipped"])
      try #require(bench.sagas.supervisor.nextDeadline == nil)
    }
  }

  @Test func timeout_thenEvent_leavesTheEventWhereItIs() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      try await bench.sleep(.seconds(11))
      try #require(try await publish(bench).isEmpty)
      try #require(await run.outcome.failure?.error is WaitTimedOut && bench.log.entries == ["release"])
    }
  }

  @Test func event_atTheInstantOfTheTimeout_isEitherOfTheTwo() throws {
    let seen = EventLog()
    try underSchedules(60) { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      try await bench.clock.sleep(until: run.report.startedAt.advanced(by: .seconds(10)))
      let taken = try await publish(bench) == ["s"]
      try #require(await run.outcome.isSuccess == taken)
      try #require(bench.log.entries == (taken ? ["shipped"] : ["release"]))
      seen.append(taken ? "event" : "timeout")
    }
    #expect(Set(seen.entries) == ["event", "timeout"])
  }

  @Test func event_thenCancel_isTaken_andUndoneWithTheRest() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      try #require(try await publish(bench) == ["s"])
      try await run.cancel()
      try #require(await run.outcome.failure?.error is SagaCancelled)
      try #require(await run.report.step("paid")?.status == .completed)
      try #require(bench.log.entries.last == "release")
    }
  }

  @Test func cancel_thenEvent_isRefused() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      try await run.cancel()
      try #require(try await publish(bench).isEmpty)
      _ = await run.outcome
      try #require(await run.report.step("paid")?.status == .blocked && bench.log.entries == ["release"])
    }
  }

  @Test func event_andCancel_atOnce_isEitherOfTheTwo_andTheReportSaysWhich() throws {
    let seen = EventLog()
    try underSchedules(100) { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench)
      async let cancel: Void = run.cancel()
      async let published = publish(bench)
      let taken = try await published == ["s"]
      try await cancel
      _ = await run.outcome
      try #require(await run.report.step("paid")?.status == (taken ? .completed : .blocked))
      seen.append(taken ? "event" : "cancel")
    }
    #expect(Set(seen.entries) == ["event", "cancel"])
  }

  @Test func deadline_thenEvent_isRefused_andEventThenDeadline_isUndone() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let run = try await started(bench, limit: .seconds(8))
      try await bench.sleep(.seconds(9))
      try #require(try await publish(bench).isEmpty)
      try #require(await run.outcome.failure?.error is SagaTimedOut)
      let other = Workbench(simulation)
      let second = try await started(other, limit: .seconds(8))
      try await other.sleep(.seconds(7))
      try #require(try await publish(other) == ["s"])
      try #require(await second.outcome.failure?.error is SagaTimedOut)
      try #require(await second.report.step("paid")?.status == .completed)
    }
  }

  /// A step of a scope is done at the instant at which an event ends the scope.
  @Test func event_andCompletion_ofAScope_isEitherOfTheTwo() throws {
    struct Scope: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let order: String
      }
      var body: some Flow<State> {
        Sequential {
          Step("pack") { _ in
            await bench.sleepStubbornly(.seconds(5))
            bench.log.append("pack")
          }
          .compensate { _ in bench.log.append("unpack") }
        }
        .failing(on: Paid.self, \.order, equals: \.order) { _ in Refused() }
      }
    }
    let seen = EventLog()
    try underSchedules(60) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Scope(bench: bench))
      let run = try await bench.sagas.start(Scope.self, .init(order: "o1"), id: "s")
      try await bench.sleep(.seconds(5))
      let taken = try await publish(bench) == ["s"]
      try #require(await run.outcome.isSuccess == !taken)
      try #require(bench.log.entries == (taken ? ["pack", "unpack"] : ["pack"]))
      seen.append(taken ? "event" : "completion")
    }
    #expect(Set(seen.entries) == ["event", "completion"])
  }
}
