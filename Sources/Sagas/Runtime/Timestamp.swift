#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A point in time: nanoseconds since 1970-01-01 00:00 UTC.
///
/// What a ``SagaClock`` tells and the journal records. Reaches to the year 2262; arithmetic stays at the ends
/// instead of overflowing.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  /// Nanoseconds since 1970.
  public let nanoseconds: Int64

  /// A point in time from nanoseconds since 1970.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The point in time `duration` later (earlier, when it is negative).
  public func advanced(by duration: Duration) -> Timestamp {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.clampedNanoseconds)
    return Timestamp(
      nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
  }

  /// How long it is from this point to `other`.
  public func duration(to other: Timestamp) -> Duration {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return .nanoseconds(overflow ? (other < self ? .min : .max) : difference)
  }

  /// The same point as a Foundation date (to about a microsecond).
  public var date: Date {
    Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
  }

  /// Whether one point comes before another.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Duration {
  /// Whole nanoseconds, kept within what 64 bits hold (292 years).
  var clampedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
  }
}
