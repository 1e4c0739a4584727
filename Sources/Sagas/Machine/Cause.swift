/// Why a saga stops going forward.
enum Cause: Hashable, Sendable {
  /// A step, a condition, a `Fail` or the output failed, and nothing tolerated it.
  case node(NodeID)
  /// Somebody cancelled it.
  case cancelled
  /// Its own time limit passed.
  case deadline
}
