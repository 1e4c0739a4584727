extension Step {
  /// Runs the action again when an attempt has failed.
  ///
  /// Without it the saga's ``Saga/defaults`` apply.
  ///
  /// Attempts and the time of the next one are recorded, and survive a crash. An attempt whose effect is
  /// unknown (it timed out, say) is retried as well, under the same `idempotencyKey`.
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
    with { $0.timeout = limit }
  }

  /// How long an attempt that was asked to stop is waited for before a retry or an undo goes ahead without
  /// it; zero or more, ten seconds unless given.
  public func settleGrace(_ limit: Duration) -> Self {
    with { $0.settleGrace = limit }
  }

  /// Tolerates a failure of this step: the saga goes on without its result.
  ///
  /// If the saga is undone later, so is what this step may have done.
  public func optional() -> Self {
    with { $0.isOptional = true }
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
