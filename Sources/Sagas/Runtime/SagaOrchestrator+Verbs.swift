/// Verbs by id, for those who have no handle. Each throws ``SagaError`` `notFound` where there is no such saga.
extension SagaOrchestrator {
  /// See ``SagaRun/cancel(compensating:)``.
  public nonisolated func cancel(_ id: String, compensating: Bool = true) async throws {
    try await core(id).cancel(compensating: compensating)
  }

  /// See ``SagaRun/suspend()``.
  public nonisolated func suspend(_ id: String) async throws { try await core(id).suspend() }

  /// See ``SagaRun/resume()``.
  public nonisolated func resume(_ id: String) async throws { try await core(id).resume() }

  /// Lets a suspended saga go on from a part of it; see ``SagaRun/resume(from:)-(String)``.
  public nonisolated func resume(_ id: String, from step: String) async throws {
    try await core(id).resume(from: step)
  }

  /// See ``SagaRun/retry()``.
  public nonisolated func retry(_ id: String) async throws { try await core(id).retry() }

  /// See ``SagaRun/skip(step:)``.
  public nonisolated func skip(_ id: String, step: String) async throws {
    try await core(id).skip(step: step)
  }

  /// See ``SagaRun/compensate()``.
  public nonisolated func compensate(_ id: String) async throws { try await core(id).compensate() }

  /// See ``SagaRun/retryCompensation()``.
  public nonisolated func retryCompensation(_ id: String) async throws {
    try await core(id).retryCompensation()
  }

  /// See ``SagaRun/skipCompensation(step:)``.
  public nonisolated func skipCompensation(_ id: String, step: String) async throws {
    try await core(id).skipCompensation(step: step)
  }

  /// See ``SagaRun/abandon()``.
  public nonisolated func abandon(_ id: String) async throws { try await core(id).abandon() }

  /// See ``SagaRun/unwindPlan()``.
  public nonisolated func unwindPlan(_ id: String) async throws -> UnwindPlan {
    try await core(id).unwindPlan()
  }

  private nonisolated func core(_ id: String) async throws -> RunCore {
    guard let core = try await engine.find(id) else { throw SagaError.notFound(id) }
    return core
  }
}
