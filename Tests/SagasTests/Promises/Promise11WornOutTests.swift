import SagasTesting
import Testing

@testable import Sagas

/// Promise 11: a saga that keeps ending the process is parked after so many recoveries.
@Suite("11 Recovered too often")
struct Promise11WornOutTests {
  /// Reserves, then charges; whichever of them is held ends the process, as far as anybody can tell.
  struct Order: Saga {
    let bench: Workbench
    var charge = Gate.opened
    var release = Gate.opened
    var fails = false
    var recoveries: Int?

    struct State: Codable, Sendable { var seat: Int?, paid: Int? }

    var body: some Flow<State> {
      Step("reserve", \.seat) { _ in 7 }
        .compensate { seat, undo in
          bench.log.append("release \(seat)")
          await release.wait()
        }
      Step("charge", \.paid) { context in
        bench.log.append("charge \(context.run.idempotencyKey) \(context.run.attempt)")
        await charge.wait()
        if fails { throw Refused() }
        return 1
      }
      .compensateUnknown { _ in bench.log.append("void") }
    }
  }

  /// So many processes in a row, each ended while `entry` was being done; the last one of them.
  private func wear(
    _ simulation: Simulation, _ store: any SagaStore, _ entry: String, _ order: Order, times: Int,
    _ gates: inout [Gate]
  ) async throws {
    for number in 0...times {
      let bench = Workbench(simulation, store: store)
      let held = Gate()
      gates.append(held)
      var order = Order(bench: bench, fails: order.fails, recoveries: order.recoveries)
      if entry.hasPrefix("charge") { order.charge = held } else { order.release = held }
      try await bench.sagas.register(order)
      if number == 0 {
        _ = try await bench.sagas.start(Order.self, .init(), id: "a")
      } else {
        try #require(try await bench.sagas.recover().recovered == ["a"])
      }
      await bench.log.waitFor(entry)
      await bench.settle()
    }
  }

  /// The process behind the last one that was allowed, with whatever went wrong mended.
  private func afterwards(
    _ simulation: Simulation, _ store: any SagaStore, recoveries: Int? = nil, fails: Bool = false
  ) async throws -> Workbench {
    let bench = Workbench(simulation, store: store)
    try await bench.sagas.register(Order(bench: bench, fails: fails, recoveries: recoveries))
    return bench
  }

  private static let charging = "charge a/charge 1"

  @Test(arguments: StoreKind.allCases)
  func theTenth_isTheLast_andTheOthersGoOn(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation))
      try await wear(simulation, store, Self.charging, order, times: 10, &gates)
      let other = try await afterwards(simulation, store)
      var announced = other.sagas.supervisor.events.makeAsyncIterator()
      let report = try await other.sagas.recover()
      try #require(report.recovered.isEmpty && report.parked.map(\.id) == ["a"])
      let error = report.parked[0].error
      try #require(error.code == .tooManyRecoveries && error.steps == ["charge"] && error.saga == "a")
      try #require(
        error.description.contains("10 times") && error.description.contains("recover(id) tries it once more")
          && error.description.contains("cancel(id) and abandon(id) end it"))
      let announcement = try #require(await announced.next())
      try #require(
        announcement.kind == .sagaParked && announcement.sagaID == "a" && announcement.step == "charge")
      try #require(try await other.sagas.run(Order.self, .init(), id: "b").paid == 1)
      let parked = try #require(try await other.sagas.report("a"))
      try #require(parked.status == .parked && parked.step("reserve")?.status == .completed)
      try #require(try await other.sagas.recover().parked.map(\.id) == ["a"])
      try #require(other.log.entries == ["charge b/charge 1"])

      // Somebody has mended it.
      let run = try await other.sagas.recover("a")
      guard case .completed = await run.outcome else { throw Refused() }
      try #require(other.log.entries.last == Self.charging)
      for gate in gates { gate.open() }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func byHand_isOnceMore_andNotForGood(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation), recoveries: 1)
      try await wear(simulation, store, Self.charging, order, times: 1, &gates)
      let held = Gate()
      let again = Workbench(simulation, store: store)
      try await again.sagas.register(Order(bench: again, charge: held, recoveries: 1))
      try #require(try await again.sagas.recover().parked.count == 1)
      try await again.sagas.recover("a")
      await again.log.waitFor(Self.charging)
      let bench = try await afterwards(simulation, store, recoveries: 1)
      try #require(try await bench.sagas.recover().parked.map(\.id) == ["a"])
      for gate in gates + [held] { gate.open() }
    }
  }

  @Test(arguments: StoreKind.allCases, [true, false])
  func cancelled_runsNothingOfIt_andUndoesWhatIsUnknown(kind: StoreKind, byHandle: Bool) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation), recoveries: 2)
      try await wear(simulation, store, Self.charging, order, times: 2, &gates)
      let bench = try await afterwards(simulation, store, recoveries: 2)
      try await bench.sagas.recover()
      if byHandle {
        try await bench.sagas.handle(Order.self, "a")?.cancel()
      } else {
        try await bench.sagas.cancel("a")
      }
      let run = try #require(try await bench.sagas.handle(Order.self, "a"))
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.undone == ["charge", "reserve"])
      try #require(bench.log.entries == ["void", "release 7"])
      for gate in gates { gate.open() }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func abandoned_endsAsItIs(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation), recoveries: 0)
      try await wear(simulation, store, Self.charging, order, times: 0, &gates)
      let bench = try await afterwards(simulation, store, recoveries: 0)
      try await bench.sagas.recover()
      try await bench.sagas.abandon("a")
      let report = try #require(try await bench.sagas.report("a"))
      try #require(report.status == .failed && report.unresolved.map(\.step) == ["reserve", "charge"])
      try #require(report.step("charge")?.status == .unknown && bench.log.entries.isEmpty)
      try #require(try await bench.sagas.recover().parked.isEmpty)
      for gate in gates { gate.open() }
    }
  }

  /// Cancelled, or given up, and the store fails at that moment: nothing of it runs all the same.
  @Test(arguments: [true, false])
  func whatIsAskedOfIt_isWhatIsTriedAgain_whenTheStoreFails(cancelled: Bool) throws {
    try underSchedules(5) { simulation in
      let store = StumblingStore(InMemoryStore(encoding: true)) { $0.firstNumber == $0.takenOverAt }
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation), recoveries: 0)
      try await wear(simulation, store, Self.charging, order, times: 0, &gates)
      let bench = try await afterwards(simulation, store, recoveries: 0)
      try await bench.sagas.recover()
      store.fail(times: 3)
      if cancelled { try await bench.sagas.cancel("a") } else { try await bench.sagas.abandon("a") }
      let outcome = try await bench.sagas.handle(Order.self, "a")?.outcome
      try #require(store.left == 0 && outcome?.failure?.undone == (cancelled ? ["charge", "reserve"] : []))
      try #require(bench.log.entries == (cancelled ? ["void", "release 7"] : []))
      for gate in gates { gate.open() }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anUndo_countsToo_andIsGivenUpWithoutRunning(kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      var gates: [Gate] = []
      let order = Order(bench: Workbench(simulation), fails: true, recoveries: 3)
      try await wear(simulation, store, "release 7", order, times: 3, &gates)
      let bench = try await afterwards(simulation, store, recoveries: 3)
      let parked = try await bench.sagas.recover().parked
      try #require(parked.map(\.error.steps) == [["reserve"]])
      let refusal = await #expect(throws: SagaError.self) { try await bench.sagas.cancel("a") }
      // What it says helps does.
      let words = try #require(refusal).description
      try #require(refusal?.code == .tooManyRecoveries && words.contains("abandon(id) ends it"), "\(words)")
      try #require(!words.contains("cancel(id)"))
      try await bench.sagas.abandon("a")
      let report = try #require(try await bench.sagas.report("a"))
      try #require(report.status == .failed && report.unresolved.map(\.step).contains("reserve"))
      try #require(bench.log.entries.isEmpty)
      for gate in gates { gate.open() }
    }
  }

  @Test(arguments: [StoreKind.memory, .encoding])
  func oneThatGetsOn_orOnlyWaits_isRecoveredForEver(kind: StoreKind) throws {
    struct Long: Saga {
      let bench: Workbench
      /// The step during which the process ends.
      let end: Int
      let gate: Gate
      let recoveries: Int? = 1
      struct State: Codable, Sendable { var order = "o", paid: Paid? }
      var body: some Flow<State> {
        WaitForEvent("wait", \.paid, on: \.order, equals: \.order)
        Step("one") { _ in try await work(1) }
        Step("two") { _ in try await work(2) }
        Step("three") { _ in try await work(3) }
      }
      func work(_ number: Int) async throws {
        bench.log.append("\(number)")
        if number == end { await gate.wait() }
      }
    }
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let held = Gate()
      for process in 0..<6 {
        let bench = Workbench(simulation, store: store)
        try await bench.sagas.register(Long(bench: bench, end: max(process - 2, 0), gate: held))
        if process == 0 {
          _ = try await bench.sagas.start(Long.self, .init(), id: "a")
        } else {
          try #require(try await bench.sagas.recover().parked.isEmpty)
        }
        if process == 3 { try await bench.sagas.events.publish(Paid(order: "o")) }
        if process >= 3 { await bench.log.waitFor("\(process - 2)") }
        await bench.settle()
      }
      let last = Workbench(simulation, store: store)
      try await last.sagas.register(Long(bench: last, end: 0, gate: held))
      try await last.sagas.recover()
      let run = try #require(try await last.sagas.handle(Long.self, "a"))
      try #require(await run.outcome.isSuccess)
      held.open()
    }
  }

  @Test func nothingOfItBegins_beforeTheCountIsDurable() throws {
    try underSchedules { simulation in
      let store = HeldStore(simulation, InMemoryStore(encoding: true))
      let order = Order(bench: Workbench(simulation))
      var gates: [Gate] = []
      store.gate.withLock { $0 = nil }
      try await wear(simulation, store, Self.charging, order, times: 0, &gates)
      let written = Gate()
      store.gate.withLock { $0 = written }
      let bench = try await afterwards(simulation, store)
      let recovery = simulation.runtime.spawn("recovery") { _ = try? await bench.sagas.recover() }
      await bench.settle()
      try #require(bench.log.entries.isEmpty)
      written.open()
      await recovery.value
      await bench.log.waitFor(Self.charging)
      for gate in gates { gate.open() }
    }
  }

  @Test func aNegativeNumber_isRefused() async throws {
    let sagas = SagaOrchestrator(configuration: .init(recoveries: -1))
    await #expect(throws: SagaError.self) { try await sagas.recover() }
    let simulation = Simulation(seed: 1)
    let bench = Workbench(simulation)
    let error = await #expect(throws: DefinitionError.self) {
      try await bench.sagas.register(Order(bench: bench, recoveries: -1))
    }
    #expect(error?.problems.map(\.code) == [.invalidLimit])
  }
}

/// Says that a record is durable when the gate is open; takes it at once.
private final class HeldStore: SagaStore {
  let gate = Lock<Gate?>(nil)
  private let inner: any SagaStore
  private let simulation: Simulation

  init(_ simulation: Simulation, _ inner: any SagaStore) {
    self.simulation = simulation
    self.inner = inner
  }

  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    let durability = inner.append(record, whenDurable: whenDurable)
    guard durability == .durable, let gate = gate.withLock({ $0 }) else { return durability }
    simulation.runtime.spawn("write") {
      await gate.wait()
      whenDurable(.success(()))
    }
    return .pending
  }

  func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }

  func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
}
