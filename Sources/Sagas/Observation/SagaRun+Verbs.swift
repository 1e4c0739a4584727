extension SagaRun {
  /// Ends the saga without undoing anything when `compensating` is false; else undoes what was done.
  ///
  /// Throws ``SagaError`` `pastPivot` behind a ``Pivot``, where only `compensating: false` is possible.
  /// Returns once the decision is durable; await the outcome for its end. What is in flight is asked to stop and
  /// awaited for its settle grace; backoffs end at once. Harmless when the saga has ended or is being undone already.
  /// Throws ``SagaError`` when it cannot be recorded.
  public func cancel(compensating: Bool = true) async throws {
    try await core.cancel(compensating: compensating)
  }

  /// Holds the saga: what runs settles, nothing more begins, until it is resumed, compensated, cancelled or abandoned.
  ///
  /// Returns once that is durable; ``SagaRun/settled`` tells when everything has settled. Holding a held saga is
  /// harmless. Throws ``SagaError`` `notRunning`, naming the status, for one that does not go forward.
  public func suspend() async throws { try await core.suspend() }

  /// Lets a suspended saga go on, from where it was held.
  ///
  /// A step that failed runs again, under its old key, with its retries from the start; completed steps keep their
  /// results. Resuming a running saga is harmless. Throws ``SagaError``: `notSuspended`, naming the status, for any
  /// other, and `wouldRepeat`, naming the steps, where what failed may have taken effect and is
  /// ``Step/atMostOnce()``; ``skip(step:)`` it first.
  public func resume() async throws { try await core.resume() }

  /// Runs what failed behind the pivot of a stuck saga again, under its old key, with its retries from the start.
  ///
  /// Throws ``SagaError``: `notStuck`, naming the status, for a saga that is not stuck behind a pivot, and `wouldRepeat`
  /// as ``resume()`` does.
  public func retry() async throws { try await core.retry() }

  /// Leaves out a step that failed and holds the saga, suspended or stuck behind its pivot: somebody has seen to it.
  ///
  /// The saga goes on when nothing else is left to decide. What the step may have done stays known: if the saga is
  /// undone later, so is that. Throws ``SagaError``: `notStuck` for a saga that is not held so, or `invalidArgument`
  /// for a step that has not failed.
  public func skip(step: String) async throws { try await core.skip(step: step) }

  /// Undoes what a suspended saga has done; it fails with the failure that held it, or as cancelled.
  ///
  /// Throws ``SagaError`` `notSuspended`, naming the status, for any other saga.
  public func compensate() async throws { try await core.compensate() }

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

  /// Gives a stuck or suspended saga up: it ends as failed, and its failure lists what stands.
  ///
  /// Throws ``SagaError`` `notStuck`, naming the status, for any other saga.
  public func abandon() async throws { try await core.abandon() }

  /// What a cancel now would undo, and in which order. A look ahead, nothing is recorded.
  public func unwindPlan() async -> UnwindPlan { await core.unwindPlan() }
}
