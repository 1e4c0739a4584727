import Sagas

/// One run under one seed: what the body of ``simulate(seeds:maximumJobs:_:)`` gets.
package struct Simulation: Sendable {
  /// What decides about the order in which things run.
  package let executor: SimulationExecutor
  /// Surroundings for the code under test: executor, clock, ids and chance all follow from the seed.
  ///
  /// Ids count up: `saga-1`, `saga-2`.
  package let runtime: Runtime

  /// The time of this run, which moves only when nothing else can.
  package var clock: VirtualClock { executor.clock }
  /// The seed all of this run follows from.
  package var seed: UInt64 { executor.seed }

  /// A run whose every choice follows from `seed`.
  package init(seed: UInt64) {
    let executor = SimulationExecutor(seed: seed)
    let source = Source(seed: seed)
    self.executor = executor
    self.runtime = Runtime(
      executor: executor, clock: executor.clock, ids: { source.nextID() }, random: { source.nextRandom() })
  }

  /// Ids and random numbers, in the order in which the run asks for them.
  private final class Source: Sendable {
    private let state: Lock<(random: SeededRandom, lastID: Int)>

    init(seed: UInt64) {
      // Other numbers than the executor draws from the same seed.
      state = Lock((SeededRandom(seed: ~seed), 0))
    }

    func nextID() -> String {
      state.withLock { state in
        state.lastID += 1
        return "saga-\(state.lastID)"
      }
    }

    func nextRandom() -> UInt64 { state.withLock { $0.random.next() } }
  }
}

/// Runs `body` once for each seed, each time in another order of all that goes on at once, and in virtual time.
///
/// The first seed with which something goes wrong ends it; the error names that seed, and
/// `simulate(seeds: [thatSeed])` does exactly the same again. Start everything through the simulation's `runtime`,
/// and throw (`try #require`) rather than expect, because only a thrown error gets the seed.
///
/// Occupies the calling thread until it returns, and may be called from inside a test's task.
/// - Parameters:
///   - seeds: one run for each, in this order.
///   - maximumJobs: after how many jobs a run counts as endless.
///   - body: the code under test.
/// - Throws: ``SimulationFailure``.
package func simulate(
  seeds: some Sequence<UInt64>, maximumJobs: Int = 10_000_000,
  _ body: @escaping @Sendable (Simulation) async throws -> Void
) throws(SimulationFailure) {
  for seed in seeds {
    let simulation = Simulation(seed: seed)
    try simulation.executor.run(maximumJobs: maximumJobs) { try await body(simulation) }
  }
}
