/// Retries and timeouts for steps that declare none of their own.
///
/// A step's own come first, then those of the ``StartOptions``, then its saga's ``Saga/defaults``, then the
/// orchestrator's configuration.
public struct StepDefaults: Sendable {
  /// When to run an action again; `nil` to leave it to the next in line, at the end of which are no retries.
  public var retry: RetryPolicy?
  /// How long one attempt may take, more than zero; `nil` to leave it to the next in line, at the end no
  /// limit.
  public var timeout: Duration?
  /// How long an attempt that was asked to stop is waited for, zero or more; `nil` to leave it to the next in line, at
  /// the end 10 seconds.
  public var settleGrace: Duration?
  /// When to run an undo again; `nil` to leave it to the next in line, at the end three times, from one second on,
  /// each pause twice as long.
  public var compensationRetry: RetryPolicy?
  /// How long one attempt of an undo may take, more than zero; `nil` to leave it to the next in line, at the end 30
  /// seconds.
  public var compensationTimeout: Duration?

  /// Defaults for steps; what is left out is left to the next in line.
  public init(
    retry: RetryPolicy? = nil, timeout: Duration? = nil, settleGrace: Duration? = nil,
    compensationRetry: RetryPolicy? = nil, compensationTimeout: Duration? = nil
  ) {
    self.retry = retry
    self.timeout = timeout
    self.settleGrace = settleGrace
    self.compensationRetry = compensationRetry
    self.compensationTimeout = compensationTimeout
  }

  /// These, and the others' where they leave something out.
  func over(_ others: StepDefaults) -> StepDefaults {
    StepDefaults(
      retry: retry ?? others.retry, timeout: timeout ?? others.timeout,
      settleGrace: settleGrace ?? others.settleGrace,
      compensationRetry: compensationRetry ?? others.compensationRetry,
      compensationTimeout: compensationTimeout ?? others.compensationTimeout)
  }

  /// Whether everything is left to the next in line.
  var isEmpty: Bool {
    retry == nil && timeout == nil && settleGrace == nil && compensationRetry == nil
      && compensationTimeout == nil
  }
}
