extension SagaOrchestrator {
  /// The handle of a saga by its id, running or ended; `nil` when there is none.
  ///
  /// Throws ``SagaError`` `wrongType` when the saga is of another type, and what the store throws.
  public nonisolated func handle<S: Saga>(_ type: S.Type, _ id: String) async throws -> SagaRun<S>? {
    guard let core = try await engine.find(id) else { return nil }
    guard core.info.name == S.name else { throw SagaError.wrongType(id, core.info.name, S.name) }
    return SagaRun(core)
  }

  /// The untyped handle of a saga by its id, running or ended; `nil` when there is none. Throws what the store throws.
  public nonisolated func handle(_ id: String) async throws -> AnySagaRun? {
    try await engine.find(id).map(AnySagaRun.init)
  }

  /// Everything that is known of a saga, while it runs and after it has ended; `nil` when there is none.
  ///
  /// Throws what the store throws.
  public nonisolated func report(_ id: String) async throws -> SagaReport? {
    try await engine.find(id)?.report()
  }

  /// The states of all sagas as they change, from now on. One unread state is kept per saga, the newest. Ends when
  /// the orchestrator has been shut down.
  public nonisolated var updates: SagaUpdates {
    SagaUpdates { [engine] in
      let mailbox = UpdateMailbox(.keepNewestPerSaga)
      engine.watchers.add(mailbox)
      if engine.isShutDown { mailbox.finish() }
      return mailbox
    }
  }

  /// How many sagas have not ended.
  public nonisolated var liveCount: Int { engine.registry.count }
}
