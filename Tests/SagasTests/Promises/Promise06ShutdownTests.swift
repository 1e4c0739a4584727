import SagasTesting
import Testing

@testable import Sagas

/// Promise 6, the shutdown: nothing new, what runs settles or is left to recovery, everything durable, no undo.
@Suite("6 Shutdown")
struct Promise06ShutdownTests {
  struct Trip: Saga {
    let bench: Workbench
    var length = Duration.seconds(2)
    var timeout: Duration?
    /// What fails, once a process.
    var failing: Set<String> = []

    struct State: Codable, Sendable {
      var seat: String?, room: String?, car: String?
    }

    var body: some Flow<State> {
      step("seat", \.seat)
      step("room", \.room)
      step("car", \.car)
    }

    private func step(
      _ name: String, _ slot: WritableKeyPath<State, String?> & Sendable
    ) -> Step<State, String> {
      Step(name, slot) { context in
        bench.log.append("\(name) \(context.run.idempotencyKey)")
        try await bench.sleep(length)
        bench.log.append("\(name) done")
        if failing.contains(name) { throw Refused() }
        return name
      }
      .compensate { _ in
        bench.log.append("undo \(name)")
        try await bench.sleep(length)
        bench.log.append("undone \(name)")
      }
      .compensationTimeout(.minutes(10))
    }
  }

  private static let stores = [false, true]

  /// An orchestrator that begins a trip and is shut down after that time, and the one that goes on with it.
  private func handOver(
    _ simulation: Simulation, encoding: Bool, after: Duration, grace: Duration,
    failing: Set<String> = [], timeout: Duration? = nil,
    _ body: @Sendable (_ first: Workbench, _ second: Workbench, SagaRun<Trip>) async throws -> Void
  ) async throws {
    let store = InMemoryStore(encoding: encoding)
    let first = Workbench(simulation, store: store)
    try await first.sagas.register(Trip(bench: first, timeout: timeout, failing: failing))
    let run = try await first.sagas.start(Trip.self, .init(), id: "t")
    try await first.sleep(after)
    await first.sagas.shutdown(grace: grace)
    try #require(first.sagas.liveCount == 0)
    try #require(first.sagas.supervisor.sagasWithDeadline == 0)
    let second = Workbench(simulation, store: store)
    try await second.sagas.register(Trip(bench: second, timeout: timeout))
    try #require(try await second.sagas.recover().recovered == ["t"])
    try await body(first, second, run)
  }

  @Test(arguments: stores)
  func whatRuns_settlesWithinTheGrace_andIsNotRunAgain(encoding: Bool) throws {
    try underSchedules { simulation in
      let began = simulation.clock.now
      try await handOver(simulation, encoding: encoding, after: .seconds(3), grace: .seconds(60)) {
        first, second, _ in
        try #require(first.elapsed(since: began) == .seconds(4), "no longer than it takes")
        let run = try #require(try await second.sagas.handle(Trip.self, "t"))
        guard case .completed(let state) = await run.outcome else { throw Refused() }
        try #require(state.seat == "seat" && state.room == "room" && state.car == "car")
        try #require(first.log.entries == ["seat t/seat", "seat done", "room t/room", "room done"])
        try #require(second.log.entries == ["car t/car", "car done"])
      }
    }
  }

  @Test(arguments: stores)
  func whatDoesNotSettle_isCutOff_andRunAgainUnderItsKey(encoding: Bool) throws {
    try underSchedules { simulation in
      let began = simulation.clock.now
      try await handOver(simulation, encoding: encoding, after: .seconds(3), grace: .milliseconds(500)) {
        first, second, _ in
        try #require(first.elapsed(since: began) == .milliseconds(3_500))
        let run = try #require(try await second.sagas.handle(Trip.self, "t"))
        try #require(await run.outcome.isSuccess)
        // It was asked to stop; what it says to that counts no more.
        try #require(first.log.entries == ["seat t/seat", "seat done", "room t/room"])
        try #require(second.log.entries == ["room t/room", "room done", "car t/car", "car done"])
      }
    }
  }

  @Test(arguments: stores)
  func noUndoBegins_andTheUnwindGoesOnWhereItWas(encoding: Bool) throws {
    try underSchedules { simulation in
      // The car fails in the grace; its trip is undone by the next one.
      try await handOver(
        simulation, encoding: encoding, after: .seconds(5), grace: .seconds(60), failing: ["car"]
      ) { first, second, _ in
        try #require(first.log.entries.suffix(2) == ["car t/car", "car done"])
        let run = try #require(try await second.sagas.handle(Trip.self, "t"))
        guard case .compensated(let failure) = await run.outcome else { throw Refused() }
        try #require(failure.step == "car" && failure.undone == ["room", "seat"])
        try #require(
          second.log.entries == ["undo room", "undone room", "undo seat", "undone seat"])
      }
      // An undo is under way: it settles, and is not run again.
      try await handOver(
        simulation, encoding: encoding, after: .seconds(7), grace: .seconds(60), failing: ["car"]
      ) { first, second, _ in
        try #require(first.log.entries.suffix(2) == ["undo room", "undone room"])
        let run = try #require(try await second.sagas.handle(Trip.self, "t"))
        guard case .compensated(let failure) = await run.outcome else { throw Refused() }
        try #require(failure.undone == ["room", "seat"])
        try #require(second.log.entries == ["undo seat", "undone seat"])
      }
    }
  }

  @Test(arguments: stores)
  func theDeadlineOfASaga_takesEffectWhereItIsRecovered(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      try await handOver(
        simulation, encoding: encoding, after: .seconds(3), grace: .seconds(60), timeout: .milliseconds(3_500)
      ) { first, second, _ in
        try #require(first.log.entries.last == "room done")
        let run = try #require(try await second.sagas.handle(Trip.self, "t"))
        guard case .compensated(let failure) = await run.outcome else { throw Refused() }
        try #require(failure.error is SagaTimedOut && failure.undone.suffix(2) == ["room", "seat"])
      }
    }
  }

  @Test(arguments: stores)
  func handles_sayThatItLeft_andNothingHangs(encoding: Bool) throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: encoding)
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Trip(bench: bench))
      let run = try await bench.sagas.start(Trip.self, .init(), id: "t")
      let told = EventLog()
      let waiters = [
        simulation.runtime.spawn("outcome") {
          guard case .failed(let failure) = await run.outcome else { return told.append("no failure") }
          told.append("outcome \((failure.error as? SagaError).map { "\($0.code)" } ?? "-")")
        },
        simulation.runtime.spawn("settled") { told.append("settled \(await run.settled)") },
        simulation.runtime.spawn("output") {
          do { _ = try await run.output } catch { told.append("output \(error is SagaNotFinished)") }
        },
        simulation.runtime.spawn("updates") {
          var last: SagaStatus?
          for await update in run.updates { last = update.status }
          told.append("updates \(last?.rawValue ?? "-")")
        },
        simulation.runtime.spawn("all") {
          for await _ in bench.sagas.updates {}
          told.append("all")
        },
      ]
      try await bench.sleep(.seconds(1))
      await bench.sagas.shutdown(grace: .zero)
      for waiter in waiters { await waiter.value }
      try #require(
        told.entries.sorted() == [
          "all", "outcome shutDown", "output true", "settled parked", "updates parked",
        ])
      // Whoever asks later hears the same.
      try #require(await run.settled == .parked)
      for await _ in bench.sagas.updates {}
      for await update in run.updates { try #require(update.status == .parked) }
      try #require((await run.report.error as? SagaError)?.code == .shutDown)
      let error = await #expect(throws: SagaError.self) { try await run.cancel() }
      try #require(error?.code == .shutDown)
    }
  }

  @Test func behindIt_nothingIsStartedOrRecovered_andTwiceIsHarmless() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Trip(bench: bench))
      _ = try await bench.sagas.start(Trip.self, .init(), id: "t")
      let began = simulation.clock.now
      let other = simulation.runtime.spawn("another") { await bench.sagas.shutdown(grace: .hours(1)) }
      await bench.sagas.shutdown(grace: .milliseconds(100))
      await other.value
      await bench.sagas.shutdown(grace: .hours(1))
      try #require(bench.elapsed(since: began) <= .seconds(2))
      for attempt in [
        { @Sendable in _ = try await bench.sagas.start(Trip.self, .init(), id: "u") },
        { @Sendable in _ = try await bench.sagas.start(Trip.self, .init(), id: "t", onExisting: .join) },
        { @Sendable in _ = try await bench.sagas.start(named: "Trip", json: "{}") },
        { @Sendable in _ = try await bench.sagas.recover() },
      ] {
        let error = await #expect(throws: SagaError.self) { try await attempt() }
        try #require(error?.code == .admissionStopped)
        try #require("\(error!)".contains("recover()"))
      }
      try #require(try await store.load("u") == nil)
      // What is kept can be read as before.
      try #require(try await bench.sagas.report("t") != nil)
    }
  }

  /// Starts and shutdowns at the same moment: a saga is there and recovered, or was refused.
  @Test(arguments: stores)
  func aStartBesideIt_isRefused_orRecovered(encoding: Bool) throws {
    let refused = EventLog()
    let recovered = EventLog()
    try underSchedules(100) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Trip(bench: bench))
      let started = EventLog()
      let starts = (0..<6).map { number in
        simulation.runtime.spawn("start") {
          for _ in 0..<number % 3 { await Task.yield() }
          do {
            _ = try await bench.sagas.start(Trip.self, .init(), id: "t\(number)")
            started.append("t\(number)")
          } catch {
            if (error as? SagaError)?.code == .admissionStopped { refused.append("t\(number)") }
          }
        }
      }
      await Task.yield()
      await bench.sagas.shutdown(grace: .milliseconds(100))
      for start in starts { await start.value }
      try #require(bench.sagas.liveCount == 0)
      let next = Workbench(simulation, store: store)
      try await next.sagas.register(Trip(bench: next))
      let report = try await next.sagas.recover()
      try #require(report.recovered.sorted() == started.entries.sorted() && report.parked.isEmpty)
      for id in report.recovered {
        recovered.append(id)
        let run = try #require(try await next.sagas.handle(Trip.self, id))
        try #require(await run.outcome.isSuccess)
      }
    }
    #expect(!refused.entries.isEmpty && !recovered.entries.isEmpty)
  }

  @Test(arguments: stores)
  func whoWaitsForASlot_goesOnInTheSameOrder(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: 1))
      try await first.sagas.register(Trip(bench: first))
      for id in ["a", "b", "c"] { _ = try await first.sagas.start(Trip.self, .init(), id: id) }
      try await first.sleep(.seconds(1))
      await first.sagas.shutdown(grace: .seconds(60))
      try #require(first.log.entries == ["seat a/seat", "seat done"])
      let second = Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: 1))
      try await second.sagas.register(Trip(bench: second))
      try #require(try await second.sagas.recover().recovered == ["a", "b", "c"])
      for id in ["a", "b", "c"] {
        let run = try #require(try await second.sagas.handle(Trip.self, id))
        try #require(await run.outcome.isSuccess)
      }
      let begun = second.log.entries.filter { !$0.hasSuffix("done") }
      try #require(
        begun == [
          "room a/room", "car a/car", "seat b/seat", "room b/room", "car b/car", "seat c/seat", "room c/room",
          "car c/car",
        ])
    }
  }

  struct Patient: Saga {
    let bench: Workbench

    struct State: Codable, Sendable { var a: Int? }

    var body: some Flow<State> {
      Step("try", \.a) { context in
        bench.log.append("attempt \(context.run.attempt)")
        if context.run.attempt < 3 { throw Busy() }
        return context.run.attempt
      }
      .retry(.fixed(retries: 3, every: .seconds(10)))
    }
  }

  @Test(arguments: stores)
  func aBackoff_isNotWaitedFor_andGoesOnToItsTime(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let began = simulation.clock.now
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Patient(bench: first))
      _ = try await first.sagas.start(Patient.self, .init(), id: "p")
      try await first.sleep(.seconds(4))
      await first.sagas.shutdown(grace: .hours(1))
      try #require(first.elapsed(since: began) == .seconds(4))
      try await first.sleep(.seconds(2))
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Patient(bench: second))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Patient.self, "p"))
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.a == 3 && second.elapsed(since: began) == .seconds(20))
      try #require(first.log.entries == ["attempt 1"])
      try #require(second.log.entries == ["attempt 2", "attempt 3"])
    }
  }

  /// A store that takes nothing from some time on.
  final class DeafStore: SagaStore {
    let inner = InMemoryStore(encoding: true)
    let isDeaf = Lock(false)

    func append(
      _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability {
      guard !isDeaf.withLock({ $0 }) else {
        whenDurable(.failure(Busy()))
        return .pending
      }
      return inner.append(record, whenDurable: whenDurable)
    }

    func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
    func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
  }

  @Test(arguments: [true, false])
  func aStoreThatFails_isTriedUntilTheGraceIsOver(comesBack: Bool) throws {
    try underSchedules(20) { simulation in
      let began = simulation.clock.now
      let store = DeafStore()
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Trip(bench: first))
      _ = try await first.sagas.start(Trip.self, .init(), id: "t")
      try await first.sleep(.seconds(1))
      store.isDeaf.withLock { $0 = true }
      if comesBack {
        let clock = simulation.clock
        simulation.runtime.spawn("back") {
          try? await clock.sleep(until: clock.now.advanced(by: .milliseconds(3_500)))
          store.isDeaf.withLock { $0 = false }
        }
      }
      await first.sagas.shutdown(grace: .seconds(10))
      // The seat was taken at 2 s; offered again each second, it was recorded at 5 s, or given up at 11 s.
      try #require(first.elapsed(since: began) == (comesBack ? .seconds(5) : .seconds(11)))
      try #require(first.log.entries == ["seat t/seat", "seat done"])
      store.isDeaf.withLock { $0 = false }
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Trip(bench: second))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Trip.self, "t"))
      try #require(await run.outcome.isSuccess)
      try #require(second.log.entries.first == (comesBack ? "room t/room" : "seat t/seat"))
    }
  }

  struct Broken: Saga {
    let bench: Workbench

    struct State: Codable, Sendable { var a: Int? }

    var body: some Flow<State> {
      Step("take", \.a) { _ in 1 }
        .compensate { _ in throw Refused() }.compensationRetry(.never)
      Step("fail") { _ in throw Refused() }
    }
  }

  @Test(arguments: stores)
  func aStuckSaga_isStillStuckWhereItIsRecovered(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Broken(bench: first))
      let run = try await first.sagas.start(Broken.self, .init(), id: "b")
      try #require(await run.settled == .stuck)
      await first.sagas.shutdown(grace: .hours(1))
      try #require(await run.settled == .parked)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Broken(bench: second))
      try await second.sagas.recover()
      let again = try #require(try await second.sagas.handle(Broken.self, "b"))
      try #require(await again.settled == .stuck)
      try await again.abandon()
      guard case .failed(let failure) = await again.outcome else { throw Refused() }
      try #require(failure.unresolved.map(\.step) == ["take"])
    }
  }
}
