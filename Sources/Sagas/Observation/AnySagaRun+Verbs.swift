extension AnySagaRun {
  /// See ``SagaRun/cancel(compensating:)``.
  public func cancel(compensating: Bool = true) async throws {
    try await core.cancel(compensating: compensating)
  }

  /// See ``SagaRun/retryCompensation()``.
  public func retryCompensation() async throws { try await core.retryCompensation() }

  /// See ``SagaRun/skipCompensation(step:)``.
  public func skipCompensation(step: String) async throws { try await core.skipCompensation(step: step) }

  /// See ``SagaRun/abandon()``.
  public func abandon() async throws { try await core.abandon() }

  /// See ``SagaRun/unwindPlan()``.
  public func unwindPlan() async -> UnwindPlan { await core.unwindPlan() }
}
