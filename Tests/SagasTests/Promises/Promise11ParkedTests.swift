import SagasTesting
import Testing

@testable import Sagas

/// Promise 11: one saga that cannot be recovered is parked, and tried again when somebody says so.
@Suite("11 Parked")
struct Promise11ParkedTests {
  struct Order: Saga {
    let bench: Workbench
    var gate = Gate.opened

    struct State: Codable, Sendable { var paid: Int? }

    var body: some Flow<State> {
      Step("pay", \.paid) { context in
        bench.log.append("pay \(context.run.idempotencyKey)")
        await gate.wait()
        return 1
      }
    }
  }

  /// Starts orders that get as far as the middle of "pay" in one orchestrator.
  private func begin(
    _ simulation: Simulation, _ store: any SagaStore, _ ids: [String]
  ) async throws -> (Workbench, Gate) {
    let bench = Workbench(simulation, store: store)
    let held = Gate()
    try await bench.sagas.register(Order(bench: bench, gate: held))
    for id in ids {
      _ = try await bench.sagas.start(Order.self, .init(), id: id)
      await bench.log.waitFor("pay \(id)/pay")
    }
    return (bench, held)
  }

  @Test(arguments: StoreKind.allCases)
  func anUnknownDefinition_isRegistered_andTheSagaIsTakenUp(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let (_, held) = try await begin(simulation, store, ["a", "b", "c"])
      let bench = Workbench(simulation, store: store)
      for _ in 0..<2 {
        let report = try await bench.sagas.recover()
        try #require(report.recovered.isEmpty && report.parked.map(\.id) == ["a", "b", "c"])
        try #require(report.parked.allSatisfy { $0.error.code == .notRegistered })
      }
      let refusal = await #expect(throws: SagaError.self) { try await bench.sagas.recover("b") }
      try #require(refusal?.code == .notRegistered)
      let parked = try #require(try await bench.sagas.handle("b"))
      try #require(await parked.status == .parked)

      try await bench.sagas.register(Order(bench: bench))
      let run = try await bench.sagas.recover("b")
      guard case .completed = await run.outcome else { throw Refused() }
      try #require(bench.log.entries == ["pay b/pay"])
      try #require(try await bench.sagas.count() == [.completed: 1, .parked: 2])
      let report = try await bench.sagas.recover()
      try #require(report.recovered == ["a", "c"] && report.parked.isEmpty)
      for id in ["a", "c"] {
        let run = try #require(try await bench.sagas.handle(Order.self, id))
        try #require(await run.outcome.isSuccess)
      }
      try #require(try await bench.sagas.count() == [.completed: 3])
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func oneThatRuns_orHasEnded_isLeftAlone_andOneThatIsNotThere_isSaid(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let (bench, held) = try await begin(simulation, try kind.make(), ["a"])
      try #require(await bench.sagas.recover("a").status == .running)
      held.open()
      _ = try await bench.sagas.recover("a").outcome
      try #require(await bench.sagas.recover("a").status == .completed)
      try #require(bench.log.entries == ["pay a/pay"])
      let error = await #expect(throws: SagaError.self) { try await bench.sagas.recover("none") }
      try #require(error?.code == .notFound)
      await bench.sagas.shutdown()
      let stopped = await #expect(throws: SagaError.self) { try await bench.sagas.recover("a") }
      try #require(stopped?.code == .admissionStopped)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func severalAtOnce_takeItUpOnce(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make()
      let (_, held) = try await begin(simulation, store, ["a", "b"])
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.recover()
      let gate = Gate()
      try await bench.sagas.register(Order(bench: bench, gate: gate))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 {
          group.addTask { _ = try await bench.sagas.recover("a") }
          group.addTask { _ = try await bench.sagas.recover() }
        }
        try await group.waitForAll()
      }
      gate.open()
      for id in ["a", "b"] {
        let run = try #require(try await bench.sagas.handle(Order.self, id))
        try #require(await run.outcome.isSuccess)
        try #require(bench.log.count(of: "pay \(id)/pay") == 1)
      }
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func oneByItself_isTakenOver_withoutTheOthers(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let (first, held) = try await begin(simulation, store, ["a", "b"])
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Order(bench: bench))
      _ = try await bench.sagas.recover("b").outcome
      try #require(bench.log.entries == ["pay b/pay"])
      try #require(try await bench.sagas.handle("a")?.status == .running)
      held.open()
      // The first one still has the other, and has lost this.
      let run = try #require(try await first.sagas.handle(Order.self, "a"))
      try #require(await run.outcome.isSuccess)
      await first.settle()
      try #require(try await bench.sagas.count() == [.completed: 2])
    }
  }

  /// Parked here, and ended by another orchestrator: from then on it is not parked any more.
  @Test(arguments: [StoreKind.memory, .encoding], [true, false])
  func whatHasEndedElsewhere_isNotParkedAnyMore(kind: StoreKind, alone: Bool) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let (_, held) = try await begin(simulation, store, ["a"])
      let without = Workbench(simulation, store: store)
      try #require(try await without.sagas.recover().parked.map(\.id) == ["a"])
      let other = Workbench(simulation, store: store)
      try await other.sagas.register(Order(bench: other))
      try await other.sagas.recover()
      try #require(try await other.sagas.handle(Order.self, "a")?.outcome.isSuccess == true)
      try await without.sagas.register(Order(bench: without))
      if alone {
        try #require(try await without.sagas.recover("a").status == .completed)
      } else {
        try #require(try await without.sagas.recover().parked.isEmpty)
      }
      try #require(try await without.sagas.report("a")?.status == .completed)
      try await without.sagas.forget("a")
      held.open()
    }
  }
}
