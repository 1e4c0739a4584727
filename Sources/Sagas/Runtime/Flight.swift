/// An attempt that was decided on and has not come back.
struct Flight: Sendable {
  enum Side: Sendable {
    case action
    case undo
  }

  let node: NodeID
  let attempt: Attempt
  let side: Side
  /// The worker it runs on; `nil` while it waits in the ready queue.
  var worker: Worker?
  /// It is in no queue yet: the saga waits for a slot.
  var awaitsSlot = false

  func `is`(_ node: NodeID, _ attempt: Attempt, _ side: Side) -> Bool {
    self.node == node && self.attempt == attempt && self.side == side
  }
}
