/// An event that a saga has taken: it does not take it again.
struct ConsumedEvent: Hashable, Sendable {
  let number: UInt64
  /// What it came to.
  let node: NodeID
}
