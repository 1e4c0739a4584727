/// Runs sagas: registers definitions, starts instances, finds them again, and continues what a crash interrupted.
///
/// ```swift
/// let sagas = SagaOrchestrator()
/// try await sagas.register(Checkout(payments: payments, orders: orders))
/// let order = try await sagas.run(Checkout.self, .init(cart: cart))
/// ```
///
/// Every saga is an actor of its own; what their steps do runs side by side. Sagas that run keep what they need
/// alive: they go on when the orchestrator is let go of.
public actor SagaOrchestrator {
  nonisolated let engine: Engine

  /// Where events are published that sagas wait for.
  public nonisolated let events: EventBus

  /// Watches over the sagas: announces what goes wrong, counts, and owns their deadlines.
  public nonisolated var supervisor: SagaSupervisor { engine.supervisor }

  /// An orchestrator without definitions and without sagas: register the one, then start or recover the other.
  /// - Parameters:
  ///   - store: where sagas are recorded. The default keeps them in this process.
  ///   - configuration: defaults for all sagas.
  ///   - runtime: executor, clock, ids and randomness; replaced in tests.
  public init(
    store: any SagaStore = InMemoryStore(), configuration: Configuration = Configuration(),
    runtime: Runtime = Runtime()
  ) {
    engine = Engine(store: store, configuration: configuration, runtime: runtime)
    events = EventBus(engine.events)
  }

  /// Makes a definition known, so that it can be started and recovered.
  ///
  /// Throws ``DefinitionError`` with everything that is wrong with the definition, and ``SagaError`` with code
  /// `alreadyRegistered` for a name and version that is known, or a name that two types of events have, or `invalidArgument` where the configuration cannot
  /// work. The value's services are those all its instances use.
  public func register<S: Saga>(_ saga: S) throws {
    let configuration = engine.configuration
    try configuration.check()
    let program = try PlanCompiler.compile(
      saga,
      defaults: PlanDefaults(
        step: configuration.defaults.over(StepDefaults(settleGrace: configuration.settleGrace)),
        unwindTimeout: configuration.unwindTimeout, interceptors: configuration.interceptors))
    try engine.events.learn(program)
    try engine.catalog.add(program)
  }

  /// What is known of a registered definition; the latest version where none is named.
  public nonisolated func definition(named name: String, version: Int? = nil) -> SagaDefinition? {
    engine.catalog.program(named: name, version: version).map(SagaDefinition.init)
  }

  /// Continues every saga of the store that has not ended.
  ///
  /// Call it once after registering, before starting anything. From then on this orchestrator is the one that runs
  /// them: another one that still has them stops acting on them. A step without a recorded outcome is run again,
  /// with the same idempotency key. A saga whose definition is unknown or whose log is broken is parked, and the
  /// others go on. Calling it again is harmless.
  ///
  /// Throws what the store throws when it cannot hand out anything, and ``SagaError`` `invalidArgument` where the
  /// configuration cannot work, or `admissionStopped` behind ``shutdown(grace:)``.
  @discardableResult
  public func recover() async throws -> RecoveryReport {
    try engine.configuration.check()
    if engine.isStopping { throw SagaError.admissionStopped() }
    try await engine.events.claim()
    engine.deadlines.hold()
    let report: RecoveryReport
    do {
      report = try await resumeAll()
    } catch {
      await engine.deadlines.release()
      throw error
    }
    await engine.deadlines.release()
    engine.events.recovered()
    return report
  }

  private func resumeAll() async throws -> RecoveryReport {
    var recovered: [String] = []
    var parked: [(id: String, error: SagaError)] = []
    for stored in try await engine.journal.store.claim(for: engine.writer) {
      if engine.isStopping {
        engine.keep(stored)
        continue
      }
      do {
        try await engine.resume(stored)
        recovered.append(stored.id)
      } catch let error as SagaError {
        // Another orchestrator has claimed it since, and goes on with it.
        if error.code == .takenOver { continue }
        parked.append((stored.id, error))
        engine.park(stored, error)
      }
    }
    return RecoveryReport(recovered: recovered, parked: parked)
  }
}
