import Sagas
import SagasTesting
import Testing

/// An orchestrator in a simulation, a log of what its steps do, and steps that take virtual time.
struct Workbench: Sendable {
  let simulation: Simulation
  let sagas: SagaOrchestrator
  let log: EventLog

  var clock: VirtualClock { simulation.clock }

  init(
    _ simulation: Simulation, store: (any SagaStore)? = nil,
    configuration: SagaOrchestrator.Configuration = .init(), log: EventLog = EventLog()
  ) {
    self.simulation = simulation
    self.log = log
    // Only a machine without memory has no room for an empty store.
    let store = try! store ?? StoreKind.standard.make()
    sagas = SagaOrchestrator(store: store, configuration: configuration, runtime: simulation.runtime)
  }

  /// Takes time, and stops early with `CancellationError` when it is asked to.
  func sleep(_ duration: Duration) async throws {
    try await clock.sleep(until: clock.now.advanced(by: duration))
  }

  /// Takes time, whatever anybody asks.
  func sleepStubbornly(_ duration: Duration) async {
    let until = clock.now.advanced(by: duration)
    await simulation.runtime.spawn("stubborn") { try? await clock.sleep(until: until) }.value
  }

  /// How long it has been since some time.
  func elapsed(since time: Timestamp) -> Duration { time.duration(to: clock.now) }

  /// Lets everything that is ready run, without any time passing.
  func settle() async {
    for _ in 0..<50 { await Task.yield() }
  }

  /// Registers a saga and runs it to its outcome.
  func outcome<S: Saga>(of saga: S, _ state: S.State, id: String = "s") async throws -> (
    SagaOutcome<S.Output>, SagaReport
  ) {
    try await sagas.register(saga)
    let run = try await sagas.start(S.self, state, id: id)
    let outcome = await run.outcome
    return (outcome, try #require(try await sagas.report(id)))
  }
}

/// Runs a test body under that many schedules; a failure names the seed that replays it.
func underSchedules(_ count: UInt64 = 40, _ body: @escaping @Sendable (Simulation) async throws -> Void)
  throws
{
  try simulate(seeds: 0..<count, body)
}

/// A failure that means that nothing was done.
struct Refused: Error, Codable, Equatable {
  var why = ""
}

/// A failure that is worth another attempt.
struct Busy: Error, Codable, Equatable {}
