extension SagaRun {
  /// Ends the saga without undoing anything when `compensating` is false; else undoes what was done.
  ///
  /// Returns once the decision is durable; await the outcome for its end. What is in flight is asked to stop and
  /// awaited for its settle grace; backoffs end at once. Harmless when the saga has ended or is being undone already.
  /// Throws ``SagaError`` when it cannot be recorded.
  public func cancel(compensating: Bool = true) async throws {
    try await core.cancel(compensating: compensating)
  }

  /// Tries the undoes of a stuck saga again that failed, with their retries from the start, and runs what is left of
  /// the unwind.
  ///
  /// Undoes that have settled are not run again. Throws ``SagaError`` `notStuck`, naming the status, for any other saga.
  public func retryCompensation() async throws { try await core.retryCompensation() }

  /// Decides that a step of a stuck saga needs no undo: somebody has seen to it.
  ///
  /// The step is listed as unresolved, with reason `skipped`; the saga ends as compensated when nothing else is left
  /// to decide. Throws ``SagaError``: `notStuck`, or `invalidArgument` for a step whose undo has not failed.
  public func skipCompensation(step: String) async throws { try await core.skipCompensation(step: step) }

  /// Gives a stuck saga up: it ends as failed, and its failure lists what stands.
  ///
  /// Throws ``SagaError`` `notStuck`, naming the status, for any other saga.
  public func abandon() async throws { try await core.abandon() }

  /// What a cancel now would undo, and in which order. A look ahead, nothing is recorded.
  public func unwindPlan() async -> UnwindPlan { await core.unwindPlan() }
}
