/// When to run something again that has failed, and after which delay.
///
/// Counts are *retries*: three retries are at most four attempts. There is no delay after the last attempt.
/// Delays are never negative and never longer than 292 years, whatever the numbers.
///
/// ```swift
/// .retry(.fixed(retries: 3, every: .seconds(1)))
/// .retry(.exponential(retries: 4, from: .milliseconds(200), jitter: .full)
///   .only(PaymentError.self) { $0.isTransient })
/// ```
public struct RetryPolicy: Sendable {
  enum Schedule: Sendable {
    case fixed(retries: Int, every: Duration)
    case linear(retries: Int, step: Duration)
    case exponential(retries: Int, from: Duration, factor: Double, cap: Duration?, jitter: Jitter)
    case custom(@Sendable (Int, any Error) -> Duration?)
  }

  let schedule: Schedule
  /// Which errors are worth a retry: those that one of these agrees to; all, when there is none.
  var filters: [@Sendable (any Error) -> Bool] = []

  init(_ schedule: Schedule) { self.schedule = schedule }

  /// A policy of one's own.
  ///
  /// ```swift
  /// RetryPolicy { attempt, error in attempt < 3 ? .seconds(attempt) : nil }
  /// ```
  /// - Parameter delay: given the number of the attempt that failed (from 1 on) and its error, how long to
  ///   wait before the next, or `nil` for no more. Asked once per failed attempt, its answer is recorded. It
  ///   must not take long.
  public init(_ delay: @escaping @Sendable (_ attempt: Int, _ error: any Error) -> Duration?) {
    self.init(.custom(delay))
  }

  /// One attempt, no retries.
  public static let never = RetryPolicy(.fixed(retries: 0, every: .zero))

  /// The same delay before each retry.
  /// - Parameters:
  ///   - retries: how many, zero or more.
  ///   - every: the delay, zero or more.
  /// - Returns: the policy.
  public static func fixed(retries: Int, every: Duration) -> RetryPolicy {
    RetryPolicy(.fixed(retries: retries, every: every))
  }

  /// A delay that grows by the same amount each time.
  ///
  /// It is `step`, then 2 × `step`, then 3 × `step`, and so on.
  /// - Parameters:
  ///   - retries: how many, zero or more.
  ///   - step: the first delay and the growth, zero or more.
  /// - Returns: the policy.
  public static func linear(retries: Int, step: Duration) -> RetryPolicy {
    RetryPolicy(.linear(retries: retries, step: step))
  }

  /// A delay that is multiplied each time.
  ///
  /// It is `from`, then `from` × `factor`, then `from` × `factor`², and so on.
  /// - Parameters:
  ///   - retries: how many, zero or more.
  ///   - from: the first delay, zero or more.
  ///   - factor: the growth, 1 or more.
  ///   - cap: no delay is longer than this; zero or more, no limit unless given.
  ///   - jitter: how much chance there is in a delay, so that many sagas do not retry in step.
  /// - Returns: the policy.
  public static func exponential(
    retries: Int, from: Duration, factor: Double = 2, cap: Duration? = nil, jitter: Jitter = .none
  ) -> RetryPolicy {
    RetryPolicy(
      .exponential(retries: retries, from: from, factor: factor, cap: cap, jitter: jitter))
  }

  /// Retries only errors of this type; any other fails at once, with itself.
  ///
  /// May be given more than once: then an error that one of them agrees to is retried.
  /// - Parameters:
  ///   - type: the type of errors worth a retry.
  ///   - condition: which of them; all of them, unless given.
  /// - Returns: this policy with that filter.
  public func only<Failure: Error>(
    _ type: Failure.Type, _ condition: @escaping @Sendable (Failure) -> Bool = { _ in true }
  ) -> RetryPolicy {
    var copy = self
    copy.filters.append { error in
      guard let error = error as? Failure else { return false }
      return condition(error)
    }
    return copy
  }
}
