import SagasTesting
import Testing

@testable import Sagas

/// Promise 8: an event that somebody still wants is not lost when sagas leave, or cannot be run for a while, or the
/// clock is set.
@Suite("8 Events: nothing is lost")
struct Promise08LossTests {
  /// Wants the event days after it was published.
  struct Buyer: Saga {
    struct State: Codable, Sendable {
      let order: String
      var paid: Paid?
    }
    var body: some Flow<State> {
      Sleep("cooling off", for: .days(3))
      WaitForEvent("paid", \.paid, on: \.order, equals: \.order)
    }
  }

  private func buyer(_ simulation: Simulation, _ store: any SagaStore) async throws -> Workbench {
    let bench = Workbench(simulation, store: store)
    try await bench.sagas.register(Buyer())
    return bench
  }

  private func expectPaid(_ bench: Workbench) async throws {
    try await bench.sleep(.days(3))
    let run = try #require(try await bench.sagas.handle(Buyer.self, "s"))
    try #require(await run.status == .completed)
  }

  @Test(arguments: StoreKind.allCases)
  func whatIsPublishedBehindAShutdown_letsNothingGoThatSagasWant(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let first = try await buyer(simulation, store)
      _ = try await first.sagas.start(Buyer.self, .init(order: "o1"), id: "s")
      try #require(try await first.sagas.events.publish(Paid(order: "o1"), id: "e1").isKept)
      try await first.sleep(.hours(25))
      await first.sagas.shutdown()
      try await first.sagas.events.publish(Said())
      let second = try await buyer(simulation, store)
      try await second.sagas.recover()
      try await expectPaid(second)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatAParkedSagaWants_isKept_untilItCanBeRun(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let first = try await buyer(simulation, store)
      _ = try await first.sagas.start(Buyer.self, .init(order: "o1"), id: "s")
      try await first.sagas.events.publish(Paid(order: "o1"), id: "e1")
      let second = Workbench(simulation, store: store)
      try #require(try await second.sagas.recover().parked.map(\.id) == ["s"])
      try await second.sleep(.hours(25))
      try await second.sagas.events.publish(Said())
      let third = try await buyer(simulation, store)
      try #require(try await third.sagas.recover().recovered == ["s"])
      try await expectPaid(third)
      // Nobody wants it any more.
      try await third.sagas.events.publish(Said())
      try #require(third.sagas.engine.events.topic(named: "Paid").kept.isEmpty)
    }
  }

  /// Records are durable a second after they were handed in.
  final class LateStore: SagaStore {
    private let inner = InMemoryStore(encoding: true)
    private let simulation: Simulation

    init(_ simulation: Simulation) { self.simulation = simulation }

    func append(
      _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability {
      simulation.runtime.spawn("write") { [self] in
        try? await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(1)))
        if inner.append(record, whenDurable: whenDurable) == .durable { whenDurable(.success(())) }
      }
      return .pending
    }

    func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
    func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }

    func append(
      _ event: EventRecord, by writer: UInt64,
      whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability { inner.append(event, by: writer, whenDurable: whenDurable) }

    func claimEvents(for writer: UInt64) async throws -> StoredEvents {
      try await inner.claimEvents(for: writer)
    }
    func removeEvents(_ numbers: [UInt64], by writer: UInt64) { inner.removeEvents(numbers, by: writer) }
  }

  struct Idle: Saga {
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Sleep("long", for: .days(100)) }
  }

  @Test func whoRecoversASecondTime_letsNothingGoThatTheFirstIsStillBringingBack() throws {
    try underSchedules(10) { simulation in
      let store = LateStore(simulation)
      let first = try await buyer(simulation, store)
      try await first.sagas.register(Idle())
      for number in 0..<3 { _ = try await first.sagas.start(Idle.self, .init(), id: "i\(number)") }
      _ = try await first.sagas.start(Buyer.self, .init(order: "o1"), id: "s")
      try await first.sagas.events.publish(Paid(order: "o1"), id: "e1")
      try await first.sleep(.hours(25))
      let second = try await buyer(simulation, store)
      try await second.sagas.register(Idle())
      async let recovery = second.sagas.recover()
      try await second.sleep(.milliseconds(1_500))
      _ = try await second.sagas.recover()
      try await second.sagas.events.publish(Said())
      try #require(try await recovery.recovered.count == 4)
      try await expectPaid(second)
    }
  }

  @Test func aStartThatIsAskedForBeforeRecovering_seesEventsThatWouldBeTooOld() throws {
    struct Quick: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let order: String
      }
      var body: some Flow<State> { Step("ship") { bench.log.append("ship \($0.order)") } }
    }
    try underSchedules(5) { simulation in
      let store = try StoreKind.standard.make()
      let first = Workbench(simulation, store: store)
      try await first.sagas.events.publish(Paid(order: "o1"), id: "e1")
      try await first.sleep(.hours(25))
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Quick(bench: second))
      try await second.sagas.start(Quick.self, on: Paid.self) { .init(order: $0.order) }
      try await second.sagas.recover()
      await second.log.waitFor("ship o1")
      try await second.sagas.events.publish(Said())
    }
  }

  /// Shows a time that somebody has set.
  final class SetClock: SagaClock {
    private let inner: VirtualClock
    private let offset = Lock(Duration.zero)

    init(_ inner: VirtualClock) { self.inner = inner }

    func set(_ offset: Duration) { self.offset.withLock { $0 = offset } }

    var now: Timestamp { inner.now.advanced(by: offset.withLock { $0 }) }

    func sleep(until deadline: Timestamp) async throws {
      try await inner.sleep(until: deadline.advanced(by: .zero - offset.withLock { $0 }))
    }
  }

  @Test func aClockThatIsSetBack_keepsNoEventFromAWait() throws {
    struct Patient: Saga {
      struct State: Codable, Sendable {
        let order: String
        var paid: Paid?
      }
      var body: some Flow<State> {
        WaitForEvent("paid", \.paid, on: \.order, equals: \.order).timeout(.minutes(10))
      }
    }
    try underSchedules(5) { simulation in
      let clock = SetClock(simulation.clock)
      var runtime = simulation.runtime
      runtime.clock = clock
      let sagas = SagaOrchestrator(store: InMemoryStore(encoding: true), runtime: runtime)
      try await sagas.register(Patient())
      clock.set(.hours(2))
      try await sagas.events.publish(Said())
      clock.set(.zero)
      let run = try await sagas.start(Patient.self, .init(order: "o1"), id: "s")
      try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(1)))
      try #require(try await sagas.events.publish(Paid(order: "o1")).deliveredTo == ["s"])
      try #require(await run.outcome.isSuccess)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatWasStartedOnAnEvent_isForgottenWithTheEvent(kind: StoreKind) throws {
    struct Quick: Saga {
      struct State: Codable, Sendable {
        let order: String
      }
      var body: some Flow<State> { Step("ship") { _ in } }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(
        simulation, store: try kind.make(), configuration: .init(eventRetention: .zero))
      try await bench.sagas.register(Quick())
      try await bench.sagas.start(Quick.self, on: Paid.self) { .init(order: $0.order) }
      for number in 0..<10 { try await bench.sagas.events.publish(Paid(order: "o\(number)")) }
      try await bench.sleep(.hours(1))
      try await bench.sagas.events.publish(Said())
      let engine = bench.sagas.engine
      try #require(try await engine.journal.store.claimEvents(for: engine.writer).events.isEmpty)
      try #require(engine.events.order.withLock { $0.starts.isEmpty })
    }
  }

  /// An undo that has returned is done, whatever else it leaves behind.
  @Test func anUndoWhoseScratchCannotBeEncoded_isNotRunAgain() throws {
    struct Unencodable: Codable, Sendable {
      init() {}
      init(from decoder: any Decoder) throws {}
      func encode(to encoder: any Encoder) throws { throw Refused() }
    }
    struct Refunding: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }
          .compensate { _, undo in
            bench.log.append("refund")
            undo.run.scratch["note", as: Unencodable.self] = Unencodable()
          }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Refunding(bench: bench))
      let run = try await bench.sagas.start(Refunding.self, .init(), id: "x")
      try #require(await run.settled == .compensated && bench.log.entries == ["refund"])
    }
  }
}
