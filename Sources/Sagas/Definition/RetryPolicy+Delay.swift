extension RetryPolicy {
  /// How many retries there are at most; `nil` when only the policy's own closure knows.
  var retries: Int? {
    switch schedule {
    case .fixed(let retries, _), .linear(let retries, _), .exponential(let retries, _, _, _, _):
      max(0, retries)
    case .custom:
      nil
    }
  }

  /// Whether it is all numbers: a closure cannot be recorded.
  var isRecordable: Bool {
    if case .custom = schedule { return false }
    return filters.isEmpty
  }

  /// Whether it never retries anything, so that it need not be asked.
  var isNever: Bool { retries == 0 }

  /// How long to wait before the next attempt.
  ///
  /// Calls the user's filter, or closure, at most once, and `random` only where chance is in the delay.
  /// - Parameters:
  ///   - attempt: the attempt that failed, counted from 1.
  ///   - error: what it failed with.
  ///   - random: 64 random bits.
  /// - Returns: the delay, never negative; `nil` when the error is final.
  func delay(afterAttempt attempt: Int, error: any Error, random: () -> UInt64) -> Duration? {
    let attempt = max(1, attempt)
    if let retries, attempt > retries { return nil }
    guard filters.isEmpty || filters.contains(where: { $0(error) }) else { return nil }
    switch schedule {
    case .fixed(_, let every):
      return every.clampedDelay
    case .linear(_, let step):
      let (product, overflow) = step.clampedDelay.clampedNanoseconds
        .multipliedReportingOverflow(by: Int64(attempt))
      return .nanoseconds(overflow ? .max : product)
    case .exponential(_, let from, let factor, let cap, let jitter):
      let limit = Double((cap?.clampedDelay.clampedNanoseconds) ?? .max)
      let delay = Self.grown(
        from: Double(from.clampedDelay.clampedNanoseconds), factor: factor, times: attempt - 1, limit: limit)
      return .nanoseconds(Self.clamped(jitter.applied(to: delay, limit: limit, random: random)))
    case .custom(let decide):
      return decide(attempt, error)?.clampedDelay
    }
  }

  /// `start` × `factor` to the power of `count`, at most `limit`; by squaring, as the count may be large.
  private static func grown(from start: Double, factor: Double, times count: Int, limit: Double) -> Double {
    guard start > 0 else { return 0 }
    var power = 1.0
    var square = factor
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { power *= square }
      square *= square
      rest >>= 1
    }
    let product = start * power
    return product.isNaN || product > limit ? limit : max(0, product)
  }

  private static func clamped(_ nanoseconds: Double) -> Int64 {
    nanoseconds >= 0x1p63 ? .max : nanoseconds > 0 ? Int64(nanoseconds.rounded()) : 0
  }
}

extension RetryPolicy.Jitter {
  /// The delay with chance in it, in the unit of `delay`: never negative, at most `limit`.
  func applied(to delay: Double, limit: Double, random: () -> UInt64) -> Double {
    switch kind {
    case .none:
      return delay
    case .full:
      return delay * Self.unit(random())
    case .equal:
      return delay / 2 + delay / 2 * Self.unit(random())
    case .proportional(let fraction):
      let spread = fraction.isNaN ? 0 : min(max(0, fraction), 1)
      return min(limit, delay * (1 - spread + 2 * spread * Self.unit(random())))
    }
  }

  /// 0 ≤ result < 1, from the upper 53 bits.
  private static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
}

extension Duration {
  /// Not negative, and not more nanoseconds than 64 bits hold.
  fileprivate var clampedDelay: Duration { .nanoseconds(Swift.max(0, clampedNanoseconds)) }
}
