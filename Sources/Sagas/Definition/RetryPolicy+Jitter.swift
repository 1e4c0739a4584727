extension RetryPolicy {
  /// How much chance there is in a delay.
  public struct Jitter: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case none
      case full
      case equal
      case proportional(Double)
    }

    let kind: Kind

    /// None: the delay as computed.
    public static let none = Jitter(kind: .none)
    /// Anything between zero and the delay as computed.
    public static let full = Jitter(kind: .full)
    /// Half of the delay as computed, and anything up to the other half.
    public static let equal = Jitter(kind: .equal)
    /// The delay as computed, give or take this fraction of it (0…1).
    public static func proportional(_ fraction: Double) -> Jitter {
      Jitter(kind: .proportional(fraction))
    }
  }
}
