import SagasTesting
import Testing

@testable import Sagas

/// Promise 6: suspend, resume, compensate, abandon.
@Suite("6 Suspend and resume")
struct Promise06SuspendTests {
  struct Trip: Saga {
    let bench: Workbench
    var policy = FailurePolicy.compensate
    /// While closed, "pay" fails.
    let works = Gate()
    let began = Gate()

    struct State: Codable, Sendable { var seat: Int?, room: Int?, car: Int?, pay: Int?, done: Int? }

    var failurePolicy: FailurePolicy { policy }

    private func act(_ name: String, _ duration: Duration, _ run: StepRun) async throws -> Int {
      bench.log.append("\(name) \(run.attempt) \(run.idempotencyKey)")
      try await bench.sleep(duration)
      return run.attempt
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { try await act("seat", .seconds(1), $0.run) }
        .compensate { _ in bench.log.append("undo seat") }
      Parallel("both") {
        Step("room", \.room) { context in
          began.open()
          return try await act("room", .seconds(10), context.run)
        }
        .compensate { _ in bench.log.append("undo room") }
        Sequential {
          Step("car", \.car) { try await act("car", .seconds(2), $0.run) }
            .compensate { _ in bench.log.append("undo car") }
          Step("pay", \.pay) { context in
            let attempt = try await act("pay", .seconds(1), context.run)
            guard works.isOpen else { throw Refused() }
            return attempt
          }
          .retry(.fixed(retries: 1, every: .seconds(1)))
          .compensate { _ in bench.log.append("undo pay") }
        }
      }
      Step("done", \.done) { try await act("done", .seconds(1), $0.run) }
    }
  }

  private func names(_ log: EventLog) -> [String] { log.entries.map { String($0.prefix { $0 != " " }) } }

  @Test func suspend_letsWhatRunsSettle_beginsNothingMore_andResumeGoesOn() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      trip.works.open()
      try await bench.sagas.register(trip)
      let start = bench.clock.now
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      await trip.began.wait()
      try await run.suspend()
      try await run.suspend()
      try #require(await run.settled == .suspended)
      try #require(bench.elapsed(since: start) == .seconds(11), "room took its time")
      try await bench.sleep(.hours(1))
      try #require(Set(names(bench.log)) == ["seat", "room", "car"], "pay was reached, and not begun")
      let report = await run.report
      try #require(report.status == .suspended && report.error == nil && report.endedAt == nil)
      try #require(report.step("room")?.status == .completed && report.step("pay")?.status == .pending)
      try await bench.sagas.resume("t")
      try await bench.sagas.resume("t")
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.pay == 1 && state.done == 1)
      try #require(bench.log.count(of: "seat 1 t/seat") == 1 && bench.log.count(of: "room 1 t/room") == 1)
    }
  }

  @Test func policySuspend_stopsWhereItFailed_resumeRunsItAgain_underItsOldKey_withRetriesFromTheStart()
    throws
  {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench, policy: .suspend)
      try await bench.sagas.register(trip)
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      try #require(await run.settled == .suspended)
      let report = await run.report
      try #require(report.error is Refused && report.step("pay")?.status == .failed)
      try #require(report.step("room")?.status == .completed, "what runs is not asked to stop")
      try #require(bench.log.entries.suffix(1) == ["pay 2 t/pay"])
      try await run.resume()
      try #require(await run.settled == .suspended)
      try #require(bench.log.entries.suffix(2) == ["pay 3 t/pay", "pay 4 t/pay"])
      trip.works.open()
      try await run.resume()
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.pay == 5 && state.seat == 1)
    }
  }

  @Test func compensate_undoesASuspendedSaga_withTheFailureThatHeldIt() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Trip(bench: bench, policy: .suspend))
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      try #require(await run.settled == .suspended)
      try await bench.sagas.compensate("t")
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is Refused && failure.step == "pay")
      try #require(failure.undone == ["room", "car", "seat"])
    }
  }

  @Test func cancel_andAbandon_endASuspendedSaga() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Trip(bench: bench, policy: .suspend))
      let first = try await bench.sagas.start(Trip.self, .init(), id: "t")
      let second = try await bench.sagas.start(Trip.self, .init(), id: "u")
      try #require(await first.settled == .suspended)
      try #require(await second.settled == .suspended)
      try await first.cancel()
      guard case .compensated(let failure) = await first.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.undone.count == 3)
      try await second.abandon()
      guard case .failed(let other) = await second.outcome else { throw Refused() }
      try #require(other.undone.isEmpty && other.unresolved.map(\.step) == ["seat", "room", "car"])
      try #require(other.error is Refused && other.step == "pay")
    }
  }

  @Test func aBackoffThatComesDueWhileHeld_begins_onResume() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      try await bench.sagas.register(trip)
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      await bench.log.waitFor("pay 1 t/pay")
      try await bench.sleep(.milliseconds(1_500))
      try await run.suspend()
      try #require(await run.settled == .suspended)
      try await bench.sleep(.hours(1))
      try #require(bench.log.count(of: "pay 2 t/pay") == 0)
      trip.works.open()
      try await run.resume()
      try #require(await run.outcome.isSuccess && bench.log.count(of: "pay 2 t/pay") == 1)
    }
  }

  @Test func aSuspendedSaga_survivesARecovery() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Trip(bench: first, policy: .suspend))
      let before = try await first.sagas.start(Trip.self, .init(), id: "t")
      try #require(await before.settled == .suspended)
      let second = Workbench(simulation, store: store)
      let trip = Trip(bench: second, policy: .suspend)
      trip.works.open()
      try await second.sagas.register(trip)
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Trip.self, "t"))
      try #require(await run.settled == .suspended && second.log.entries.isEmpty)
      try await run.resume()
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.room == 1 && state.pay == 3)
      try #require(second.log.entries == ["pay 3 t/pay", "done 1 t/done"])
    }
  }

  @Test func illegalUses_nameTheStatus() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      trip.works.open()
      try await bench.sagas.register(trip)
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      try await run.resume()  // harmless
      _ = await run.outcome
      for (verb, code) in [
        (0, SagaError.Code.notRunning), (1, .notSuspended), (2, .notSuspended), (3, .notStuck),
      ] {
        do {
          switch verb {
          case 0: try await run.suspend()
          case 1: try await run.resume()
          case 2: try await run.compensate()
          default: try await run.abandon()
          }
          throw Refused()
        } catch let error as SagaError {
          try #require(error.code == code && error.description.contains("completed"))
        }
      }
    }
  }
}
