import SagasTesting
import Testing

@testable import Sagas

/// Sagas that fail in a row, and names that cannot be started because of it.
@Suite("Supervisor: failure threshold")
struct SupervisorAdmissionTests {
  private func workbench(
    _ simulation: Simulation, threshold: Int? = 3, stops: Bool = false, coolDown: Duration? = .seconds(60),
    policy: FailurePolicy = .stop
  ) async throws -> (Workbench, Errand) {
    let bench = Workbench(
      simulation,
      configuration: .init(
        supervision: .init(
          checkInterval: nil, heartbeat: nil, stateCheck: nil, failureThreshold: threshold,
          stopsAdmission: stops, admissionCoolDown: coolDown)))
    let errand = Errand(bench: bench, policy: policy)
    try await bench.sagas.register(errand)
    return (bench, errand)
  }

  /// Runs sagas one after the other; each letter is one: fails, completes, is cancelled and so compensated.
  private func run(_ bench: Workbench, _ kinds: String, from first: Int = 0) async throws {
    for (number, kind) in kinds.enumerated() {
      let id = "\(kind)\(first + number)"
      switch kind {
      case "f": _ = try await bench.begin(id, .fails).outcome
      case "c": _ = try await bench.begin(id, .succeeds).outcome
      default:
        let run = try await bench.begin(id, .hangs)
        try await run.cancel()
        try #require(await run.settled == .compensated)
      }
    }
    await bench.settle()
  }

  @Test(arguments: [
    ("ff", 0), ("fff", 1), ("ffcff", 0), ("ffcfff", 1), ("ffxf", 1), ("fxfxf", 1), ("xxxxx", 0), ("fffff", 1),
    ("ffffff", 2), ("fffcfff", 2), ("fffff" + "cff", 1),
  ])
  func theThreshold_countsFailuresInARow_aSuccessBeginsAnew_compensatedIsNotLookedAt(
    kinds: String, times: Int
  ) throws {
    try underSchedules(5) { simulation in
      let (bench, _) = try await workbench(simulation)
      let listener = Listener(bench)
      try await run(bench, kinds)
      let reached = listener.events.filter { $0.kind == .failureThresholdReached }
      try #require(reached.count == times)
      try #require(reached.allSatisfy { $0.sagaName == "Errand" && $0.sagaID == nil })
      // By default nothing is kept from being started.
      try #require(!listener.events.contains { $0.kind == .admissionStopped })
      try await bench.begin("more", .succeeds)
    }
  }

  @Test func eachNameIsCountedByItself() throws {
    struct Other: Saga {
      struct State: Codable, Sendable {}
      var failurePolicy: FailurePolicy { .stop }
      var body: some Flow<State> { Fail("no") { _ in Refused() } }
    }
    try underSchedules(5) { simulation in
      let (bench, _) = try await workbench(simulation, stops: true)
      try await bench.sagas.register(Other())
      let listener = Listener(bench)
      for id in ["1", "2"] { _ = try await bench.sagas.start(Other.self, .init(), id: id).outcome }
      try await run(bench, "ff")
      _ = try await bench.sagas.start(Other.self, .init(), id: "3").outcome
      await bench.settle()
      let stopped = listener.events.filter { $0.kind == .admissionStopped }
      try #require(stopped.map(\.sagaName) == ["Other"])
      try await run(bench, "c", from: 5)
    }
  }

  @Test func stuckCounts_onceForEachSaga() throws {
    try underSchedules(10) { simulation in
      let (bench, errand) = try await workbench(simulation, policy: .compensate)
      let listener = Listener(bench)
      var runs: [SagaRun<Errand>] = []
      for id in ["a", "b"] {
        let run = try await bench.begin(id, .failsForGood)
        try #require(await run.settled == .stuck)
        runs.append(run)
      }
      try await runs[0].retryCompensation()
      try #require(await runs[0].settled == .stuck)
      try await runs[0].abandon()
      try #require(await runs[0].settled == .failed)
      await bench.settle()
      try #require(listener.first(.failureThresholdReached) == nil, "two sagas")
      let third = try await bench.begin("c", .failsForGood)
      try #require(await third.settled == .stuck)
      await bench.settle()
      try #require(listener.first(.failureThresholdReached) != nil)
      errand.repaired.open()
      try await third.retryCompensation()
      try #require(await third.settled == .compensated)
    }
  }

  @Test func withoutAThreshold_nothingIsCounted() throws {
    try underSchedules(5) { simulation in
      let (bench, _) = try await workbench(simulation, threshold: nil, stops: true)
      let listener = Listener(bench)
      try await run(bench, "ffffffffff")
      try #require(listener.first(.failureThresholdReached) == nil)
    }
  }

  // MARK: Admission

  private func refusal(_ bench: Workbench, _ id: String) async throws -> SagaError? {
    do {
      try await bench.begin(id, .succeeds)
      return nil
    } catch let error as SagaError {
      return error
    }
  }

  @Test func stopsAdmission_refusesStartsOfThatName_untilTheCoolDownIsOver() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation, stops: true)
      let before = try await bench.begin("before", .succeeds, seconds: 5)
      let listener = Listener(bench)
      try await run(bench, "fff")
      try #require(
        listener.log.entries.suffix(2) == ["failureThresholdReached Errand", "admissionStopped Errand"])
      try await bench.sleep(.seconds(59))
      let error = try #require(try await refusal(bench, "x"))
      try #require(error.code == .admissionStopped && error.saga == "Errand")
      try #require(error.description.contains("resetAdmission"))
      try #require(try await bench.sagas.report("x") == nil)
      guard case .completed = await before.outcome else { throw Refused() }
      await #expect(throws: SagaError.self) {
        try await bench.sagas.start(named: "Errand", json: #"{"mode": "succeeds", "seconds": 1}"#)
      }
      // Nothing is started where there is one already.
      let joined = try await bench.sagas.start(
        Errand.self, .init(mode: .fails), id: "before", onExisting: .join)
      try #require(await joined.status == .completed)
      try await bench.sleep(.seconds(1))
      try #require(try await refusal(bench, "x") == nil)
      // A new row has begun.
      try await run(bench, "ff", from: 10)
      try #require(try await refusal(bench, "y") == nil)
    }
  }

  @Test func resetAdmission_letsItBeStartedAtOnce_andBeginsTheRowAnew() throws {
    try underSchedules(10) { simulation in
      let (bench, _) = try await workbench(simulation, stops: true, coolDown: nil)
      await bench.sagas.supervisor.resetAdmission("Errand")
      await bench.sagas.supervisor.resetAdmission("unheard of")
      try await run(bench, "fff")
      try await bench.sleep(.hours(24))
      try #require(try await refusal(bench, "x")?.code == .admissionStopped, "no cool-down")
      await bench.sagas.supervisor.resetAdmission("Errand")
      try #require(try await refusal(bench, "x") == nil)
      try await run(bench, "ff", from: 10)
      await bench.sagas.supervisor.resetAdmission("Errand")
      try await run(bench, "ff", from: 20)
      try #require(try await refusal(bench, "y") == nil)
    }
  }

  // MARK: Settings

  @Test func settingsThatCannotWork_areRefused_withTheirName() throws {
    var settings: [(String, SagaOrchestrator.Configuration.Supervision)] = []
    for duration in [Duration.zero, .seconds(-1)] {
      settings += [
        ("checkInterval", .init(checkInterval: duration)), ("heartbeat", .init(heartbeat: duration)),
        ("stateCheck", .init(stateCheck: duration)), ("stallThreshold", .init(stallThreshold: duration)),
        ("admissionCoolDown", .init(admissionCoolDown: duration)),
      ]
    }
    settings += [
      ("failureThreshold", .init(failureThreshold: 0)), ("failureThreshold", .init(failureThreshold: -1)),
    ]
    try underSchedules(1) { [settings] simulation in
      for (name, setting) in settings {
        let bench = Workbench(simulation, configuration: .init(supervision: setting))
        do {
          try await bench.sagas.register(Errand(bench: bench))
          throw Refused(why: name)
        } catch let error as SagaError {
          try #require(error.code == .invalidArgument && error.message.hasPrefix("\(name) "))
        }
        await #expect(throws: SagaError.self) { try await bench.sagas.recover() }
      }
    }
  }

  @Test func theDefaults() {
    let configuration = SagaOrchestrator.Configuration()
    #expect(configuration.settleGrace == .seconds(10) && configuration.eventRetention == .hours(24))
    #expect(configuration.maxConcurrentSagas == nil && configuration.unwindTimeout == nil)
    #expect(configuration.defaults.isEmpty && configuration.interceptors.isEmpty)
    let defaults = configuration.supervision
    #expect(defaults.checkInterval == .seconds(30) && defaults.heartbeat == .seconds(30))
    #expect(defaults.stateCheck == .seconds(60) && defaults.stallThreshold == .minutes(5))
    #expect(defaults.failureThreshold == 5 && !defaults.stopsAdmission)
    #expect(defaults.admissionCoolDown == .seconds(60) && !defaults.policy.acts)
  }
}
