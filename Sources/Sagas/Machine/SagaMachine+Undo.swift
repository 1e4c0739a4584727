extension SagaMachine {
  mutating func handleUndo(
    _ event: Event, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    switch event {
    case .undoReturned(let node, let attempt):
      try undoReturned(node, attempt, time, &sink)
    case .undoThrew(let node, let attempt, let impossible):
      guard isUndoing(node, attempt) else { return }
      if impossible, !self[node].flags.contains(.undoReturned) {
        try record(.undoImpossible(node, attempt), time, &sink)
        try continueUnwind(time, &sink)
      } else {
        try failUndoAttempt(node, attempt, time, &sink)
      }
    case .undoTimedOut(let node, let attempt):
      guard self[node].undo == .running, self[node].undoAttempts == attempt else { return }
      try record(.undoTimedOut(node, attempt), time, &sink)
      sink.action(.stopUndo(node, attempt))
    case .undoGraceOver(let node, let attempt):
      guard self[node].undo == .stopping, self[node].undoAttempts == attempt else { return }
      try failUndoAttempt(node, attempt, time, &sink)
    case .undoRetryDue(let node):
      guard self[node].undo == .backoff, let due = self[node].due else { return }
      guard due <= time else { return sink.action(.sleepUndo(node, until: due)) }
      try beginUndo(node, time, &sink)
    case .create, .admit, .recover, .cancel, .answered, .returned, .threw, .timedOut, .graceOver,
      .neverStarted, .retryDue:
      return  // `handle` keeps them
    }
  }

  private func isUndoing(_ node: NodeID, _ attempt: Attempt) -> Bool {
    (self[node].undo == .running || self[node].undo == .stopping) && self[node].undoAttempts == attempt
  }

  private mutating func undoReturned(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let row = self[node]
    guard attempt > 0, attempt <= row.undoAttempts, !phase.isTerminal else { return }
    switch row.undo {
    case .running where attempt < row.undoAttempts, .stopping where attempt < row.undoAttempts:
      // The newer attempt is awaited; then this counts.
      try record(.undoReturnedLate(node, attempt), time, &sink)
    case .running, .stopping, .backoff:
      try record(.undone(node, attempt), time, &sink)
      try continueUnwind(time, &sink)
    case .failed:
      // Given up, and done after all: one decision less for a person.
      try record(.undone(node, attempt), time, &sink)
      if phase == .stuck, unwind?.failed == 0 {
        try record(.ended(.compensated), time, &sink)
        sink.action(.settle(.compensated))
      }
    case .none, .queued, .deciding, .undone, .impossible:
      return
    }
  }

  /// An attempt of an undo has ended without success: is there another one?
  mutating func failUndoAttempt(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if self[node].flags.contains(.undoReturned) {
      try record(.undone(node, attempt), time, &sink)
      return try continueUnwind(time, &sink)
    }
    try record(.undoAttemptFailed(node, attempt), time, &sink)
    if plan[node].traits.contains(.retriesUndo), self[node].undoAttempts < .max {
      sink.action(.ask(node, .undoRetry))
    } else {
      try giveUpUndo(node, time, &sink)
    }
  }

  mutating func answeredUndoRetry(
    _ node: NodeID, _ delay: Duration?, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.answered(node, .retry(delay)), time, &sink)
    guard delay != nil, let due = self[node].due else { return try giveUpUndo(node, time, &sink) }
    guard due > time else { return try beginUndo(node, time, &sink) }
    sink.action(.sleepUndo(node, until: due))
  }

  /// Takes up an unwind where a crash left it: what had begun begins again, under the same key.
  mutating func recoverUndo(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    for (index, row) in rows.enumerated() {
      let node = NodeID(index)
      switch row.undo {
      case .running: sink.action(.undo(node, row.undoAttempts))
      case .stopping: try failUndoAttempt(node, row.undoAttempts, time, &sink)
      case .backoff: if let due = row.due { sink.action(.sleepUndo(node, until: due)) }
      case .none, .queued, .deciding, .undone, .impossible, .failed: break
      }
    }
  }

  private mutating func giveUpUndo(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.undoFailed(node), time, &sink)
    try continueUnwind(time, &sink)
  }

  private mutating func beginUndo(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let attempt = self[node].undoAttempts + 1
    try record(.undoStarted(node, attempt), time, &sink)
    sink.action(.undo(node, attempt))
  }

  /// Begins the next wave once the one before has settled; ends the saga behind the last one.
  mutating func continueUnwind(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard phase == .unwinding, let unwind, unwind.open == 0 else { return }
    if unwind.cursor < unwind.order.count {
      let wave = unwind.order[unwind.cursor].wave
      let members = unwind.order[unwind.cursor...].prefix { $0.wave == wave }
      for place in members where self[place.node].undo == .queued {
        try beginUndo(place.node, time, &sink)
      }
      return
    }
    if unwind.failed == 0 {
      try record(.ended(.compensated), time, &sink)
    } else if plan.onCompensationFailure == .stuck {
      try record(.stuck, time, &sink)
    } else {
      try record(.ended(.failed), time, &sink)
    }
    sink.action(.settle(status))
  }
}
