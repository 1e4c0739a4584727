extension SagaOrchestrator {
  /// The handle of a saga by its id, running or ended; `nil` when there is none.
  ///
  /// Throws ``SagaError`` `wrongType` when the saga is of another type, which includes the types of other versions, and
  /// what the store throws.
  public nonisolated func handle<S: Saga>(_ type: S.Type, _ id: String) async throws -> SagaRun<S>? {
    try await engine.find(id)?.typed(type)
  }

  /// The untyped handle of a saga by its id, running or ended; `nil` when there is none. Throws what the store throws.
  public nonisolated func handle(_ id: String) async throws -> AnySagaRun? {
    try await engine.find(id).map(AnySagaRun.init)
  }

  /// Everything that is known of a saga, while it runs and after it has ended; `nil` when there is none.
  ///
  /// Of a saga whose definition is not registered, or not as it was when the saga was started, it has what can be told
  /// without: status, name, version, metadata and times. Throws what the store throws.
  public nonisolated func report(_ id: String) async throws -> SagaReport? { try await engine.report(id) }

  /// Sagas that meet a filter, in the order of their creation: all that are kept and all that run, those as they are
  /// now.
  ///
  /// - Parameters:
  ///   - filter: which sagas; all of them by default.
  ///   - limit: at most so many.
  ///   - last: the last report of the page before; `nil` for the first page. Going on like that gives every saga once
  ///     that is there all the time, whatever comes and goes meanwhile.
  ///
  /// Throws what the store throws, and ``SagaError`` `invalidArgument` for a limit below 1.
  public nonisolated func list(
    _ filter: SagaFilter = SagaFilter(), limit: Int = 100, after last: SagaReport? = nil
  ) async throws -> [SagaReport] {
    var place = last?.place
    if let last, place == nil { place = try await engine.place(of: last.id) }
    return try await engine.list(filter, limit: limit, after: place)
  }

  /// Sagas that meet a filter, those behind the saga of this id; as with the report of a saga, page by page.
  ///
  /// Throws ``SagaError`` `notFound` when the saga of this id, the last of the page before, is gone: pass its report,
  /// which knows its place.
  @_disfavoredOverload
  public nonisolated func list(
    _ filter: SagaFilter = SagaFilter(), limit: Int = 100, after id: String?
  ) async throws -> [SagaReport] {
    let place = if let id { try await engine.place(of: id) } else { nil as UInt64? }
    return try await engine.list(filter, limit: limit, after: place)
  }

  /// How many sagas meet a filter, by status; a status without any is missing. As recorded last, but for those that
  /// are parked here.
  ///
  /// Throws what the store throws.
  public nonisolated func count(_ filter: SagaFilter = SagaFilter()) async throws -> [SagaStatus: Int] {
    try await engine.count(filter)
  }

  /// Deletes a saga that has ended, with all that was recorded of it; its id is free then, and has other idempotency
  /// keys when it is used again. Handles of it that are there still know it.
  ///
  /// Throws ``SagaError``: `notFound`, `notFinished` for one that has not ended, and what the store throws.
  public nonisolated func forget(_ id: String) async throws { try await engine.forget(id) }

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
