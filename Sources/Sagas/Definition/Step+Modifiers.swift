extension Step {
  /// Runs the action again when an attempt has failed.
  ///
  /// Without it the saga's ``Saga/defaults`` apply.
  ///
  /// Attempts and the time of the next one are recorded, and survive a crash. An attempt whose effect is
  /// unknown (it timed out, say) is retried as well, under the same `idempotencyKey`, unless the step is
  /// ``atMostOnce()``.
  public func retry(_ policy: RetryPolicy) -> Self {
    with { $0.code.retry = policy }
  }

  /// How long one attempt of the action may take, more than zero.
  ///
  /// Without it the saga's ``Saga/defaults`` apply.
  ///
  /// An attempt that takes longer is asked to stop by cancelling its task; whether it has taken effect is
  /// then unknown.
  public func timeout(_ limit: Duration) -> Self {
    with { $0.code.timeout = limit }
  }

  /// How long an attempt that was asked to stop is waited for before a retry or an undo goes ahead without
  /// it; zero or more, ten seconds unless given.
  public func settleGrace(_ limit: Duration) -> Self {
    with { $0.code.settleGrace = limit }
  }

  /// Tolerates a failure of this step: the saga goes on without its result.
  ///
  /// If the saga is undone later, so is what this step may have done.
  public func optional() -> Self {
    with { $0.isOptional = true }
  }

  /// Is told when this step has failed for good, with its last error: to write a log, to tell a person.
  ///
  /// ```swift
  /// .onError { error, run in await pager.page("\(run.sagaID), \(run.step): \(error)") }
  /// ```
  ///
  /// Called once, when no retry is left, however the last attempt ended: it threw, ran out of time, or was cut off.
  /// Also where the failure is tolerated; not for an undo; and not where the saga had failed or was cancelled before
  /// and the step only obeyed, or lost its next attempt by that. A step that is resumed and fails again is told of
  /// again.
  ///
  /// It changes nothing: it cannot throw, and sets nothing in the scratch. It is awaited: the saga begins no other
  /// step and no undo, and does not end, before it has returned or the step's ``settleGrace(_:)`` has passed, which
  /// cancels its task. What is in flight goes on meanwhile. The failure is durable before it is called, so a crash in
  /// between loses the call: it is made at most once.
  /// - Parameter hook: given the error, and the run of the last attempt. May be called from any thread.
  /// - Returns: the step with that declaration; the last one counts.
  public func onError(
    _ hook: @escaping @Sendable (_ error: any Error, _ run: StepRun) async -> Void
  ) -> Self {
    with { $0.code.onError = hook }
  }

  /// Never runs the action again once it may have taken effect: for a service that knows no idempotency key.
  ///
  /// An attempt that threw by itself is retried as ``retry(_:)`` says. One of unknown effect is the last: it ran out
  /// of time, was asked to stop, went down with its process, or threw what leaves the effect open
  /// (``EffectUnknown``, ``unknown(_:when:)``). The step has failed then; if the saga is undone, so is what the step
  /// declares for an unknown effect. That an attempt begins is durable before it does, and after a crash one without
  /// an outcome is not run again, whether or not it had got as far as to begin: it failed with
  /// ``SagaError/Code/cutOff``.
  ///
  /// Of a saga that is held by such a step, ``SagaRun/resume()`` and ``SagaRun/retry()`` throw
  /// ``SagaError/Code/wouldRepeat``; ``SagaRun/skip(step:)`` lets it go on without the step.
  public func atMostOnce() -> Self {
    with { $0.isAtMostOnce = true }
  }

  /// Lets the result of this step go when the saga has ended: for a token, a card number, whatever is not to be kept.
  ///
  /// As long as the saga runs or can be undone, the result is recorded as ever: it is needed to go on after a crash,
  /// and to undo. With the record of the end it leaves the journal, in the same step, so that no crash in between
  /// leaves it there; the report of the ended saga says that it is redacted (``JournaledValue/isRedacted``), and
  /// ``SagaRun/result(of:)`` throws ``SagaError/Code/redacted``. It is never in the tables an SQLite file has for
  /// people.
  ///
  /// The slot it is written to is redacted with it, whichever step has filled it. What becomes of the value elsewhere
  /// is up to the saga: an output with it in it keeps it, and the output is the whole State unless the saga says
  /// otherwise; so do results of other steps, events, errors, and the input.
  public func redacted() -> Self {
    with { $0.code.isRedacted = true }
  }

  /// Declares errors after which nobody knows whether the action has taken effect, a lost connection for one.
  ///
  /// Without it an error that the action throws by itself means that nothing was done. May be given more than
  /// once.
  ///
  /// ```swift
  /// .unknown(URLError.self) { $0.code == .networkConnectionLost }
  /// ```
  /// - Parameters:
  ///   - type: the type of such errors.
  ///   - condition: which of them; all of them, unless given.
  /// - Returns: the step with that declaration.
  public func unknown<Failure: Error>(
    _ type: Failure.Type, when condition: @escaping @Sendable (Failure) -> Bool = { _ in true }
  ) -> Self {
    with {
      $0.code.unknownErrors.append { error in
        guard let error = error as? Failure else { return false }
        return condition(error)
      }
    }
  }

  func with(_ change: (inout StepDefinition) -> Void) -> Self {
    var copy = self
    change(&copy.definition)
    return copy
  }
}
