/// What is different for one saga, from its start on: given to `start` and `run`, in place of what its definition says.
///
/// ```swift
/// let run = try await sagas.start(
///   Checkout.self, .init(cart: cart), options: StartOptions(failurePolicy: .suspend, timeout: .hours(1)))
/// ```
///
/// What a step declares itself comes before ``defaults``; they come before ``Saga/defaults``, and those before the
/// orchestrator's configuration. The options are recorded with the creation of the saga: it keeps them after a crash.
public struct StartOptions: Sendable {
  /// What becomes of this saga when it fails; `nil` for what ``Saga/failurePolicy`` says.
  public var failurePolicy: FailurePolicy?
  /// Retries and time limits of steps that declare none themselves.
  ///
  /// A retry policy has to be one that can be recorded: ``RetryPolicy/fixed(retries:every:)``,
  /// ``RetryPolicy/linear(retries:step:)``, ``RetryPolicy/exponential(retries:from:factor:cap:jitter:)`` or
  /// ``RetryPolicy/never``, without ``RetryPolicy/only(_:_:)``. One with a closure belongs into the definition; here
  /// `start` refuses it, whatever the store, by ``SagaError/Code/invalidArgument``.
  public var defaults: StepDefaults
  /// How long this saga may take from its admission on, more than zero; `nil` for what ``Saga/timeout`` says.
  public var timeout: Duration?

  /// Options for one saga; what is left out is as its definition has it.
  public init(
    failurePolicy: FailurePolicy? = nil, defaults: StepDefaults = StepDefaults(), timeout: Duration? = nil
  ) {
    self.failurePolicy = failurePolicy
    self.defaults = defaults
    self.timeout = timeout
  }
}

extension StartOptions {
  /// Whether they leave everything as the definition has it.
  var isEmpty: Bool {
    failurePolicy == nil && timeout == nil && defaults.isEmpty
  }

  /// What keeps a saga from being started with them, with what would be right; `nil` when nothing does.
  var problem: String? {
    for (retry, what) in [(defaults.retry, "retry"), (defaults.compensationRetry, "compensationRetry")] {
      guard let retry else { continue }
      if !retry.isRecordable {
        return
          "the \(what) policy of the start options has a closure, which cannot be recorded; use .fixed, .linear or "
          + ".exponential without .only, or declare it in the definition"
      }
      if let problem = retry.problems.first { return "the \(what) policy of the start options \(problem)" }
    }
    let limits = [
      (timeout, "timeout"), (defaults.timeout, "step timeout"),
      (defaults.compensationTimeout, "compensationTimeout"),
    ]
    for (limit, what) in limits {
      if let limit, limit <= .zero {
        return "the \(what) of the start options is \(limit); use more than zero, or leave it out"
      }
    }
    if let grace = defaults.settleGrace, grace < .zero {
      return "the settleGrace of the start options is \(grace); use zero or more, or leave it out"
    }
    return nil
  }
}
