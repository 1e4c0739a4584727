import SagasTesting
import Testing

@testable import Sagas

/// Promise 8: how long events are kept, and what is durable of them.
@Suite("8 Events: keeping")
struct Promise08RetentionTests {
  typealias TwoPayments = Promise08EventTests.TwoPayments

  private func bench(
    _ simulation: Simulation, _ retention: Duration, _ kind: StoreKind = .standard
  ) throws -> Workbench {
    Workbench(simulation, store: try kind.make(), configuration: .init(eventRetention: retention))
  }

  private func kept(_ bench: Workbench) -> [Int] {
    bench.sagas.engine.events.topic(named: "Paid").kept.compactMap { ($0.value as? Paid)?.amount }
  }

  @Test(arguments: StoreKind.allCases)
  func anEventIsKeptForItsTime_andThenItsIDIsFreeAgain(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let bench = try bench(simulation, .minutes(10), kind)
      let events = bench.sagas.events
      try await events.publish(Paid(order: "o1", amount: 1), id: "e1")
      try await bench.sleep(.minutes(9))
      try #require(try await events.publish(Paid(order: "o1", amount: 2), id: "e1").isDuplicate)
      try #require(try await events.publish(Paid(order: "o1", amount: 3)).isKept)
      try #require(kept(bench) == [1, 3])
      try await bench.sleep(.minutes(1))
      try await events.publish(Said())
      try #require(kept(bench) == [3], "any event that is published gives the occasion")
      try #require(try await events.publish(Paid(order: "o1", amount: 4), id: "e1").isDuplicate == false)
      let stored = try await bench.sagas.engine.journal.store.claimEvents(for: bench.sagas.engine.writer)
      try #require(stored.events.count == 3, "the store forgets it too")
      try #require(stored.lastNumber == 4, "but not the numbers")
    }
  }

  @Test func anEventIsKept_asLongAsALiveSagaThatIsOlderMayWantIt() throws {
    try underSchedules { simulation in
      let bench = try bench(simulation, .zero)
      let events = bench.sagas.events
      let saga = TwoPayments(bench: bench, gate: Gate())
      try await bench.sagas.register(saga)
      try #require(try await events.publish(Paid(order: "o1", amount: 1)).isKept == false)
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      try #require(try await events.publish(Paid(order: "o1", amount: 2)).isKept)
      try #require(try await events.publish(Said()).isKept == false, "no definition names it")
      try await bench.sleep(.hours(100))
      try await events.publish(Paid(order: "o2", amount: 3))
      try #require(kept(bench) == [2, 3])
      let younger = try await bench.sagas.start(TwoPayments.self, .init(order: "o3"), id: "t")
      saga.gate.open()
      await bench.settle()
      try await events.publish(Paid(order: "o1", amount: 4))
      let state = try await run.output
      try #require(state.first?.amount == 2 && state.second?.amount == 4)
      try await events.publish(Said())
      try #require(kept(bench) == [4], "only what the younger one may want is left")
      try await younger.cancel()
      _ = await younger.outcome
      try await events.publish(Said())
      try #require(kept(bench).isEmpty && bench.sagas.engine.events.shelves.filled == 0)
    }
  }

  @Test func aStartThatLosesItsID_keepsNothing() throws {
    try underSchedules { simulation in
      let bench = try bench(simulation, .zero)
      try await bench.sagas.register(TwoPayments(bench: bench))
      async let one = bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s", onExisting: .join)
      async let other = bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s", onExisting: .join)
      let runs = try await [one, other]
      try await runs[0].cancel()
      for run in runs { _ = await run.outcome }
      _ = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s", onExisting: .join)
      try #require(try await bench.sagas.events.publish(Paid(order: "o1")).isKept == false)
    }
  }

  @Test func publishReturns_whenEventAndDeliveriesAreDurable() throws {
    try underSchedules { simulation in
      let store = FlakyStore(simulation)
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(TwoPayments(bench: bench))
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      while await run.status != .waiting { try await bench.sleep(.milliseconds(100)) }
      // It waits once that is durable.
      try await bench.sleep(.seconds(1))
      try #require(try await bench.sagas.events.publish(Paid(order: "o1", amount: 1)).deliveredTo == ["s"])
      let image = try await bench.replayed("s")
      try #require(image.data.consumed.map(\.number) == [1])
      let stored = try await store.claimEvents(for: bench.sagas.engine.writer)
      try #require(stored.events.map(\.number) == [1])
    }
  }

  @Test func whatTheStoreDoesNotTake_isNotPublished_andCanBePublishedAgain() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: FlakyStore(simulation, failures: 40))
      try await bench.sagas.register(TwoPayments(bench: bench))
      var run: SagaRun<TwoPayments>?
      while run == nil { run = try? await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s") }
      for amount in 1...2 {
        while true {
          do {
            try await bench.sagas.events.publish(Paid(order: "o1", amount: amount), id: "e\(amount)")
            break
          } catch let error as SagaError {
            try #require(error.code == .storeFailed && error.message.contains("'e\(amount)'"))
          }
        }
      }
      let state = try #require(try await run?.output)
      try #require(state.first?.amount == 1 && state.second?.amount == 2)
    }
  }

  @Test func aStoreForSagasAlone_refusesEvents() async throws {
    struct Plain: SagaStore {
      let inner = InMemoryStore(encoding: true)
      func append(
        _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
      ) -> Durability { inner.append(record, whenDurable: whenDurable) }
      func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
      func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
    }
    let sagas = SagaOrchestrator(store: Plain())
    let error = await #expect(throws: SagaError.self) { try await sagas.events.publish(Said()) }
    #expect(error?.code == .unsupported)
  }
}
