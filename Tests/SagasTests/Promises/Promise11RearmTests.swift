import SagasTesting
import Testing

@testable import Sagas

/// Promise 11: what was recorded of times and counts holds in the next process.
@Suite("11 Recovery: times and counts")
struct Promise11RearmTests {
  /// Runs a saga in one orchestrator for a while, and hands the store to another one after a pause.
  private func handOver<S: Saga>(
    _ simulation: Simulation, _ kind: StoreKind, _ saga: @Sendable (Workbench) -> S, _ states: [S.State],
    after work: Duration, pause: Duration = .zero, limit: Int? = nil
  ) async throws -> (bench: Workbench, runs: [SagaRun<S>]) {
    let store = try kind.make()
    let first = Workbench(simulation, store: store)
    try await first.sagas.register(saga(first))
    for (number, state) in states.enumerated() {
      _ = try await first.sagas.start(S.self, state, id: "s\(number)")
    }
    try await first.sleep(work)
    await first.sagas.shutdown(grace: .zero)
    try await first.sleep(pause)
    let second = Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: limit))
    try await second.sagas.register(saga(second))
    let report = try await second.sagas.recover()
    try #require(report.recovered.count == states.count && report.parked.isEmpty)
    var runs: [SagaRun<S>] = []
    for number in states.indices {
      runs.append(try #require(try await second.sagas.handle(S.self, "s\(number)")))
    }
    return (second, runs)
  }

  struct Stubborn: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {}
    var body: some Flow<State> {
      Step("try") { context in
        bench.log.append("\(context.run.idempotencyKey) \(context.run.attempt) at \(bench.seconds)")
        throw Refused()
      }
      .retry(.fixed(retries: 3, every: .seconds(10)))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func retries_countOn_andABackoffKeepsItsDueTime(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      // Attempts at 0 and 10; then the process ends, and the next one comes while the backoff lasts.
      let (bench, runs) = try await handOver(
        simulation, kind, { Stubborn(bench: $0) }, [.init()], after: .seconds(13), pause: .seconds(2))
      _ = await runs[0].outcome
      try #require(bench.log.entries == ["s0/try 3 at 20", "s0/try 4 at 30"])
      try #require(await runs[0].report.step("try")?.attempts == 4)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anAttemptThatWasDueWhileDown_beginsAtOnce(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let (bench, runs) = try await handOver(
        simulation, kind, { Stubborn(bench: $0) }, [.init()], after: .seconds(13), pause: .seconds(60))
      _ = await runs[0].outcome
      try #require(bench.log.entries == ["s0/try 3 at 73", "s0/try 4 at 83"])
    }
  }

  struct Sleepy: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let length: Int
    }
    var body: some Flow<State> {
      Sleep("sleep", for: .seconds(60))
      Step("wake") { bench.log.append("\($0.run.sagaID) at \(bench.seconds)") }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aSleep_endsWhenItWouldHave(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let (bench, runs) = try await handOver(
        simulation, kind, { Sleepy(bench: $0) }, [.init(length: 1)], after: .seconds(13), pause: .seconds(20))
      _ = await runs[0].outcome
      try #require(bench.log.entries == ["s0 at 60"])
    }
  }

  struct Patient: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let patience: Int
      var word: String?
    }
    var body: some Flow<State> {
      Step("note") { _ in }
      WaitForEvent("wait", \.word) {
        On(Said.self) { $0.words }
        After(.seconds(30)) { _ in "nobody" }
      }
      Step("say") { bench.log.append("\($0.run.sagaID) \(try $0.word) at \(bench.seconds)") }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aWait_endsWhenItWouldHave_orByItsEvent(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      let (bench, runs) = try await handOver(
        simulation, kind, { Patient(bench: $0) }, [.init(patience: 1), .init(patience: 2)],
        after: .seconds(5),
        pause: .seconds(5))
      await bench.settle()
      try await bench.sagas.events.publish(Said(words: "hello"), to: "s1")
      for run in runs { _ = await run.outcome }
      try #require(bench.log.entries == ["s1 hello at 10", "s0 nobody at 30"])
    }
  }

  /// Falls due at a time of its own.
  struct Due: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let seconds: Int
    }
    var body: some Flow<State> {
      When("first", { $0.seconds == 1 }) {
        Sleep("one", for: .seconds(1))
      } otherwise: {
        When("second", { $0.seconds == 2 }) {
          Sleep("two", for: .seconds(2))
        } otherwise: {
          Sleep("three", for: .seconds(3))
        }
      }
      Step("wake") { bench.log.append("\($0.seconds)") }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func whatFellDueWhileDown_comesAtOnce_inTheOrderOfDueTimes(kind: StoreKind) throws {
    try underSchedules { simulation in
      let dues = [3, 1, 2]
      let (bench, runs) = try await handOver(
        simulation, kind, { Due(bench: $0) }, dues.map { .init(seconds: $0) }, after: .milliseconds(500),
        pause: .seconds(60), limit: 1)
      for run in runs { _ = await run.outcome }
      // Whoever is woken first is first in line for the one slot.
      try #require(bench.elapsed(since: VirtualClock.start) < .seconds(61))
      try #require(bench.log.entries == ["1", "2", "3"])
    }
  }

  struct Hasty: Saga {
    let bench: Workbench
    var timeout: Duration? { .seconds(30) }
    struct State: Codable, Sendable {
      var seat: Int?
    }
    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }.compensate { _ in bench.log.append("free at \(bench.seconds)") }
      WaitForEvent("never", for: Said.self)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func theTimeLimitOfASaga_countsFromItsAdmission_alsoInTheNextProcess(kind: StoreKind) throws {
    try underSchedules(10) { simulation in
      for (pause, at) in [(Duration.seconds(5), 30), (.seconds(50), 60)] {
        let begin = simulation.clock.now
        let (bench, runs) = try await handOver(
          simulation, kind, { Hasty(bench: $0) }, [.init()], after: .seconds(10), pause: pause)
        try #require(await runs[0].outcome.failure?.error is SagaTimedOut)
        let offset = VirtualClock.start.duration(to: begin).components.seconds
        try #require(bench.log.entries == ["free at \(offset + Int64(at))"])
      }
    }
  }

  /// A record behind the one that says that it goes on fails while what fell due is held back: neither waits for the
  /// other.
  @Test func aRecordThatFails_whileSagasAreBroughtBack_holdsNobodyUp() throws {
    struct Late: Saga {
      let bench: Workbench
      let gate: Gate
      struct State: Codable, Sendable { var a: Int? }
      var timeout: Duration? { .seconds(10) }
      var body: some Flow<State> {
        Step("a", \.a) { _ in
          bench.log.append("a")
          await gate.wait()
          return 1
        }
        .compensateUnknown { _ in bench.log.append("void") }
      }
    }
    try underSchedules { simulation in
      let store = StumblingStore(InMemoryStore(encoding: true)) { $0.firstNumber > $0.takenOverAt }
      let first = Workbench(simulation, store: store)
      let never = Gate()
      try await first.sagas.register(Late(bench: first, gate: never))
      for n in 0..<3 { _ = try await first.sagas.start(Late.self, .init(), id: "s\(n)") }
      await first.settle()
      await first.sagas.shutdown()
      try await first.sleep(.seconds(20))
      store.fail(times: 2)
      let second = Workbench(simulation, store: store)
      try await second.sagas.register(Late(bench: second, gate: .opened))
      try #require(try await second.sagas.recover().recovered.count == 3)
      for n in 0..<3 {
        let run = try #require(try await second.sagas.handle(Late.self, "s\(n)"))
        try #require(await run.settled.isTerminal)
      }
      await second.sagas.shutdown()
      never.open()
    }
  }
}

extension Workbench {
  /// Whole seconds since virtual time began.
  fileprivate var seconds: Int64 { VirtualClock.start.duration(to: clock.now).components.seconds }
}
