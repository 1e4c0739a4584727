import SagasTesting
import Testing

@testable import Sagas

/// What a supervisor costs those who do not need it, and what it keeps alive.
@Suite("Supervisor: life")
struct SupervisorLifeTests {
  @Test func withoutListenersAndAPolicy_thereIsNoTimer() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      try await bench.begin("h", .hangs)
      await bench.settle()
      try #require(bench.clock.sleeperCount == 0)
    }
  }

  @Test func heartbeats_carryTheStatistics_asLongAsSomebodyListens() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      var iterator: SupervisorEvents.Iterator? = bench.sagas.supervisor.events.makeAsyncIterator()
      let first = try #require(await iterator?.next())
      try #require(first.kind == .heartbeat && first.statistics?.total.active == 0)
      try #require(first.time == VirtualClock.start.advanced(by: .seconds(30)) && first.sagaID == nil)
      try await bench.begin("h", .hangs)
      let second = try #require(await iterator?.next())
      try #require(second.time == VirtualClock.start.advanced(by: .seconds(60)))
      try #require(second.statistics?["Errand"]?.active == 1)
      iterator = nil
      try await bench.sleep(.minutes(2))
      try #require(bench.clock.sleeperCount == 0)
      var again = bench.sagas.supervisor.events.makeAsyncIterator()
      let third = try #require(await again.next())
      try #require(third.kind == .heartbeat && third.time == VirtualClock.start.advanced(by: .seconds(210)))
    }
  }

  @Test func aListenerThatDoesNotRead_keepsTheNewest_andSlowsNobody() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(
        simulation,
        configuration: .init(
          supervision: .init(checkInterval: nil, heartbeat: nil, stateCheck: nil, failureThreshold: nil)))
      try await bench.sagas.register(Errand(bench: bench))
      var slow = bench.sagas.supervisor.events.makeAsyncIterator()
      for number in 0..<400 { _ = try await bench.begin("f\(number)", .fails).outcome }
      try #require(bench.elapsed(since: VirtualClock.start) == .zero)
      var heard: [String?] = []
      for _ in 0..<SupervisorMailbox.limit { heard.append(await slow.next()?.sagaID) }
      try #require(heard == (144..<400).map { "f\($0)" })
    }
  }

  @Test func aMailbox_keepsTheOrder_howeverItIsReadAndFilled() async {
    let mailbox = SupervisorMailbox()
    var random = SeededRandom(seed: 5)
    var expected: [String] = []
    for round in 0..<200 {
      for number in 0..<Int.random(in: 0..<60, using: &random) {
        let id = "\(round) \(number)"
        mailbox.push(SupervisorEvent(.recovered, at: Timestamp(nanoseconds: 0), id: id))
        expected = (expected + [id]).suffix(SupervisorMailbox.limit)
      }
      for _ in 0..<min(Int.random(in: 0..<60, using: &random), expected.count) {
        #expect(await mailbox.next()?.sagaID == expected.removeFirst())
      }
    }
    mailbox.finish()
    for id in expected { #expect(await mailbox.next()?.sagaID == id) }
    #expect(await mailbox.next() == nil)
  }

  @Test func listening_endsWithTheTask() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let task = simulation.runtime.spawn("listener") {
        for await _ in bench.sagas.supervisor.events {}
        bench.log.append("over")
      }
      try await bench.sleep(.minutes(5))
      task.cancel()
      await task.value
      try #require(bench.log.entries == ["over"])
    }
  }

  /// Its timers, its listeners and whoever still has its supervisor do not keep an orchestrator alive.
  @Test(arguments: [true, false])
  func anOrchestratorThatWasLetGoOf_isFreed_onceItsSagasAreOver(withPolicy: Bool) throws {
    try underSchedules(20) { simulation in
      var sagas: SagaOrchestrator? = SagaOrchestrator(
        configuration: .init(supervision: .init(policy: withPolicy ? .cancel : .leave)),
        runtime: simulation.runtime)
      let bench = Workbench(simulation)
      let errand = Errand(bench: bench)
      try await sagas?.register(errand)
      weak let engine = sagas?.engine
      let supervisor = try #require(sagas?.supervisor)
      var iterator = supervisor.events.makeAsyncIterator()
      _ = try await sagas?.start(Errand.self, .init(mode: .fails), id: "f")
      _ = try await sagas?.start(Errand.self, .init(mode: .hangs), id: "h")
      await bench.settle()
      sagas = nil
      await bench.settle()
      try #require(engine != nil, "a saga runs")
      let failed = await iterator.next()
      try #require(failed?.kind == .sagaFailed)
      let beat = await iterator.next()
      try #require(beat?.statistics?.total.active == 1 && beat?.statistics?.total.compensated == 1)
      errand.released.open()
      await bench.settle()
      try #require(engine == nil)
      try #require(await iterator.next() == nil)
      await bench.settle()
      try #require(bench.clock.sleeperCount == 0, "nothing sleeps on")
      try #require(await supervisor.statistics().total == SagaFigures())
      var late = supervisor.events.makeAsyncIterator()
      try #require(await late.next() == nil)
    }
  }

  @Test func pulse_givesBackStatusAndTime() {
    let pulse = Pulse()
    #expect(pulse.reading == nil)
    for status in SagaStatus.allCases {
      pulse.beat(status, at: VirtualClock.start)
      #expect(pulse.reading?.status == status && pulse.reading?.since == VirtualClock.start)
    }
  }
}
