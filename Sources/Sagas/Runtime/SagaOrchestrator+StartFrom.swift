/// Starting in the middle: what comes before was done elsewhere, and its results are in the State.
extension SagaOrchestrator {
  /// Starts a saga with the step that writes this slot; see
  /// ``start(_:_:from:id:metadata:onExisting:options:)-(_,_,String,_,_,_,_)``.
  ///
  /// Throws ``SagaError`` `ambiguousStepName` where several steps write it (they are in ``SagaError/steps``: name one
  /// of them), and `invalidArgument` where none does.
  public nonisolated func start<S: Saga, Value>(
    _ type: S.Type, _ state: S.State, from slot: Slot<S.State, Value>, id: String? = nil,
    metadata: [String: String] = [:], onExisting: ExistingPolicy = .fail,
    options: StartOptions = StartOptions()
  ) async throws -> SagaRun<S> {
    try await start(type, state, id: id, metadata: metadata, onExisting: onExisting, options: options) {
      try $0.target(writing: slot, saga: S.name)
    }
  }

  /// Not available: what is given is no slot.
  @available(
    *, unavailable, message: "name a step, or the slot it writes: an optional `var` of the State"
  )
  public nonisolated func start<S: Saga, Value>(
    _ type: S.Type, _ state: S.State, from slot: KeyPath<S.State, Value> & Sendable, id: String? = nil,
    metadata: [String: String] = [:], onExisting: ExistingPolicy = .fail,
    options: StartOptions = StartOptions()
  ) async throws -> SagaRun<S> {
    try await start(type, state, id: id, metadata: metadata, onExisting: onExisting, options: options)
  }

  /// Starts a saga in the middle: with a step, or a choice, a group, a pivot or a `Fail` with a name.
  ///
  /// What comes before it is recorded as skipped, and is never undone; its results are whatever the State has in
  /// their slots. In a group the other branches run from their beginning. A saga that begins behind its pivot has
  /// passed it.
  ///
  /// Throws ``SagaError`` before anything is recorded: `invalidArgument` for a name that is not there, or a part in a
  /// branch of a choice, which has not been asked (begin with the choice); and what
  /// ``start(_:_:id:metadata:onExisting:options:)`` throws. Safe to call from any number of tasks: of several starts
  /// with one id exactly one wins. After a crash the saga goes on from where it was.
  public nonisolated func start<S: Saga>(
    _ type: S.Type, _ state: S.State, from step: String, id: String? = nil,
    metadata: [String: String] = [:], onExisting: ExistingPolicy = .fail,
    options: StartOptions = StartOptions()
  ) async throws -> SagaRun<S> {
    try await start(type, state, id: id, metadata: metadata, onExisting: onExisting, options: options) {
      try $0.target(named: step, saga: S.name)
    }
  }

  private nonisolated func start<S: Saga>(
    _ type: S.Type, _ state: S.State, id: String?, metadata: [String: String], onExisting: ExistingPolicy,
    options: StartOptions, at target: (SagaProgram) throws -> NodeID
  ) async throws -> SagaRun<S> {
    let program: SagaProgram
    do {
      program = try engine.catalog.startable(type)
    } catch let error as SagaError where error.code == .deprecated && onExisting == .join {
      return try await engine.existing(id, S.name, else: error).typed(type)
    }
    let node = try target(program)
    if let obstacle = SagaMachine(plan: program.plan).obstacle(to: node) {
      throw obstacle.error(from: node, program.plan, saga: S.name)
    }
    return try await engine.start(
      program, StateBox(state), id: id, metadata: metadata, onExisting: onExisting, options: options,
      from: node
    ).typed(type)
  }
}
