/// Why a saga does not do what somebody asks of it.
enum Refusal: Hashable, Sendable {
  /// It is for another status.
  case status
  /// It would undo, and the saga is past its pivot.
  case pastPivot
  /// It is for a saga that is stuck for another reason: an undo that failed, or a failure behind the pivot.
  case stuckOtherwise
  /// These have failed, may have taken effect, and are to do so at most once.
  case repeats([NodeID])
  /// It cannot go on from there.
  case obstacle(Obstacle)
  /// The step has not failed.
  case notFailed(NodeID)
  /// What the saga comes to cannot be left out.
  case output(NodeID)
  /// The step has no undo that failed.
  case undoNotFailed(NodeID)
}
