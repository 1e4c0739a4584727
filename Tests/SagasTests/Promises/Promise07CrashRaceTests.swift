import SagasTesting
import Testing

@testable import Sagas

/// Promise 7: the rows of the winner table that have a crash in them. A crash is what another orchestrator finds that
/// has nothing but the log.
@Suite("7 Races with a crash")
struct Promise07CrashRaceTests {
  struct Charge: Saga {
    let bench: Workbench
    /// How long the first step takes.
    var takes = Duration.seconds(5)
    /// Whether it heeds being asked to stop.
    var isStubborn = false
    var limit: Duration?

    struct State: Codable, Sendable { var receipt: Int? }

    var timeout: Duration? { limit }

    var body: some Flow<State> {
      Step("charge", \.receipt) { context in
        bench.log.append("charge \(context.run.attempt)")
        if isStubborn { await bench.sleepStubbornly(takes) } else { try await bench.sleep(takes) }
        return 42
      }
      .timeout(.seconds(10)).settleGrace(.seconds(5))
      .compensate { bench.log.append("refund \($0)") }
      .compensateUnknown { _ in bench.log.append("void") }
      Step("next") { _ in
        bench.log.append("next")
        try await bench.sleep(.seconds(60))
      }
    }
  }

  /// Runs a saga for a while; then only its log is left, and another orchestrator has it.
  private func crash(
    _ simulation: Simulation, after time: Duration, _ saga: @Sendable (Workbench) -> Charge,
    then other: (@Sendable (Workbench) -> Charge)? = nil,
    before: @Sendable (SagaRun<Charge>) async throws -> Void = { _ in }
  ) async throws -> (bench: Workbench, run: SagaRun<Charge>) {
    let store = InMemoryStore(encoding: true)
    let first = Workbench(simulation, store: store)
    try await first.sagas.register(saga(first))
    let run = try await first.sagas.start(Charge.self, .init(), id: "s")
    try await first.sleep(time)
    try await before(run)
    let copy = InMemoryStore(encoding: true)
    guard case .log(let records)? = try await store.load("s")?.content else { throw Refused() }
    for bytes in records {
      let format = try RecordFormat(decoding: bytes)
      let record = JournalRecord(
        sagaID: "s", sagaName: "Charge", sagaVersion: 1, startedAt: VirtualClock.start, writer: 1,
        firstNumber: format.firstNumber,
        count: format.entries.count, time: format.time, status: .running, bytes: bytes)
      try #require(copy.append(record) { _ in } == .durable)
    }
    let second = Workbench(simulation, store: copy)
    try await second.sagas.register(other.map { $0(second) } ?? saga(second))
    try await second.sagas.recover()
    return (second, try #require(try await second.sagas.handle(Charge.self, "s")))
  }

  @Test func completion_thenCrash_isNotRunAgain() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(6)) { Charge(bench: $0) }
      try #require(await run.outcome.isSuccess && bench.log.entries == ["next"])
    }
  }

  @Test func crash_thenCompletion_runsAgainUnderItsNumber() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(4)) { Charge(bench: $0) }
      try #require(await run.outcome.isSuccess && bench.log.entries == ["charge 1", "next"])
    }
  }

  @Test func timeout_thenCrash_leavesTheEffectUnknown_andIsNotRunAgain() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(11)) {
        Charge(bench: $0, takes: .seconds(60), isStubborn: true)
      }
      let failure = await run.outcome.failure
      try #require(failure?.error is StepTimedOut && failure?.undone == ["charge"])
      try #require(bench.log.entries == ["void"])
    }
  }

  @Test func crash_thenTimeout_countsFromWhenItRunsAgain() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(9)) {
        Charge(bench: $0, takes: .seconds(60))
      }
      let recovered = bench.clock.now
      let failure = await run.outcome.failure
      try #require(failure?.error is StepTimedOut && bench.elapsed(since: recovered) == .seconds(10))
      try #require(bench.log.entries == ["charge 1", "void"])
    }
  }

  @Test func cancel_thenCrash_isUndone_withoutRunningAgain() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(
        simulation, after: .seconds(3), { Charge(bench: $0, takes: .seconds(60), isStubborn: true) },
        before: { try await $0.cancel() })
      let failure = await run.outcome.failure
      try #require(failure?.error is SagaCancelled && failure?.undone == ["charge"])
      try #require(bench.log.entries == ["void"])
    }
  }

  @Test func crash_thenCancel_leavesTheEffectUnknown() throws {
    try underSchedules { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(3)) {
        Charge(bench: $0, takes: .seconds(60))
      }
      try await run.cancel()
      let failure = await run.outcome.failure
      try #require(failure?.error is SagaCancelled && failure?.undone == ["charge"])
      try #require(bench.log.entries.last == "void")
    }
  }

  @Test func event_thenCrash_isTaken_andNotOnceMore() throws { try race(eventFirst: true) }

  @Test func crash_thenEvent_isTakenByTheOneThatGoesOn() throws { try race(eventFirst: false) }

  private func race(eventFirst: Bool) throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Approval(bench: first))
      _ = try await first.sagas.start(Approval.self, .init(), id: "s")
      try await first.sleep(.seconds(1))
      if eventFirst {
        let report = try await first.sagas.events.publish(Word(number: 7), to: "s", id: "w")
        try #require(report.deliveredTo == ["s"])
      }
      // What has the log alone is a crash to whoever ran the saga: it acts no more.
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Approval(bench: second))
      try await second.sagas.recover()
      let report = try await second.sagas.events.publish(Word(number: 8), to: "s", id: eventFirst ? "w" : "v")
      try #require(report.isDuplicate == eventFirst && report.deliveredTo == (eventFirst ? [] : ["s"]))
      let run = try #require(try await second.sagas.handle(Approval.self, "s"))
      let output = try await run.output
      try #require(output.word == (eventFirst ? 7 : 8))
      try #require(second.log.entries == ["told \(eventFirst ? 7 : 8)"])
    }
  }

  struct Word: SagaEvent { let number: Int }

  struct Approval: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var word: Int? }
    var body: some Flow<State> {
      WaitForEvent("word", \.word) {
        On(Word.self) { $0.number }
        After(.seconds(60)) { _ in 0 }
      }
      Step("tell") { context in
        try await bench.sleep(.seconds(5))
        bench.log.append("told \(context.word ?? -1)")
      }
    }
  }

  @Test func deadline_thenCrash_isUndone_withoutRunningAgain() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(simulation, after: .seconds(8)) {
        Charge(bench: $0, takes: .seconds(60), isStubborn: true, limit: .seconds(7))
      }
      let failure = await run.outcome.failure
      try #require(failure?.error is SagaTimedOut && failure?.undone == ["charge"])
      try #require(bench.log.entries == ["void"])
    }
  }

  @Test func crash_thenDeadline_comesFirst_andLeavesTheEffectUnknown() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await crash(
        simulation, after: .seconds(3), { Charge(bench: $0, takes: .seconds(60)) },
        then: { Charge(bench: $0, takes: .seconds(60), limit: .seconds(2)) })
      let failure = await run.outcome.failure
      try #require(failure?.error is SagaTimedOut && failure?.undone == ["charge"])
      try #require(bench.log.entries.last == "void")
    }
  }
}
