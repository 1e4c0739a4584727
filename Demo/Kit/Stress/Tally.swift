import Sagas

/// Counts how often each saga has come behind its wait.
final class Tally: Sendable {
  // Stripes, so that those who count at the same time seldom wait for each other.
  private static let stripes = 64
  private let counts: [Stripe]

  private final class Stripe: Sendable {
    let counts: Lock<[UInt8]>

    init(_ count: Int) { counts = Lock([UInt8](repeating: 0, count: count)) }
  }

  init(_ count: Int) {
    counts = (0..<Self.stripes).map { _ in Stripe(count / Self.stripes + 1) }
  }

  func count(_ number: Int) {
    counts[number % Self.stripes].counts.withLock { counts in
      counts[number / Self.stripes] = min(counts[number / Self.stripes], 254) + 1
    }
  }

  /// How often a saga has been counted; 255 for anything above.
  func times(_ number: Int) -> Int {
    counts[number % Self.stripes].counts.withLock { Int($0[number / Self.stripes]) }
  }
}
