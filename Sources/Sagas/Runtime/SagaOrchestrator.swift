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
  /// Several versions of one name stand side by side, each made from a type of its own with the same `static name` and
  /// another `static version`. A saga stays on the version it was started with. A start by name takes the latest
  /// version that is not deprecated; a start by type takes the version of that type.
  /// - Parameters:
  ///   - saga: the definition.
  ///   - reason: why the version is deprecated: its sagas are recovered and go on, and new ones are refused, with this
  ///     in the error. `nil` for one that is in use.
  ///
  /// Throws ``DefinitionError`` with everything that is wrong with the definition, and ``SagaError`` with code
  /// `alreadyRegistered` for a name and version that is known, or a name that two types of events have, or
  /// `invalidArgument` where the configuration cannot work. The value's services are those all its instances use.
  public func register<S: Saga>(_ saga: S, deprecated reason: String? = nil) throws {
    let configuration = engine.configuration
    try configuration.check()
    let program = try PlanCompiler.compile(
      saga,
      defaults: PlanDefaults(
        step: configuration.defaults.over(StepDefaults(settleGrace: configuration.settleGrace)),
        timeout: configuration.timeout, unwindTimeout: configuration.unwindTimeout,
        recoveries: configuration.recoveries,
        interceptors: configuration.interceptors))
    try engine.events.learn(program)
    try engine.catalog.add(program, deprecated: reason)
  }

  /// What is known of a registered definition. Where no version is named, of the one that a start by name starts; where
  /// all are deprecated, of the latest.
  public nonisolated func definition(named name: String, version: Int? = nil) -> SagaDefinition? {
    engine.catalog.entry(named: name, version: version).map {
      SagaDefinition($0.program, deprecated: $0.deprecated)
    }
  }

  /// Continues every saga of the store that has not ended.
  ///
  /// Call it once after registering, before starting anything. From then on this orchestrator is the one that runs
  /// them: another one that still has them stops acting on them. A step without a recorded outcome is run again, with
  /// the same idempotency key, unless it is ``Step/atMostOnce()`` or had been asked to stop. Calling it again is
  /// harmless: what runs is left alone, and what is parked is tried again, for a definition that was registered since.
  ///
  /// A saga that cannot be run as it is, is parked before anything of it runs, and the others go on: its version is not
  /// registered (``SagaError/Code/notRegistered``), the definition under its version has changed
  /// (``SagaError/Code/definitionChanged``, see ``SagaDefinition/fingerprint``), what was recorded cannot be decoded
  /// any more (``SagaError/Code/undecodable``), its log is broken (``SagaError/Code/brokenLog``), or it was recovered
  /// too often without getting on (``SagaError/Code/tooManyRecoveries``, see ``Configuration/recoveries``). The error
  /// says what to do about it.
  ///
  /// Throws what the store throws when it cannot hand out anything, and ``SagaError`` `invalidArgument` where the
  /// configuration cannot work, or `admissionStopped` behind ``shutdown(grace:)``.
  @discardableResult
  public nonisolated func recover() async throws -> RecoveryReport {
    try engine.configuration.check()
    if engine.isStopping { throw SagaError.admissionStopped() }
    return try await engine.recover()
  }

  /// Continues one saga of the store: one that is parked, once what was wrong is mended, or one that has not been
  /// recovered yet.
  ///
  /// A saga that was recovered too often is tried once more: it is parked again at the next ``recover()`` unless it has
  /// got on by then. One that runs, or has ended, is left alone. Safe to call from any number of tasks. Handles from
  /// the time when it was parked stay so.
  ///
  /// - Returns: its handle.
  ///
  /// Throws ``SagaError``: `notFound`, the reason why it is parked again (`notRegistered`, `definitionChanged`,
  /// `undecodable`, `brokenLog`), `takenOver` when another orchestrator is about to go on with it, `admissionStopped`
  /// behind ``shutdown(grace:)``, `invalidArgument` where the configuration cannot work, and what the store throws.
  @discardableResult
  public nonisolated func recover(_ id: String) async throws -> AnySagaRun {
    try engine.configuration.check()
    if engine.isStopping { throw SagaError.admissionStopped(id) }
    return AnySagaRun(try await engine.recover(id, .byHand))
  }
}
