import SagasTesting
import Testing

@testable import Sagas

/// Promise 15: a deprecated version only drains.
@Suite("15 Versions: deprecated")
struct Promise15DeprecationTests {
  private static let reason = "prices have a currency now"

  @Test(arguments: StoreKind.allCases)
  func itsSagasGoOn_andNewOnesAreRefused(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Purchase.V1(bench: first, gate: held))
      _ = try await first.sagas.start(Purchase.V1.self, .init(item: "a"), id: "a")
      await held.waitForArrivals(atLeast: 1)

      let second = Workbench(simulation, store: store)
      let sagas = second.sagas
      try await sagas.register(Purchase.V1(bench: second, gate: .opened), deprecated: Self.reason)
      try await sagas.register(Purchase.V2(bench: second, gate: .opened))
      try #require(try await sagas.recover().recovered == ["a"])
      let run = try #require(try await sagas.handle(Purchase.V1.self, "a"))
      try #require(try await run.output == "receipt of a")
      try #require(second.log.entries == ["1 ship"])

      let starts: [@Sendable () async throws -> Void] = [
        { _ = try await sagas.start(Purchase.V1.self, .init(item: "b"), id: "b") },
        { _ = try await sagas.start(Purchase.V1.self, .init(item: "b"), id: "b", onExisting: .join) },
        { _ = try await sagas.start(Purchase.V1.self, .init(item: "b")) },
        { _ = try await sagas.run(Purchase.V1.self, .init(item: "b"), id: "b") },
        { _ = try await sagas.start(Purchase.V1.self, .init(item: "b"), from: "ship", id: "b") },
        { _ = try await sagas.start(Purchase.V1.self, .init(item: "b"), from: \.receipt, id: "b") },
        { try await sagas.start(Purchase.V1.self, on: Paid.self) { .init(item: $0.order) } },
      ]
      for start in starts {
        let error = try await refused(start)
        try #require(error.code == .deprecated && error.saga == "purchase")
        try #require(error.message.contains("version 1 is deprecated (\(Self.reason))"))
        try #require(error.message.contains("start version 2"))
      }
      try #require(try await sagas.report("b") == nil && second.log.entries == ["1 ship"])
      held.open()
    }
  }

  /// As one goes back to an older version whose successor does not do.
  @Test(arguments: StoreKind.allCases)
  func theLatestForStarts_isTheLatestThatIsNotDeprecated(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      let sagas = bench.sagas
      try await sagas.register(Purchase.V3(), deprecated: "")
      try await sagas.register(Purchase.V1(bench: bench, gate: .opened))
      try await sagas.register(Purchase.V2(bench: bench, gate: .opened), deprecated: "loses seats")
      let run = try await sagas.start(named: "purchase", json: #"{"item":"a"}"#, id: "a")
      try #require(await run.outcome.isSuccess)
      try #require(await run.report.version == 1)
      try #require(sagas.definition(named: "purchase")?.version == 1)
      try #require(sagas.definition(named: "purchase", version: 2)?.deprecated == "loses seats")
      try #require(sagas.definition(named: "purchase", version: 3)?.deprecated == "")
      let error = try await refusal {
        _ = try await sagas.start(Purchase.V2.self, .init(item: "b", currency: "SEK"))
      }
      try #require(error?.message.contains("start version 1") == true)
      let without = try await refusal { _ = try await sagas.start(Purchase.V3.self, .init(item: "b")) }
      try #require(without?.message.contains("version 3 is deprecated: its sagas") == true)
    }
  }

  @Test func whereAllAre_aStartByNameIsRefused() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      let sagas = bench.sagas
      try await sagas.register(Purchase.V2(bench: bench, gate: .opened), deprecated: "given up")
      try await sagas.register(Purchase.V1(bench: bench, gate: .opened), deprecated: Self.reason)
      let error = try await refused {
        _ = try await sagas.start(named: "purchase", json: #"{"item":"a","currency":"EUR"}"#, id: "a")
      }
      try #require(error.code == .deprecated && error.saga == "purchase")
      try #require(error.message.contains("version 2 is deprecated (given up)"))
      try #require(error.message.contains("register a version that is not deprecated"))
      let definition = try #require(sagas.definition(named: "purchase"))
      try #require(definition.version == 2 && definition.deprecated == "given up")
      try #require(try await sagas.report("a") == nil)
    }
  }

  /// Who asks again for the saga he has started is not refused: nothing is started.
  @Test(arguments: StoreKind.allCases)
  func oneThatIsThere_isJoined(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let first = Workbench(simulation, store: store)
      let held = Gate()
      try await first.sagas.register(Purchase.V1(bench: first, gate: held))
      _ = try await first.sagas.start(Purchase.V1.self, .init(item: "a"), id: "a")
      await held.waitForArrivals(atLeast: 1)

      let second = Workbench(simulation, store: store)
      let sagas = second.sagas
      try await sagas.register(Purchase.V1(bench: second, gate: .opened), deprecated: Self.reason)
      try await sagas.recover()
      let typed = try await sagas.start(
        Purchase.V1.self, .init(item: "x"), id: "a", onExisting: .join)
      let middle = try await sagas.start(
        Purchase.V1.self, .init(item: "x"), from: "ship", id: "a", onExisting: .join)
      let named = try await sagas.start(
        named: "purchase", json: #"{"item":"x"}"#, id: "a", onExisting: .join)
      try #require(try await typed.output == "receipt of a")
      try #require(try await middle.output == "receipt of a")
      try #require(await named.outcome.isSuccess)
      held.open()
    }
  }

  /// An event on which the former version has started a saga starts none of the next one.
  @Test(arguments: [true, false])
  func startsOnEvents_goOverToTheNextVersion(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let log = EventLog()
      let first = Workbench(simulation, store: store, log: log)
      try await first.sagas.register(Purchase.V1(bench: first, gate: .opened))
      try await first.sagas.start(Purchase.V1.self, on: Paid.self) { .init(item: $0.order) }
      try await first.sagas.events.publish(Paid(order: "o1"), id: "e1")
      await log.waitFor("1 ship")
      // This one nobody has seen to.
      let idle = Workbench(simulation, store: store, log: log)
      try await idle.sagas.events.publish(Paid(order: "o2"), id: "e2")

      let second = Workbench(simulation, store: store, log: log)
      try await second.sagas.register(
        Purchase.V1(bench: second, gate: .opened), deprecated: Self.reason)
      try await second.sagas.register(Purchase.V2(bench: second, gate: .opened))
      try await second.sagas.recover()
      try await second.sagas.start(Purchase.V2.self, on: Paid.self) {
        .init(item: $0.order, currency: "EUR")
      }
      try await second.sagas.events.publish(Paid(order: "o3"), id: "e3")
      await log.waitFor("2 charge o2 in EUR")
      await log.waitFor("2 charge o3 in EUR")
      await second.settle()
      try #require(log.count(of: "1 charge o1") == 1 && !log.entries.contains("2 charge o1 in EUR"))
      try #require(try await second.sagas.report("purchase-e1")?.version == 1)
      try #require(try await second.sagas.report("purchase-e3")?.version == 2)
    }
  }
}
