/// What is known of a step's effect in the world.
enum EffectKnown: UInt8, Hashable, Sendable {
  /// Nothing was tried, or nothing has come back yet.
  case none
  case completed
  case failed
  case unknown
}
