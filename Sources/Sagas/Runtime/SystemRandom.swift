import Synchronization

/// Random numbers for ids and for the jitter of retries: fast, safe to draw from any thread, not for secrets.
///
/// A counter whose values are scrambled with a key, so that drawing is one atomic addition. Counter and key, 128
/// bits, come from the system's generator; two processes do not repeat each other.
final class SystemRandom: Sendable {
  private let counter: Atomic<UInt64>
  private let key: UInt64

  init() {
    var system = SystemRandomNumberGenerator()
    counter = Atomic(system.next())
    key = system.next()
  }

  func next() -> UInt64 {
    let turn = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    return Self.scramble(Self.scramble(turn) ^ key)
  }

  /// A bijection in which every bit of the input moves about half of the bits of the output.
  private static func scramble(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
