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

  /// Defaults for steps; what is left out is left to the next in line.
  public init(retry: RetryPolicy? = nil, timeout: Duration? = nil) {
    self.retry = retry
    self.timeout = timeout
  }
}
