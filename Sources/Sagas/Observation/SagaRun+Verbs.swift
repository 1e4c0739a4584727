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
  /// harmless. One that is still `created` gives up its place in line, and takes a new one when it is resumed. Throws
  /// ``SagaError`` `notRunning`, naming the status, for one that does not go forward.
  public func suspend() async throws { try await core.suspend() }

  /// Lets a suspended saga go on, from where it was held.
  ///
  /// A step that failed runs again, under its old key, with its retries from the start; completed steps keep their
  /// results. Resuming a running saga is harmless. Throws ``SagaError``: `notSuspended`, naming the status, for any
  /// other, and `wouldRepeat`, naming the steps, where what failed may have taken effect and is
  /// ``Step/atMostOnce()``; ``skip(step:)`` it first.
  public func resume() async throws { try await core.resume() }

  /// Lets a suspended saga go on from the step that writes this slot; see ``SagaRun/resume(from:)-(String)``.
  ///
  /// Throws ``SagaError`` `ambiguousStepName` where several steps write it (they are in ``SagaError/steps``: name one
  /// of them), `invalidArgument` where none does, and what ``SagaRun/resume(from:)-(String)`` throws.
  public func resume<Value>(from slot: Slot<S.State, Value>) async throws {
    try await core.resume(from: slot)
  }

  /// Not available: what is given is no slot.
  @available(
    *, unavailable, message: "name a step, or the slot it writes: an optional `var` of the State"
  )
  public func resume<Value>(from slot: KeyPath<S.State, Value> & Sendable) async throws {}

  /// Lets a suspended saga go on from a part of it: a step, or a choice, a group, a pivot or a `Fail` with a name.
  ///
  /// That may be the one that failed, a later one (what is skipped over is recorded as skipped), or an earlier one if
  /// nothing from there on would need its undo first. From there on everything runs: what had not completed under its
  /// old key, with its retries from the start; what had completed under a new one, `runID/name#2`, and its former
  /// result is taken back. What stands before it, or beside it in a group, keeps its result.
  ///
  /// Returns once that is durable. Throws ``SagaError``, and changes nothing: `notSuspended`, naming the status (also
  /// while something is still in flight); `wouldRepeat`, with the steps that would need their undo; `pastPivot` for
  /// what lies before a pivot that was passed; `invalidArgument` for a name that is not there, or a part in a branch
  /// that its choice has not taken.
  public func resume(from step: String) async throws { try await core.resume(from: step) }

  /// Runs what failed behind the pivot of a stuck saga again, under its old key, with its retries from the start.
  ///
  /// Throws ``SagaError``: `notStuck`, naming the status, for a saga that is not stuck behind a pivot, and
  /// `wouldRepeat` as ``resume()`` does.
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
  /// Undoes that have settled are not run again. Throws ``SagaError`` `notStuck`, naming the status, for any other
  /// saga.
  public func retryCompensation() async throws { try await core.retryCompensation() }

  /// Decides that a step of a stuck saga needs no undo: somebody has seen to it.
  ///
  /// The step is listed as unresolved, with reason `skipped`; the saga ends as compensated when nothing else is left
  /// to decide. Throws ``SagaError``: `notStuck`, or `invalidArgument` for a step whose undo has not failed.
  public func skipCompensation(step: String) async throws { try await core.skipCompensation(step: step) }

  /// Gives up a saga that is stuck, suspended, or parked because it was recovered too often: it ends as failed, and its
  /// failure lists what stands.
  ///
  /// Throws ``SagaError`` `notStuck`, naming the status, for any other saga.
  public func abandon() async throws { try await core.abandon() }

  /// What a cancel now would undo, and in which order. A look ahead, nothing is recorded.
  public func unwindPlan() async -> UnwindPlan { await core.unwindPlan() }
}
