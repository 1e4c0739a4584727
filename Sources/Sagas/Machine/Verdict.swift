/// What a compensation strategy says about one step of a saga that is undone.
enum Verdict: UInt8, Hashable, Sendable, CaseIterable {
  /// Not asked yet.
  case open
  /// Undo it at once, outside of the order.
  case now
  /// Undo it in its turn.
  case later
  /// Leave it as it is.
  case never
}
