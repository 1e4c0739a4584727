/// Why a saga cannot go on from some node.
enum Obstacle: Hashable, Sendable {
  /// It comes before a pivot that was passed.
  case pivot
  /// It is in a branch that this choice has not taken.
  case choice(NodeID)
  /// These have taken effect, and would need their undo before they run once more.
  case effects([NodeID])
}
