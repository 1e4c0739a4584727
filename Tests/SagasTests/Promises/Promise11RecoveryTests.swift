import SagasTesting
import Testing

@testable import Sagas

/// Promise 11, as far as it holds within a process: a second orchestrator continues what the first one left.
@Suite("11 Recovery")
struct Promise11RecoveryTests {
  struct Order: Saga {
    let bench: Workbench
    /// Held in the orchestrator it was made for; the next one's is open.
    let gate: Gate
    var succeeds = true

    struct State: Codable, Sendable {
      let item: String
      var seat: String?, left: Int?, right: Int?, paid: Int?
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { context in
        bench.log.append("seat")
        return context.item + "!"
      }
      .compensate { bench.log.append("free \($0)") }
      Parallel("both") {
        Step("left", \.left) { _ in
          bench.log.append("left")
          return 1
        }
        .compensate { bench.log.append("undo left \($0)") }
        Sequential {
          Step("right", \.right) { _ in
            bench.log.append("right")
            return 2
          }
          .compensate { bench.log.append("undo right \($0)") }
          Step("pay", \.paid) { context in
            bench.log.append(
              "pay \(context.run.idempotencyKey) \(context.run.attempt) of \(try context.right)")
            await gate.wait()
            if !succeeds { throw Refused() }
            return try context.right * 10
          }
          .compensate { bench.log.append("undo pay \($0)") }
          .compensateUnknown { _ in bench.log.append("void pay") }
        }
      }
    }
  }

  /// Runs an order up to the middle of "pay" in one orchestrator, and hands it to another.
  private func handOver(
    _ simulation: Simulation, _ store: any SagaStore, succeeds: Bool = true,
    _ body: @Sendable (Workbench, SagaRun<Order>, SagaRun<Order>) async throws -> Void
  ) async throws {
    let first = Workbench(simulation, store: store)
    let held = Gate()
    try await first.sagas.register(Order(bench: first, gate: held))
    let before = try await first.sagas.start(
      Order.self, .init(item: "A1"), id: "order-1", metadata: ["trace": "t"])
    await first.log.waitFor("pay order-1/pay 1 of 2")
    await first.log.waitFor("left")
    await first.settle()

    let second = Workbench(simulation, store: store)
    let open = Gate()
    open.open()
    try await second.sagas.register(Order(bench: second, gate: open, succeeds: succeeds))
    let report = try await second.sagas.recover()
    try #require(report.recovered == ["order-1"] && report.parked.isEmpty)
    let after = try #require(try await second.sagas.handle(Order.self, "order-1"))
    try await body(second, before, after)
    // What the first one still had in flight comes back to nobody.
    held.open()
    await second.settle()
  }

  @Test(arguments: StoreKind.allCases)
  func goesOn_runningNoRecordedStepAgain_underTheSameKey(kind: StoreKind) throws {
    try underSchedules { simulation in
      try await handOver(simulation, try kind.make()) { bench, before, after in
        guard case .completed(let state) = await after.outcome else { throw Refused() }
        try #require(state.seat == "A1!" && state.left == 1 && state.right == 2 && state.paid == 20)
        try #require(bench.log.entries == ["pay order-1/pay 1 of 2"])
        let report = try #require(try await bench.sagas.report("order-1"))
        try #require(report.metadata == ["trace": "t"])
        try #require(report.input?.value(as: Order.State.self)?.item == "A1")
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func unwindsWhatTheFirstOneDid(kind: StoreKind) throws {
    try underSchedules { simulation in
      try await handOver(simulation, try kind.make(), succeeds: false) { bench, _, after in
        guard case .compensated(let failure) = await after.outcome else { throw Refused() }
        try #require(Set(failure.undone) == ["seat", "left", "right"])
        try #require(Set(bench.log.entries.dropFirst()) == ["undo left 1", "undo right 2", "free A1!"])
        try #require(bench.log.entries.last == "free A1!")
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func theOneThatLeftIt_isToldSo_andActsNoMore(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      try await handOver(simulation, try kind.make()) { _, before, after in
        _ = await after.outcome
        if kind == .memory {
          // Without bytes the store tells at once; otherwise the first one learns it when it writes next.
          guard case .failed(let failure) = await before.outcome else { throw Refused() }
          try #require((failure.error as? SagaError)?.code == .takenOver)
          try #require(await before.settled == .parked)
        }
      }
    }
  }

  @Test func cancelRightAfterRecovery_leavesTheCutOffAttemptUnknown() throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Order(bench: first, gate: held))
      _ = try await first.sagas.start(Order.self, .init(item: "A1"), id: "order-1")
      await first.log.waitFor("pay order-1/pay 1 of 2")
      await first.settle()
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Order(bench: second, gate: held))
      try await second.sagas.recover()
      try await second.sagas.cancel("order-1")
      let run = try #require(try await second.sagas.handle(Order.self, "order-1"))
      if await run.report.step("pay")?.status == .running { held.open() }
      _ = await run.outcome
      // Begun again or not: what the first one began is never counted as "nothing happened".
      let report = await run.report
      try #require(report.compensatedSteps.contains("pay"))
      held.open()
    }
  }

  @Test func recoverTwice_isHarmless_andUnknownDefinitionsArePark() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Order(bench: first, gate: held))
      _ = try await first.sagas.start(Order.self, .init(item: "A1"), id: "order-1")
      await first.log.waitFor("pay order-1/pay 1 of 2")

      let second = Workbench(simulation, store: store)
      let report = try await second.sagas.recover()
      try #require(report.recovered.isEmpty)
      try #require(report.parked.map(\.id) == ["order-1"] && report.parked[0].error.code == .notRegistered)
      // It is tried again, and nothing has changed.
      try #require(try await second.sagas.recover().parked.map(\.id) == ["order-1"])
      let parked = try #require(try await second.sagas.report("order-1"))
      try #require(parked.status == .parked && parked.name == "Order")
      try #require((parked.error as? SagaError)?.code == .notRegistered)
      held.open()
    }
  }
}
