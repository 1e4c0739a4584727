import SagasTesting
import Testing

@testable import Sagas

/// What the supervisor announces of the sagas themselves.
@Suite("Supervisor: events")
struct SupervisorEventTests {
  private func workbench(_ simulation: Simulation, _ errand: (Workbench) -> Errand) async throws -> (
    Workbench, Errand, Listener
  ) {
    let bench = Workbench(
      simulation, configuration: .init(supervision: .init(heartbeat: nil, stateCheck: nil)))
    let errand = errand(bench)
    try await bench.sagas.register(errand)
    return (bench, errand, Listener(bench))
  }

  @Test func sagaFailed_namesStepAndError_andIsAnnouncedBeforeTheOutcome() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      var listener = bench.sagas.supervisor.events.makeAsyncIterator()
      let run = try await bench.begin("e", .fails)
      guard case .compensated = await run.outcome else { throw Refused() }
      let mailbox = bench.sagas.supervisor.events.makeAsyncIterator()
      bench.sagas.supervisor.hub.push(SupervisorEvent(.heartbeat, at: bench.clock.now))
      let event = try #require(await listener.next())
      try #require(event.kind == .sagaFailed && event.sagaID == "e" && event.sagaName == "Errand")
      try #require(event.step == "work" && event.error is Refused && event.status == .compensating)
      try #require(event.time == VirtualClock.start)
      try #require(
        event.description == "sagaFailed 'Errand' (e), compensating, step 'work': SagasTests.Refused")
      try #require(await listener.next()?.kind == .heartbeat, "one announcement, and it was there already")
      _ = mailbox
    }
  }

  @Test(arguments: [
    (FailurePolicy.suspend, ["sagaFailed e work", "sagaSuspended e work"], SagaStatus.suspended),
    (.stop, ["sagaFailed e work"], .running),
  ])
  func sagaFailed_saysWhatFollows(policy: FailurePolicy, expected: [String], status: SagaStatus) throws {
    try underSchedules(20) { simulation in
      let (bench, errand, listener) = try await workbench(simulation) { Errand(bench: $0, policy: policy) }
      let run = try await bench.begin("e", .fails)
      _ = await run.settled
      await bench.settle()
      try #require(listener.log.entries == expected)
      // A saga that stops has ended in the record of its failure.
      let isOver = policy == .stop
      try #require(listener.events[0].status == (isOver ? .failed : status))
      if !isOver {
        try await run.resume()
        try #require(await run.settled == .suspended)
        await bench.settle()
        try #require(listener.log.entries == expected + expected, "it has failed anew")
        errand.repaired.open()
        try await run.resume()
        guard case .completed = await run.outcome else { throw Refused() }
      }
    }
  }

  @Test func aCancel_andASuspendByHand_areNoFailures() throws {
    try underSchedules(20) { simulation in
      let (bench, _, listener) = try await workbench(simulation) { Errand(bench: $0) }
      let first = try await bench.begin("a", .hangs)
      try await first.cancel()
      _ = await first.outcome
      let second = try await bench.begin("b", .succeeds)
      try await second.suspend()
      try #require(await second.settled == .suspended)
      try await second.cancel(compensating: false)
      _ = await second.outcome
      await bench.settle()
      try #require(listener.log.entries == ["sagaSuspended b"])
      try #require(listener.events[0].error == nil)
    }
  }

  @Test func sagaTimedOut_takesThePlaceOfSagaFailed() throws {
    try underSchedules(20) { simulation in
      let (bench, _, listener) = try await workbench(simulation) { Errand(bench: $0, limit: .minutes(1)) }
      let run = try await bench.begin("e", .hangs)
      _ = await run.outcome
      await bench.settle()
      try #require(listener.log.entries == ["sagaTimedOut e"])
      let event = listener.events[0]
      try #require((event.error as? SagaTimedOut)?.timeout == .minutes(1))
      try #require(event.time == VirtualClock.start.advanced(by: .minutes(1)))

      let held = try await workbench(simulation) { Errand(bench: $0, policy: .suspend, limit: .minutes(1)) }
      let other = try await held.0.begin("s", .hangs)
      try await held.0.sleep(.minutes(2))
      try #require(held.2.log.entries == ["sagaTimedOut s"] && held.2.events[0].status == .running)
      held.1.released.open()
      try #require(await other.settled == .suspended)
      await bench.settle()
      try #require(held.2.log.entries == ["sagaTimedOut s", "sagaSuspended s"])
    }
  }

  @Test func overdue_behindThePivot_andStuckThere() throws {
    struct Launch: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var timeout: Duration? { .minutes(1) }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }
        Pivot("launched")
        Step("b", \.b) { _ in
          try await bench.sleep(.minutes(2))
          throw Refused()
        }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(
        simulation, configuration: .init(supervision: .init(heartbeat: nil, stateCheck: nil)))
      try await bench.sagas.register(Launch(bench: bench))
      let listener = Listener(bench)
      let run = try await bench.sagas.start(Launch.self, .init(), id: "l")
      try #require(await run.settled == .stuck)
      await bench.settle()
      try #require(listener.log.entries == ["overdue l", "sagaFailed l b", "sagaStuck l b"])
      try #require(listener.events[2].error is Refused && listener.events[2].status == .stuck)
      try await run.abandon()
      await bench.settle()
      try #require(listener.events.count == 3, "somebody has decided")
    }
  }

  @Test func retriesExhausted_ofActionsAndUndoes_butNotWhereAFilterSaysNo() throws {
    try underSchedules(20) { simulation in
      let (bench, errand, listener) = try await workbench(simulation) { Errand(bench: $0) }
      let busy = try await bench.begin("busy", .isBusy)
      _ = await busy.outcome
      await bench.settle()
      try #require(listener.log.entries == ["retriesExhausted busy work", "sagaFailed busy work"])
      try #require(listener.events[0].error is Busy)

      let stuck = try await bench.begin("stuck", .failsForGood)
      try #require(await stuck.settled == .stuck)
      await bench.settle()
      try #require(
        listener.log.entries.dropFirst(2) == [
          "sagaFailed stuck work", "retriesExhausted stuck seat", "sagaStuck stuck seat",
        ])
      try #require(listener.events[4].error is Refused)
      try await stuck.retryCompensation()
      try #require(await stuck.settled == .stuck)
      await bench.settle()
      try #require(
        listener.log.entries.dropFirst(5) == ["retriesExhausted stuck seat", "sagaStuck stuck seat"])
      errand.repaired.open()
      try await stuck.retryCompensation()
      _ = await stuck.outcome
      await bench.settle()
      try #require(listener.events.count == 7)
    }
  }

  @Test func lateResult_isAnnouncedBehindTheEnd() throws {
    try underSchedules(20) { simulation in
      let (bench, _, listener) = try await workbench(simulation) { Errand(bench: $0) }
      let run = try await bench.begin("e", .isLate, seconds: 60)
      try await bench.sleep(.seconds(5))
      try await run.cancel()
      _ = await run.outcome
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(6))
      try await bench.sleep(.minutes(2))
      try #require(listener.log.entries == ["lateResult e work"])
      try #require(listener.events[0].time == VirtualClock.start.advanced(by: .seconds(60)))
      try #require(listener.events[0].status == .compensated)
    }
  }

  @Test func recovered_andStuckAsBefore_whichDoesNotCountAsAFailureOfThisProcess() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: simulation.seed % 2 == 0)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Errand(bench: first))
      for id in ["a", "b"] {
        let run = try await first.begin(id, .failsForGood)
        try #require(await run.settled == .stuck)
      }
      let second = Workbench(
        simulation, store: store,
        configuration: .init(supervision: .init(heartbeat: nil, stateCheck: nil, failureThreshold: 1)))
      try await second.sagas.register(Errand(bench: second))
      let listener = Listener(second)
      try await second.sagas.recover()
      await second.settle()
      try #require(
        listener.log.entries == ["recovered a", "sagaStuck a seat", "recovered b", "sagaStuck b seat"])
    }
  }

  @Test func withoutListeners_nothingIsPrepared_andListenersHearOnlyWhatComesLater() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      _ = try await bench.begin("a", .fails).outcome
      let listeners = [Listener(bench), Listener(bench)]
      _ = try await bench.begin("b", .fails).outcome
      await bench.settle()
      for listener in listeners { try #require(listener.log.entries == ["sagaFailed b work"]) }
    }
  }
}
