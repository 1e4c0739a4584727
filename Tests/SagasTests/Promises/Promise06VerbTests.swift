import SagasTesting
import Testing

@testable import Sagas

/// Promise 6: what is asked of a saga in the wrong status is an error that names it. Which verb is for which status,
/// the machine's table says.
@Suite("6 Illegal uses")
struct Promise06VerbTests {
  struct Order: Saga {
    let bench: Workbench
    /// While closed, "work" does not return.
    let gate = Gate()
    /// While closed, the undo fails.
    let repaired = Gate()

    struct State: Codable, Sendable {
      var fails = false
      var seat: Int?, work: Int?
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }
        .compensate { _ in if !repaired.isOpen { throw Refused() } }
        .compensationRetry(.never)
      Step("work", \.work) { context in
        bench.log.append("work")
        await gate.wait()
        if context.fails { throw Refused() }
        return 1
      }
    }
  }

  struct Pivoted: Saga {
    let bench: Workbench
    let works = Gate()
    struct State: Codable, Sendable { var a: Int?, b: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
      Pivot("go")
      Step("b", \.b) { _ in
        guard works.isOpen else { throw Refused() }
        return 2
      }
      .compensate { _ in bench.log.append("undo b") }
    }
  }

  private func refusal(_ verb: () async throws -> Void) async throws -> SagaError {
    do {
      try await verb()
    } catch let error as SagaError {
      return error
    }
    throw Refused()
  }

  @Test func abandon_whileSomethingIsInFlight_isRefused_andSaysSo() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let order = Order(bench: bench)
      try await bench.sagas.register(order)
      let run = try await bench.sagas.start(Order.self, .init(), id: "o")
      await bench.log.waitFor("work")
      try await run.suspend()
      let error = try await refusal { try await run.abandon() }
      try #require(error.code == .notStuck && error.message.contains("running"))
      order.gate.open()
      try #require(await run.settled == .suspended)
      try await run.abandon()
      try #require(await run.status == .failed)
    }
  }

  @Test func stuckBehindThePivot_otherVerbsAreRefused_withWhatHelps() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let pivoted = Pivoted(bench: bench)
      try await bench.sagas.register(pivoted)
      let run = try await bench.sagas.start(Pivoted.self, .init(), id: "p")
      try #require(await run.settled == .stuck)
      let suspend = try await refusal { try await run.suspend() }
      try #require(suspend.code == .notRunning && suspend.message.contains("stuck"))
      let resume = try await refusal { try await run.resume() }
      try #require(resume.code == .notSuspended && resume.message.contains("stuck"))
      for verb in [0, 1] {
        let error = try await refusal {
          if verb == 0 {
            try await run.retryCompensation()
          } else {
            try await bench.sagas.skipCompensation("p", step: "a")
          }
        }
        try #require(error.code == .notStuck && error.message.contains("use retry, skip(step:) or abandon"))
      }
      let compensate = try await refusal { try await bench.sagas.compensate("p") }
      try #require(compensate.code == .pastPivot)
      try #require(await run.status == .stuck)
      pivoted.works.open()
      try await run.retry()
      try #require(await run.outcome.isSuccess && bench.log.entries.isEmpty)
    }
  }

  @Test func stuckByAnUndo_retryIsRefused_withWhatHelps() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let order = Order(bench: bench)
      order.gate.open()
      try await bench.sagas.register(order)
      let run = try await bench.sagas.start(Order.self, .init(fails: true), id: "o")
      try #require(await run.settled == .stuck)
      let error = try await refusal { try await bench.sagas.retry("o") }
      try #require(error.code == .notStuck && error.message.contains("retryCompensation"))
      order.repaired.open()
      try await run.retryCompensation()
      try #require(await run.outcome.failure?.undone == ["seat"])
    }
  }

  /// The pivot may be recorded while the cancel is on its way: it is done, or refused, never dropped.
  @Test func cancel_aroundThePivot_isDoneOrRefused() throws {
    let seen = EventLog()
    try underSchedules(200) { simulation in
      let bench = Workbench(simulation)
      let pivoted = Pivoted(bench: bench)
      pivoted.works.open()
      try await bench.sagas.register(pivoted)
      let run = try await bench.sagas.start(Pivoted.self, .init(), id: "p")
      do {
        try await run.cancel()
        let outcome = await run.outcome
        // What had ended by then stays as it is.
        try #require(outcome.isSuccess || outcome.failure?.error is SagaCancelled)
        seen.append(outcome.isSuccess ? "over" : "cancelled")
      } catch let error as SagaError {
        try #require(error.code == .pastPivot)
        try #require(await run.outcome.isSuccess)
        seen.append("refused")
      }
    }
    #if !TSAN
    #expect(Set(seen.entries).isSuperset(of: ["cancelled", "refused"]), "\(Set(seen.entries))")
    #endif
  }

  @Test func resumeFromBeforeThePivot_isRefused() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      struct Held: Saga {
        let gate: Gate
        struct State: Codable, Sendable { var a: Int?, b: Int? }
        var body: some Flow<State> {
          Step("a", \.a) { _ in 1 }
          Pivot("go")
          Step("b", \.b) { _ in
            await gate.wait()
            return 2
          }
        }
      }
      let held = Held(gate: Gate())
      try await bench.sagas.register(held)
      let run = try await bench.sagas.start(Held.self, .init(), id: "h")
      await held.gate.waitForArrivals(atLeast: 1)
      try await run.suspend()
      held.gate.open()
      try #require(await run.settled == .suspended)
      let error = try await refusal { try await run.resume(from: \.a) }
      try #require(error.code == .pastPivot)
      try await run.resume()
      try #require(await run.outcome.isSuccess)
    }
  }

  // MARK: What a cancel would undo

  @Test func unwindPlan_behindThePivot_andWhileStopping_isEmpty() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Pivoted(bench: bench))
      let run = try await bench.sagas.start(Pivoted.self, .init(), id: "p")
      try #require(await run.settled == .stuck)
      let plan = try await bench.sagas.unwindPlan("p")
      try #require(plan.atOnce.isEmpty && plan.waves.isEmpty && plan.kept.isEmpty)
      try #require(plan.mermaid == bench.sagas.definition(named: "Pivoted")?.mermaid)

      let order = Order(bench: bench)
      try await bench.sagas.register(order)
      let other = try await bench.sagas.start(Order.self, .init(), id: "o")
      await bench.log.waitFor("work")
      try #require(await other.unwindPlan().waves == [["seat"]])
      try await other.cancel(compensating: false)
      try #require(await other.unwindPlan().waves.isEmpty)
      order.gate.open()
      _ = await other.outcome
    }
  }

  @Test func unwindPlan_whileUndoing_hasWhatIsLeft_inTheSagasOwnOrder() throws {
    struct Listed: Saga {
      let bench: Workbench
      let gate: Gate
      struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int? }
      var compensationOrder: CompensationOrder { .list("a", "c") }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in await gate.wait() }.compensationTimeout(.hours(1))
        Step("b", \.b) { _ in 1 }.compensate { _ in }
        Step("c", \.c) { _ in 1 }.compensate { _ in }
        Step("end") { _ in
          bench.log.append("end")
          try await bench.sleep(.seconds(5))
        }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let gate = Gate()
      try await bench.sagas.register(Listed(bench: bench, gate: gate))
      let run = try await bench.sagas.start(Listed.self, .init(), id: "l")
      await bench.log.waitFor("end")
      try #require(await run.unwindPlan().waves == [["a"], ["c"], ["b"]])
      try await run.cancel()
      await gate.waitForArrivals(atLeast: 1)
      try #require(await run.unwindPlan().waves == [["c"], ["b"]])
      gate.open()
      try #require(await run.outcome.failure?.undone == ["a", "c", "b"])
    }
  }
}
