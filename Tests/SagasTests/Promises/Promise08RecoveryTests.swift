import SagasTesting
import Testing

@testable import Sagas

/// Promises 8 and 11: events across crashes, and from one orchestrator to the next.
@Suite("8 Events: recovery")
struct Promise08RecoveryTests {
  typealias TwoPayments = Promise08EventTests.TwoPayments

  private func orchestrator(
    _ simulation: Simulation, _ store: any SagaStore, gate: Gate = .opened
  ) async throws -> Workbench {
    let bench = Workbench(simulation, store: store)
    try await bench.sagas.register(TwoPayments(bench: bench, gate: gate))
    return bench
  }

  @Test(arguments: StoreKind.allCases)
  func publishedBeforeTheCrash_isTakenAfterIt_once(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make()
      let held = Gate()
      let first = try await orchestrator(simulation, store, gate: held)
      _ = try await first.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      await first.log.waitFor("shipping")
      try await first.sagas.events.publish(Paid(order: "o1", amount: 1), id: "e1")

      let second = try await orchestrator(simulation, store)
      try await second.sagas.recover()
      await second.settle()
      let run = try #require(try await second.sagas.handle(TwoPayments.self, "s"))
      try #require(await run.status == .waiting)
      try #require(await run.report.step("first")?.status == .completed)
      try #require(try await second.sagas.events.publish(Paid(order: "o1", amount: 9), id: "e1").isDuplicate)

      // Taken and recorded: it is not taken again by whoever comes next.
      let third = try await orchestrator(simulation, store)
      try await third.sagas.recover()
      await third.settle()
      let again = try #require(try await third.sagas.handle(TwoPayments.self, "s"))
      try #require(await again.status == .waiting)
      try #require(await again.report.step("second")?.status == .waiting)
      try #require(
        try await third.sagas.events.publish(Paid(order: "o1", amount: 2)).deliveredTo == ["s"])
      let state = try await again.output
      try #require(state.first?.amount == 1 && state.second?.amount == 2)
      held.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whoLostTheStore_isToldSo_andThoseWhoWaitedThereTakeNothing(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make()
      let first = try await orchestrator(simulation, store)
      _ = try await first.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      await first.settle()
      let second = try await orchestrator(simulation, store)
      try await second.sagas.recover()
      let error = await #expect(throws: SagaError.self) {
        try await first.sagas.events.publish(Paid(order: "o1"))
      }
      try #require(error?.code == .takenOver)
      for amount in 1...2 { try await second.sagas.events.publish(Paid(order: "o1", amount: amount)) }
      let run = try #require(try await second.sagas.handle(TwoPayments.self, "s"))
      try #require(try await run.output.second?.amount == 2)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func handedToAndFro_nothingIsLost_andNoNumberIsUsedTwice(kind: StoreKind) throws {
    try underSchedules { simulation in
      let store = try kind.make()
      let held = Gate()
      let benches = [
        try await orchestrator(simulation, store, gate: held),
        try await orchestrator(simulation, store, gate: held),
      ]
      _ = try await benches[0].sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      try await benches[0].sagas.events.publish(Paid(order: "o0", amount: 1))
      try await benches[1].sagas.recover()
      try await benches[1].sagas.events.publish(Paid(order: "o1", amount: 2))
      _ = try? await benches[0].sagas.events.publish(Paid(order: "o1", amount: 3))
      try await benches[0].sagas.recover()
      try await benches[0].sagas.events.publish(Paid(order: "o1", amount: 4))
      held.open()
      let run = try #require(try await benches[0].sagas.handle(TwoPayments.self, "s"))
      let state = try await run.output
      try #require(state.first?.amount == 2 && state.second?.amount == 4)
      let stored = try await store.claimEvents(for: benches[0].sagas.engine.writer)
      try #require(stored.events.map(\.number) == [1, 2, 3] && stored.lastNumber == 3)
    }
  }

  @Test func whatFellDueWhileDown_comesBeforeAnEventThatCameLater() throws {
    struct Patient: Saga {
      struct State: Codable, Sendable {
        let order: String
        var paid: Paid?
      }
      var body: some Flow<State> {
        WaitForEvent("paid", \.paid, on: \.order, equals: \.order).timeout(.seconds(10))
      }
    }
    try underSchedules { simulation in
      for (pause, isTaken) in [(Duration.seconds(20), false), (.seconds(5), true)] {
        let store = InMemoryStore(encoding: true)
        let first = Workbench(simulation, store: store)
        try await first.sagas.register(Patient())
        _ = try await first.sagas.start(Patient.self, .init(order: "o1"), id: "s")
        // Nobody runs the saga: its log is all there is of it.
        let copy = InMemoryStore(encoding: true)
        try await copyLog(of: "s", from: store, to: copy)
        try await first.sagas.cancel("s")
        try await first.sleep(pause)
        let second = Workbench(simulation, store: copy)
        try await second.sagas.register(Patient())
        try await second.sagas.events.publish(Paid(order: "o1"))
        try await second.sleep(.seconds(20))
        try await second.sagas.recover()
        let run = try #require(try await second.sagas.handle(Patient.self, "s"))
        try #require(await run.outcome.isSuccess == isTaken)
        if !isTaken { try #require(await run.outcome.failure?.error is WaitTimedOut) }
      }
    }
  }

  /// As a crash would leave it.
  private func copyLog(of id: String, from store: InMemoryStore, to copy: InMemoryStore) async throws {
    guard case .log(let records)? = try await store.load(id)?.content else { throw Refused() }
    let startedAt = try RecordFormat(decoding: records[0]).time
    for bytes in records {
      let format = try RecordFormat(decoding: bytes)
      let record = JournalRecord(
        sagaID: id, sagaName: "Patient", sagaVersion: 1, startedAt: startedAt, writer: 1,
        firstNumber: format.firstNumber,
        count: format.entries.count, time: format.time, status: .waiting, bytes: bytes)
      try #require(copy.append(record) { _ in } == .durable)
    }
  }

  @Test func aLogThatIsReplayed_givesTheSameSaga() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Promise08KeyTests.Judged(bench: bench))
      let run = try await bench.sagas.start(Promise08KeyTests.Judged.self, .init(order: "o1"), id: "s")
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      try await bench.sagas.events.publish(Said(words: "hello"), to: "s")
      _ = try await run.output
      let image = try await bench.replayed("s")
      try #require(image.data.consumed.map(\.number) == [1, 2])
      let kept = try #require(await run.bulletinImage)
      try #require(image.summary == kept.summary)
    }
  }

  @Test func aTypeThatIsKnownLater_readsWhatWasKept() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let first = Workbench(simulation, store: store)
      try await first.sagas.events.publish(Paid(order: "o1", amount: 1), id: "e1")
      let second = Workbench(simulation, store: store)
      try await second.sagas.recover()
      try #require(second.sagas.engine.events.topic(named: "Paid").kept.map { $0.value == nil } == [true])
      struct Late: Saga {
        struct State: Codable, Sendable {
          let order: String
          var paid: Paid?
        }
        var body: some Flow<State> {
          WaitForEvent("paid", \.paid, on: \.order, equals: \.order, since: .retention)
        }
      }
      try await second.sagas.register(Late())
      let run = try await second.sagas.start(Late.self, .init(order: "o1"))
      try #require(try await run.output.paid?.amount == 1)
    }
  }
}

extension SagaRun {
  /// The saga as it ended.
  fileprivate var bulletinImage: SagaImage? { get async { core.bulletin.ended?.value } }
}
