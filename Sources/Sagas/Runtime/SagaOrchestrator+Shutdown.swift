extension SagaOrchestrator {
  /// Stops running sagas, so that the process can end and another one can go on with them.
  ///
  /// From the call on, ``start(_:_:id:metadata:onExisting:options:)`` and ``recover()`` throw ``SagaError``
  /// `admissionStopped`, and no attempt of an action or an undo begins. Attempts in flight have `grace` to settle,
  /// within their own time limits; their outcomes are recorded, and what follows from them does not begin. Nothing is
  /// cancelled or undone because of a shutdown, and no deadline of a saga takes effect: what falls due does so when the
  /// saga is recovered.
  ///
  /// A saga leaves as soon as nothing of it runs and everything is durable; when the grace is over, the others leave
  /// as they are: their attempts are cancelled, and a record the store has not taken by then is given up. Returns when
  /// all have left.
  ///
  /// Another orchestrator over the same store that calls ``recover()`` continues each saga where its log ends: what
  /// has an outcome there is not run again, what has none is run with the same idempotency key. With a store that keeps
  /// sagas in this process, that goes for this process only.
  ///
  /// Handles of sagas that left say so at once and for good: ``SagaRun/settled`` and the status are `parked`,
  /// ``SagaRun/outcome`` is `failed` with a ``SagaError`` `shutDown`, ``SagaRun/output`` throws
  /// ``SagaNotFinished``, verbs throw, and the updates of each, and of all, end.
  ///
  /// Safe to call from any task; a second call is harmless, and can only shorten the grace. Cancelling the calling
  /// task does not.
  /// - Parameter grace: how long attempts in flight are waited for, and writes that the store did not take; 10 seconds
  ///   by default.
  public nonisolated func shutdown(grace: Duration = .seconds(10)) async {
    await engine.shutDown(grace: grace)
  }
}
