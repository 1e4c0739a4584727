import SagasTesting
import Testing

@testable import Sagas

/// A saga that is started on an event: once for each.
@Suite("8 Events: starting sagas")
struct Promise08StartTests {
  struct Shipping: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let order: String
    }
    var body: some Flow<State> {
      Step("ship") { bench.log.append("ship \($0.order)") }
    }
  }

  private func orchestrator(
    _ simulation: Simulation, _ store: any SagaStore, log: EventLog
  ) async throws -> Workbench {
    let bench = Workbench(simulation, store: store, log: log)
    try await bench.sagas.register(Shipping(bench: bench))
    return bench
  }

  private func startOnPaid(_ bench: Workbench) async throws {
    try await bench.sagas.start(Shipping.self, on: Paid.self) { .init(order: $0.order) }
  }

  @Test(arguments: StoreKind.allCases)
  func eachEventStartsOne_keptOnesIncluded(kind: StoreKind) throws {
    try underSchedules { simulation in
      let log = EventLog()
      let bench = try await orchestrator(simulation, try kind.make(), log: log)
      try await bench.sagas.events.publish(Paid(order: "o1"), id: "e/1")
      try await startOnPaid(bench)
      let report = try await bench.sagas.events.publish(Paid(order: "o2"), id: "e2")
      try #require(report.started == ["Shipping-e2"] && report.deliveredTo.isEmpty)
      try #require(try await bench.sagas.events.publish(Paid(order: "o2"), id: "e2").isDuplicate)
      await log.waitFor("ship o1")
      await log.waitFor("ship o2")
      await bench.settle()
      try #require(Set(log.entries) == ["ship o1", "ship o2"] && log.entries.count == 2)
      // The id has nothing in it that is refused in ids.
      try #require(try await bench.sagas.report("Shipping-e%2F%1") != nil)
    }
  }

  @Test func idsCanBeChosen_andAnIDThatIsTakenStartsNone() throws {
    try underSchedules(10) { simulation in
      let log = EventLog()
      let bench = try await orchestrator(simulation, InMemoryStore(), log: log)
      try await bench.sagas.start(Shipping.self, on: Paid.self, id: { $0.order }) { .init(order: $0.order) }
      for _ in 0..<3 { try await bench.sagas.events.publish(Paid(order: "o1")) }
      await bench.settle()
      try #require(log.entries == ["ship o1"])
      let refused = try await bench.sagas.events.publish(Paid(order: "not/an/id"))
      try #require(refused.started.isEmpty && refused.isKept)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func publishedBeforeACrash_isSeenToAfterIt_once_alsoWhenTheSagaIsGone(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make(keepsFinished: false)
      let log = EventLog()
      let first = try await orchestrator(simulation, store, log: log)
      try await startOnPaid(first)
      try await first.sagas.events.publish(Paid(order: "o1"), id: "e1")
      await log.waitFor("ship o1")
      await first.settle()
      try #require(try await first.sagas.report("Shipping-e1") == nil, "it has ended, and is not kept")
      let idle = try await orchestrator(simulation, store, log: log)
      try await idle.sagas.events.publish(Paid(order: "o2"), id: "e2")

      let next = try await orchestrator(simulation, store, log: log)
      try await next.sagas.recover()
      try await startOnPaid(next)
      await log.waitFor("ship o2")
      await next.settle()
      try #require(log.entries == ["ship o1", "ship o2"])
    }
  }

  @Test func aStoreThatFails_onlyDelaysTheStart() throws {
    try underSchedules { simulation in
      let log = EventLog()
      let bench = try await orchestrator(simulation, FlakyStore(simulation, failures: 50), log: log)
      try await startOnPaid(bench)
      while true {
        do {
          let report = try await bench.sagas.events.publish(Paid(order: "o1"), id: "e1")
          try #require(report.started == ["Shipping-e1"])
          break
        } catch is SagaError {}
      }
      await log.waitFor("ship o1")
      try await bench.sleep(.minutes(1))
      try #require(log.entries == ["ship o1"])
    }
  }

  @Test func whereNoneOfItsNameMayBegin_theStartComesLater_once_andPublishDoesNotWait() throws {
    struct Unlucky: Saga {
      let bench: Workbench
      static let name = "Shipping"
      struct State: Codable, Sendable {
        let order: String
      }
      var failurePolicy: FailurePolicy { .stop }
      var body: some Flow<State> {
        Step("ship") { context in
          if context.order == "bad" { throw Refused() }
          bench.log.append("ship \(context.order)")
        }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(
        simulation,
        configuration: .init(
          supervision: .init(
            checkInterval: nil, heartbeat: nil, stateCheck: nil, failureThreshold: 1, stopsAdmission: true,
            admissionCoolDown: .seconds(60))))
      try await bench.sagas.register(Unlucky(bench: bench))
      try await bench.sagas.start(Unlucky.self, on: Paid.self) { .init(order: $0.order) }
      let bad = try await bench.sagas.start(Unlucky.self, .init(order: "bad"))
      _ = await bad.outcome
      await bench.settle()
      let began = bench.clock.now
      let report = try await bench.sagas.events.publish(Paid(order: "o1"), id: "e1")
      try #require(report.started.isEmpty && report.isKept && bench.elapsed(since: began) == .zero)
      await bench.log.waitFor("ship o1")
      let waited = bench.elapsed(since: began)
      try #require(waited >= .seconds(60) && waited < .seconds(62), "\(waited)")
      try await bench.sleep(.minutes(5))
      try #require(bench.log.entries == ["ship o1"])
      try #require(try await bench.sagas.events.publish(Paid(order: "o1"), id: "e1").isDuplicate)
    }
  }

  @Test func whatIsNotRegistered_isRefused() async throws {
    let sagas = SagaOrchestrator()
    let error = await #expect(throws: SagaError.self) {
      try await sagas.start(Shipping.self, on: Paid.self) { .init(order: $0.order) }
    }
    #expect(error?.code == .notRegistered)
  }
}
