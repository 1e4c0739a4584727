extension SagaMachine {
  /// Ends a saga that was recovered too often as it is: nothing of it runs, and what was in flight is unknown.
  ///
  /// Expects a machine of which nothing runs in this process.
  mutating func giveUp(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard isWornOut else { return }
    try record(.recovered, time, &sink)
    switch phase {
    case .created, .forward, .suspended: try fail(.cancelled, then: .stop, time, &sink)
    case .closing, .unwinding:
      if closing == .unwind, unwind?.isExpired != true { try expireUnwind(time, &sink) }
    case .new, .stuck, .completed, .compensated, .failed: break
    }
    for node in plan.all.prefix(rows.count) {
      if [.stopping, .closing].contains(self[node].forward) {
        try cut(node, self[node].attempts, time, &sink)
      }
      if [.running, .stopping].contains(self[node].undo) {
        try failUndoAttempt(node, self[node].undoAttempts, time, &sink)
      }
    }
    // Where strategies or an order are asked first, it is stuck behind the answers.
    if phase == .stuck { try end(.failed, time, &sink) }
  }
}
