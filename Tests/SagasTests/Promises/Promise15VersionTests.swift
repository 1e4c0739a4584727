import SagasTesting
import Testing

@testable import Sagas

/// Promise 15: several versions of one saga, side by side.
@Suite("15 Versions")
struct Promise15VersionTests {
  private func bench(
    _ simulation: Simulation, _ store: any SagaStore, gate: Gate, log: EventLog = EventLog()
  ) async throws -> Workbench {
    let bench = Workbench(simulation, store: store, log: log)
    // Not in the order of the versions: that decides nothing.
    try await bench.sagas.register(Purchase.V2(bench: bench, gate: gate))
    try await bench.sagas.register(Purchase.V1(bench: bench, gate: gate))
    return bench
  }

  @Test(arguments: StoreKind.allCases)
  func latestIsTheDefault_anOlderOneIsStartedByItsType(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let bench = try await bench(simulation, try kind.make(), gate: .opened)
      let json = #"{"item":"c","currency":"EUR"}"#
      let first = try await bench.sagas.start(Purchase.V1.self, .init(item: "a"), id: "a")
      let second = try await bench.sagas.start(
        Purchase.V2.self, .init(item: "b", currency: "SEK"), id: "b")
      let named = try await bench.sagas.start(named: "purchase", json: json, id: "c")
      try #require(try await first.output == "receipt of a")
      try #require(try await second.output == 42)
      try #require(await named.outcome.isSuccess)
      var versions: [Int?] = []
      for id in ["a", "b", "c"] { versions.append(try await bench.sagas.report(id)?.version) }
      try #require(versions == [1, 2, 2])
      try #require(bench.log.count(of: "1 charge a") == 1 && bench.log.count(of: "2 charge c in EUR") == 1)
      try #require(bench.log.entries.count == 2 + 2 + 2)

      let one = SagaFilter(name: "purchase", version: 1)
      try #require(try await bench.sagas.list(one).map(\.id) == ["a"])
      let two = SagaFilter(name: "purchase", version: 2)
      try #require(try await bench.sagas.list(two).map(\.id) == ["b", "c"])
      try #require(try await bench.sagas.count(two) == [.completed: 2])

      // What was latest is not any more.
      try await bench.sagas.register(Purchase.V3())
      let third = try await bench.sagas.start(named: "purchase", json: #"{"item":"d"}"#, id: "d")
      try #require(await third.report.version == 3)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func eachGoesOn_inTheVersionItStartedWith(_ kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let store = try kind.make()
      let held = Gate()
      let first = try await bench(simulation, store, gate: held)
      _ = try await first.sagas.start(Purchase.V1.self, .init(item: "a"), id: "a")
      _ = try await first.sagas.start(Purchase.V2.self, .init(item: "b", currency: "SEK"), id: "b")
      _ = try await first.sagas.start(Purchase.V1.self, .init(item: "c"), id: "c")
      await held.waitForArrivals(atLeast: 3)
      await first.settle()

      let second = try await bench(simulation, store, gate: .opened)
      try await second.sagas.register(Purchase.V3())
      let report = try await second.sagas.recover()
      try #require(report.recovered == ["a", "b", "c"] && report.parked.isEmpty)
      let a = try #require(try await second.sagas.handle(Purchase.V1.self, "a"))
      let b = try #require(try await second.sagas.handle(Purchase.V2.self, "b"))
      let c = try #require(try await second.sagas.handle("c"))
      try #require(try await a.output == "receipt of a")
      try #require(try await b.output == 42)
      try #require(await c.outcome.isSuccess)
      try #require(
        second.log.entries.sorted() == ["1 ship", "1 ship", "2 charge b in SEK"],
        "what was recorded is not run again, and no other version's steps are")
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aHandleByTheTypeOfAnotherVersion_isRefused_notAHandle(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let gate = Gate()
      let bench = try await bench(simulation, try kind.make(), gate: gate)
      let sagas = bench.sagas
      _ = try await sagas.start(Purchase.V2.self, .init(item: "b", currency: "SEK"), id: "b")
      for isOver in [false, true] {
        if isOver {
          gate.open()
          _ = try await sagas.handle("b")?.outcome
        }
        let error = try await refused { _ = try await sagas.handle(Purchase.V1.self, "b") }
        try #require(error.code == .wrongType && error.saga == "b")
        try #require(error.message.contains("is version 2 of 'purchase', not version 1"))
        let other = try await refused { _ = try await sagas.handle(Purchase.Other.self, "b") }
        try #require(other.code == .wrongType && other.message.contains("made from another type"))
        let run = try #require(try await sagas.handle("b"))
        try #require(run.typed(as: Purchase.V1.self) == nil)
        try #require(run.typed(as: Purchase.V2.self) != nil)
        try #require(try await sagas.handle(Purchase.V2.self, "b") != nil)
        try #require(try await sagas.handle(Purchase.V1.self, "nobody") == nil)
      }
    }
  }

  /// By a type one joins its version alone; by name any of them.
  @Test(arguments: StoreKind.allCases)
  func joining_acrossVersions(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let gate = Gate()
      let bench = try await bench(simulation, try kind.make(), gate: gate)
      let sagas = bench.sagas
      let run = try await sagas.start(Purchase.V1.self, .init(item: "a"), id: "a")
      let joined = try await sagas.start(
        Purchase.V1.self, .init(item: "x"), id: "a", onExisting: .join)
      let named = try await sagas.start(
        named: "purchase", json: #"{"item":"x","currency":"x"}"#, id: "a", onExisting: .join)
      try #require(await named.report.version == 1)
      let wrong = try await refusal {
        _ = try await sagas.start(
          Purchase.V2.self, .init(item: "x", currency: "x"), id: "a", onExisting: .join)
      }
      try #require(wrong?.code == .wrongType && wrong?.message.contains("not version 2") == true)
      let fromStep = try await refusal {
        _ = try await sagas.start(
          Purchase.V2.self, .init(item: "x", currency: "x"), from: "charge", id: "a", onExisting: .join)
      }
      try #require(fromStep?.code == .wrongType)
      let exists = try await refusal {
        _ = try await sagas.start(Purchase.V2.self, .init(item: "x", currency: "x"), id: "a")
      }
      try #require(exists?.code == .alreadyExists && exists?.existing?.id == "a")
      gate.open()
      try #require(try await run.output == "receipt of a")
      try #require(try await joined.output == "receipt of a")
      try #require(bench.log.entries == ["1 charge a", "1 ship"])
    }
  }

  @Test func oneNameAndVersionTwice_isAnError_andTheFormerStays() throws {
    try underSchedules(3) { simulation in
      let bench = try await bench(simulation, try StoreKind.standard.make(), gate: .opened)
      let sagas = bench.sagas
      let attempts: [@Sendable () async throws -> Void] = [
        { try await sagas.register(Purchase.V2(bench: bench, gate: .opened)) },
        { try await sagas.register(Purchase.V2(bench: bench, gate: .opened), deprecated: "old") },
        { try await sagas.register(Purchase.Other()) },
      ]
      for attempt in attempts {
        let error = try await refused(attempt)
        try #require(error.code == .alreadyRegistered && error.saga == "purchase")
        try #require(error.message.contains("version 2"))
      }
      try #require(sagas.definition(named: "purchase")?.version == 2)
      try #require(sagas.definition(named: "purchase")?.deprecated == nil)
      let output = try await sagas.run(Purchase.V2.self, .init(item: "b", currency: "SEK"))
      try #require(output == 42)
    }
  }

  @Test func aTypeThatIsNotRegistered_whereItsNameIs() throws {
    try underSchedules(1) { simulation in
      let bench = try await bench(simulation, try StoreKind.standard.make(), gate: .opened)
      let error = try await refused { _ = try await bench.sagas.start(Purchase.V3.self, .init(item: "d")) }
      try #require(error.code == .notRegistered && error.saga == "purchase")
      try #require(error.message.contains("registered is versions 1, 2"))
      let nobody = try await refusal { _ = try await bench.sagas.start(Unheard.self, .init()) }
      try #require(nobody?.code == .notRegistered && nobody?.saga == Unheard.name, "\(nobody!)")
    }
  }

  private struct Unheard: Saga {
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("x") { _ in } }
  }

  @Test func whatIsKnownOfADefinition() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(
        Purchase.V1(bench: bench, gate: .opened), deprecated: "no currency")
      try await bench.sagas.register(Limited())
      let one = try #require(bench.sagas.definition(named: "purchase", version: 1))
      try #require(one.name == "purchase" && one.version == 1 && one.deprecated == "no currency")
      try #require(one.timeout == .hours(24) && one.steps == ["charge", "ship"])
      try #require(one.fingerprint == "63cde151eb30e54b")
      try #require(one.mermaid.hasPrefix("flowchart TD\n  start([\"purchase 1\"])"))
      try #require(bench.sagas.definition(named: "purchase", version: 2) == nil)
      try #require(bench.sagas.definition(named: "nothing") == nil)
      let limited = try #require(bench.sagas.definition(named: "Limited"))
      try #require(limited.timeout == .seconds(9) && limited.deprecated == nil && limited.version == 1)
      try #require(limited.fingerprint != one.fingerprint)
    }
  }

  private struct Limited: Saga {
    struct State: Codable, Sendable {}
    let timeout = Duration.seconds(9)
    var body: some Flow<State> { Step("x") { _ in } }
  }
}
