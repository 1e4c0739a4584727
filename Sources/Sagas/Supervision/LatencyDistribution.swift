/// How long things took: how many, and which part of them how long at most.
///
/// A histogram whose classes grow with what they hold, sixteen for each doubling: a percentile is off by at most 3.2 %,
/// however short or long the durations are.
public struct LatencyDistribution: Sendable, Hashable {
  private static let classes = 960

  /// How many durations are in it.
  public private(set) var count = 0
  /// The shortest; `nil` while there is none.
  public var shortest: Duration? { count == 0 ? nil : .nanoseconds(least) }
  /// The longest; `nil` while there is none.
  public var longest: Duration? { count == 0 ? nil : .nanoseconds(most) }
  /// The median; `nil` while there is none.
  public var p50: Duration? { percentile(50) }
  /// What nine of ten do not exceed; `nil` while there is none.
  public var p90: Duration? { percentile(90) }
  /// What 95 of a hundred do not exceed; `nil` while there is none.
  public var p95: Duration? { percentile(95) }
  /// What 99 of a hundred do not exceed; `nil` while there is none.
  public var p99: Duration? { percentile(99) }

  private var least = Int64.max
  private var most = Int64.min
  /// Empty until there is something to count.
  private var counts: [UInt64] = []

  init() {}

  /// The duration that this part of all, in percent, does not exceed: the one at that place when they are sorted,
  /// within 3.2 %. `nil` while there is none; below 0 and above 100 as at 0 (the shortest) and 100 (the longest).
  public func percentile(_ percent: Double) -> Duration? {
    guard count > 0 else { return nil }
    let part = min(max(percent.isNaN ? 0 : percent, 0), 100) / 100
    let rank = min(max(Int((part * Double(count)).rounded(.up)), 1), count)
    if rank == 1 { return shortest }
    if rank == count { return longest }
    var seen: UInt64 = 0
    for (index, count) in counts.enumerated() {
      seen += count
      if seen >= UInt64(rank) { return .nanoseconds(min(max(Self.middle(of: index), least), most)) }
    }
    return longest
  }

  /// Counts one.
  mutating func record(_ duration: Duration) { record(nanoseconds: duration.clampedNanoseconds) }

  /// Counts one, in whole nanoseconds.
  mutating func record(nanoseconds duration: Int64) {
    let nanoseconds = max(duration, 0)
    if counts.isEmpty { counts = Array(repeating: 0, count: Self.classes) }
    counts[Self.index(of: nanoseconds)] += 1
    count += 1
    least = min(least, nanoseconds)
    most = max(most, nanoseconds)
  }

  /// Counts all that another one has counted.
  mutating func merge(_ other: LatencyDistribution) {
    guard other.count > 0 else { return }
    if counts.isEmpty { counts = Array(repeating: 0, count: Self.classes) }
    for (index, count) in other.counts.enumerated() { counts[index] += count }
    count += other.count
    least = min(least, other.least)
    most = max(most, other.most)
  }

  private static func index(of nanoseconds: Int64) -> Int {
    guard nanoseconds >= 16 else { return Int(nanoseconds) }
    let exponent = 63 - nanoseconds.leadingZeroBitCount
    return (exponent - 3) * 16 + Int(nanoseconds >> (exponent - 4)) & 15
  }

  private static func middle(of index: Int) -> Int64 {
    guard index >= 16 else { return Int64(index) }
    let shift = index / 16 - 1
    return Int64(16 + index % 16) << shift + (Int64(1) << shift) / 2
  }
}

extension LatencyDistribution: CustomStringConvertible {
  /// How many, and the main percentiles.
  public var description: String {
    guard let p50, let p90, let p99, let longest else { return "none" }
    return "\(count): p50 \(p50), p90 \(p90), p99 \(p99), longest \(longest)"
  }
}
