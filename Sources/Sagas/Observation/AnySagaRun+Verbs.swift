extension AnySagaRun {
  /// See ``SagaRun/cancel(compensating:)``.
  public func cancel(compensating: Bool = true) async throws {
    try await core.cancel(compensating: compensating)
  }

  /// See ``SagaRun/suspend()``.
  public func suspend() async throws { try await core.suspend() }

  /// See ``SagaRun/resume()``.
  public func resume() async throws { try await core.resume() }

  /// Lets a suspended saga go on from a part of it; see ``SagaRun/resume(from:)-(String)``.
  public func resume(from step: String) async throws { try await core.resume(from: step) }

  /// See ``SagaRun/retry()``.
  public func retry() async throws { try await core.retry() }

  /// See ``SagaRun/skip(step:)``.
  public func skip(step: String) async throws { try await core.skip(step: step) }

  /// See ``SagaRun/compensate()``.
  public func compensate() async throws { try await core.compensate() }

  /// See ``SagaRun/retryCompensation()``.
  public func retryCompensation() async throws { try await core.retryCompensation() }

  /// See ``SagaRun/skipCompensation(step:)``.
  public func skipCompensation(step: String) async throws { try await core.skipCompensation(step: step) }

  /// See ``SagaRun/abandon()``.
  public func abandon() async throws { try await core.abandon() }

  /// See ``SagaRun/unwindPlan()``.
  public func unwindPlan() async -> UnwindPlan { await core.unwindPlan() }
}
