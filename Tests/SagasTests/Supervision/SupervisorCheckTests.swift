import SagasTesting
import Testing

@testable import Sagas

/// What the supervisor finds when it looks, and what it does about it.
@Suite("Supervisor: stalls and policies")
struct SupervisorCheckTests {
  private func workbench(
    _ simulation: Simulation, _ policy: SupervisorPolicy = .leave, limit: Int? = nil,
    stallThreshold: Duration? = .minutes(5), _ errand: (Workbench) -> Errand
  ) async throws -> (Workbench, Errand) {
    let bench = Workbench(
      simulation,
      configuration: .init(
        maxConcurrentSagas: limit,
        supervision: .init(
          heartbeat: nil, stateCheck: nil, stallThreshold: stallThreshold, policy: policy)))
    let errand = errand(bench)
    try await bench.sagas.register(errand)
    return (bench, errand)
  }

  // MARK: Stalls

  @Test func anActionThatNeverReturns_stalls_onceUntilSomethingIsRecorded() throws {
    struct Twice: Saga {
      let gates: [Gate]
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in await gates[0].wait() ? 1 : 0 }
        Step("b", \.b) { _ in await gates[1].wait() ? 1 : 0 }
      }
    }
    try underSchedules(20) { simulation in
      let (bench, _) = try await workbench(simulation) { Errand(bench: $0) }
      let gates = [Gate(), Gate()]
      try await bench.sagas.register(Twice(gates: gates))
      let listener = Listener(bench)
      let run = try await bench.sagas.start(Twice.self, .init(), id: "t")
      try await bench.sleep(.seconds(299))
      try #require(listener.events.isEmpty)
      try await bench.sleep(.hours(1))
      try #require(listener.log.entries == ["sagaStalled t a"])
      let event = listener.events[0]
      try #require(event.time == VirtualClock.start.advanced(by: .minutes(5)) && event.status == .running)
      gates[0].open()
      try await bench.sleep(.hours(1))
      try #require(listener.log.entries == ["sagaStalled t a", "sagaStalled t b"])
      gates[1].open()
      guard case .completed = await run.outcome else { throw Refused() }
    }
  }

  @Test func severalStalls_areAnnouncedInTheOrderOfCreation() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation) { Errand(bench: $0) }
      let listener = Listener(bench)
      for id in ["z", "m", "a"] {
        try await bench.begin(id, .hangs)
        try await bench.sleep(.milliseconds(1))
      }
      try await bench.sleep(.minutes(6))
      try #require(listener.log.entries == ["z", "m", "a"].map { "sagaStalled \($0) work" })
    }
  }

  @Test func whatWaits_doesNotStall() throws {
    struct Patient: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> {
        Parallel("both") {
          // Bounded by a limit of its own.
          Step("long", \.a) { _ in
            try await bench.sleep(.minutes(50))
            return 1
          }
          .timeout(.hours(1))
          // In a backoff nearly always.
          Step("again", \.b) { context in
            if context.run.attempt == 1 { throw Busy() }
            return 2
          }
          .retry(.fixed(retries: 1, every: .minutes(20)))
        }
      }
    }
    try underSchedules(10) { simulation in
      let (bench, errand) = try await workbench(simulation, limit: 2) { Errand(bench: $0, policy: .suspend) }
      try await bench.sagas.register(Patient(bench: bench))
      let listener = Listener(bench)
      let run = try await bench.sagas.start(Patient.self, .init(), id: "patient")
      try await bench.begin("hangs", .hangs)
      // These never get a slot, or are held.
      try await bench.begin("queued", .succeeds)
      try await bench.sleep(.minutes(45))
      try #require(await run.status == .running)
      try #require(listener.log.entries == ["sagaStalled hangs work"])
      errand.released.open()
      guard case .completed = await run.outcome else { throw Refused() }
    }
  }

  @Test func aSuspendedOrStuckSaga_doesNotStall_norDoesAnythingWithoutAThreshold() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation) { Errand(bench: $0, policy: .suspend) }
      let run = try await bench.begin("suspended", .fails)
      try #require(await run.settled == .suspended)
      let listener = Listener(bench)
      try await bench.sleep(.hours(1))
      try #require(listener.events.isEmpty)

      let (other, _) = try await workbench(simulation, stallThreshold: nil) { Errand(bench: $0) }
      let second = Listener(other)
      try await other.begin("hangs", .hangs)
      try await other.sleep(.hours(1))
      try #require(second.events.isEmpty)
    }
  }

  // MARK: Policies

  @Test func leave_isTheDefault_andChangesNothing() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation) { Errand(bench: $0, policy: .suspend) }
      let run = try await bench.begin("e", .fails)
      let listener = Listener(bench)
      try await bench.sleep(.hours(1))
      try #require(await run.status == .suspended && listener.events.allSatisfy { $0.decision == nil })
    }
  }

  @Test func resume_resumesWhatCanRecover_soManyTimes() throws {
    try underSchedules(20) { simulation in
      let (bench, errand) = try await workbench(simulation, .resume(attempts: 2)) {
        Errand(bench: $0, policy: .suspend)
      }
      let listener = Listener(bench)
      let run = try await bench.begin("e", .fails)
      try await bench.begin("open", .leavesOpen)
      try #require(await run.settled == .suspended)
      try #require(await run.report.canRecover)
      try await bench.sleep(.minutes(10))
      let applied = listener.events.filter { $0.kind == .policyApplied }
      try #require(applied.map(\.sagaID) == ["e", "e"])
      try #require(applied.map(\.time) == [30, 60].map { VirtualClock.start.advanced(by: .seconds($0)) })
      try #require(applied.allSatisfy { $0.decision == .resume(attempts: 2) })
      try #require(await run.report.step("work")?.attempts == 3)
      let open = try #require(try await bench.sagas.report("open"))
      try #require(!open.canRecover && open.step("work")?.attempts == 1 && !open.unresolved.isEmpty)
      errand.repaired.open()
      try await run.resume()
      guard case .completed = await run.outcome else { throw Refused() }
      try #require(await !run.report.canRecover)
    }
  }

  @Test func resume_withoutListeners_works_andStopsLookingOnceNothingIsLeft() throws {
    try underSchedules(20) { simulation in
      let (bench, errand) = try await workbench(simulation, .resume(attempts: 5)) {
        Errand(bench: $0, policy: .suspend)
      }
      try #require(bench.clock.sleeperCount == 0)
      let run = try await bench.begin("e", .fails)
      try #require(await run.settled == .suspended)
      errand.repaired.open()
      guard case .completed = await run.outcome else { throw Refused() }
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(30))
      await bench.settle()
      try await bench.sleep(.seconds(31))
      try #require(bench.clock.sleeperCount == 0, "no saga, no check")
      let second = try await bench.begin("f", .succeeds)
      await bench.settle()
      try #require(bench.clock.sleeperCount == 2, "its step, and the next check")
      _ = await second.outcome
    }
  }

  @Test func resume_ofNoAttempts_andLeaveOfAStall_doNothing() throws {
    try underSchedules(10) { simulation in
      for attempts in [0, -1] {
        let (bench, _) = try await workbench(simulation, .resume(attempts: attempts)) {
          Errand(bench: $0, policy: .suspend)
        }
        let listener = Listener(bench)
        let run = try await bench.begin("e", .fails)
        try await bench.begin("hangs", .hangs)
        try await bench.sleep(.minutes(10))
        try #require(await run.status == .suspended)
        try #require(listener.log.entries.last == "sagaStalled hangs work")
        try #require(listener.events.allSatisfy { $0.decision == nil })
      }
    }
  }

  @Test func cancel_undoesWhatStallsAndWhatIsSuspended() throws {
    try underSchedules(20) { simulation in
      let (bench, _) = try await workbench(simulation, .cancel) { Errand(bench: $0, policy: .suspend) }
      let listener = Listener(bench)
      let suspended = try await bench.begin("suspended", .fails)
      let stalled = try await bench.begin("stalled", .hangs)
      guard case .compensated(let first) = await suspended.outcome else { throw Refused() }
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(30))
      try #require(first.error is SagaCancelled && first.undone == ["seat"])
      guard case .compensated(let second) = await stalled.outcome else { throw Refused() }
      try #require(bench.elapsed(since: VirtualClock.start) == .minutes(5))
      try #require(second.error is SagaCancelled && second.undone == ["seat"])
      await bench.settle()
      try #require(
        listener.log.entries.dropFirst(2) == [
          "policyApplied suspended", "sagaStalled stalled work", "policyApplied stalled",
        ])
    }
  }

  @Test func aCancelThatIsRefused_isAnnouncedOnce() throws {
    struct Launch: Saga {
      let gate: Gate
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Pivot("launched")
        Step("a", \.a) { _ in await gate.wait() ? 1 : 0 }
      }
    }
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation, .cancel) { Errand(bench: $0) }
      let gate = Gate()
      try await bench.sagas.register(Launch(gate: gate))
      let listener = Listener(bench)
      let run = try await bench.sagas.start(Launch.self, .init(), id: "l")
      try await bench.sleep(.hours(1))
      try #require(listener.log.entries == ["sagaStalled l a", "policyRefused l"])
      try #require((listener.events[1].error as? SagaError)?.code == .pastPivot)
      gate.open()
      guard case .completed = await run.outcome else { throw Refused() }
    }
  }

  @Test func aClosure_decidesOverTheReport_atEachCheckAnew() throws {
    try underSchedules(20) { simulation in
      let log = EventLog()
      let policy = SupervisorPolicy { report in
        log.append("\(report.id) \(report.status) \(report.canRecover)")
        if report.error == nil { return .leave }  // suspended by hand
        return log.entries.count { $0.hasPrefix("\(report.id) ") } < 3 ? .leave : .cancel
      }
      let (bench, _) = try await workbench(simulation, policy) { Errand(bench: $0, policy: .suspend) }
      let held = try await bench.begin("by hand", .succeeds)
      try await held.suspend()
      try #require(await held.settled == .suspended)
      let failed = try await bench.begin("failed", .fails)
      guard case .compensated = await failed.outcome else { throw Refused() }
      try #require(log.count(of: "failed suspended true") == 3)
      try #require(log.count(of: "by hand suspended true") == 3)
      try #require(await held.status == .suspended)
    }
  }

  /// Its own policy comes first: what it retries or undoes by itself is not the supervisor's.
  @Test func aSagaThatGoesOnByItself_isNotTouched() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation, .cancel) { Errand(bench: $0) }
      let run = try await bench.begin("e", .succeeds, seconds: 299)
      guard case .completed = await run.outcome else { throw Refused() }
      let busy = try await bench.begin("busy", .isBusy)
      guard case .compensated(let failure) = await busy.outcome else { throw Refused() }
      try #require(failure.error is Busy)
    }
  }
}
