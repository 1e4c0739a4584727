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
        try undoSettled(time, &sink)
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
    case .unwindTimedOut:
      guard isLegal(.unwindExpired), let due = unwind?.due else { return }
      // It may be that of an unwind that was tried again since.
      guard due <= time else { return sink.action(.limitUnwind(until: due)) }
      try expireUnwind(time, &sink)
    case .retryCompensation:
      guard phase == .stuck else { return }
      try record(.unwindResumed, time, &sink)
      if let due = unwind?.due { sink.action(.limitUnwind(until: due)) }
      try continueUnwind(time, &sink)
    case .skipCompensation(let node):
      guard isLegal(.undoSkipped(node)) else { return }
      try record(.undoSkipped(node), time, &sink)
      try endIfNothingIsLeft(time, &sink)
    case .abandon:
      guard phase == .stuck || phase == .suspended && active == 0 && !isDeciding else { return }
      // What waits for its next attempt does not get one.
      for node in plan.all.prefix(rows.count) where self[node].forward == .backoff {
        try record(.failed(node), time, &sink)
      }
      try end(.failed, time, &sink)
    case .giveUp:
      try giveUp(time, &sink)
    case .create, .admit, .recover, .cancel, .suspend, .resume, .resumeFrom, .skip, .compensate,
      .sagaTimedOut, .answered, .delivered, .elapsed,
      .returned, .threw, .timedOut,
      .graceOver,
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
      try undoSettled(time, &sink)
    case .failed, .queued:
      // Given up, and done after all: one decision less for a person.
      try record(.undone(node, attempt), time, &sink)
      try endIfNothingIsLeft(time, &sink)
    case .none, .deciding, .undone, .impossible, .skipped:
      return
    }
  }

  /// An attempt of an undo has ended without success: is there another one?
  mutating func failUndoAttempt(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if self[node].flags.contains(.undoReturned) {
      try record(.undone(node, attempt), time, &sink)
      return try undoSettled(time, &sink)
    }
    try record(.undoAttemptFailed(node, attempt), time, &sink)
    let mayRetry =
      plan[node].traits.contains(.retriesUndo) && self[node].undoAttempts < .max && unwind?.isExpired != true
    if mayRetry {
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
  ///
  /// `rows` are those of the log: what began just now is nothing to take up.
  mutating func recoverUndo(
    _ rows: [Row], _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    for (index, row) in rows.enumerated() {
      let node = NodeID(index)
      switch row.undo {
      case .running: sink.action(.undo(node, row.undoAttempts))
      case .stopping: try failUndoAttempt(node, row.undoAttempts, time, &sink)
      case .backoff: if let due = row.due { sink.action(.sleepUndo(node, until: due)) }
      case .none, .queued, .deciding, .undone, .impossible, .failed, .skipped: break
      }
    }
  }

  private mutating func giveUpUndo(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.undoFailed(node), time, &sink)
    try undoSettled(time, &sink)
  }

  private mutating func beginUndo(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let attempt = self[node].undoAttempts + 1
    try record(.undoStarted(node, attempt), time, &sink)
    sink.action(.undo(node, attempt))
  }

  // MARK: Strategies

  /// A step has settled, or turned out to have taken effect, in a saga that is undone: its strategy has its say.
  mutating func consider(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    guard plan.hasStrategies, closing == .unwind, phase == .closing || hasOrder else { return }
    if awaitsVerdict(node) {
      sink.action(.ask(node, .verdict))
    } else if phase == .closing, undoesAtOnce(node), unwind?.isExpired != true {
      try beginUndo(node, time, &sink)
    }
  }

  mutating func answeredVerdict(
    _ node: NodeID, _ answer: Answer, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    guard isLegal(.answered(node, answer)) else { return }
    try record(.answered(node, answer), time, &sink)
    if phase == .closing, undoesAtOnce(node), unwind?.isExpired != true { try beginUndo(node, time, &sink) }
    try quiesce(time, &sink)
  }

  // MARK: The whole

  /// Unwinds, or ends, as soon as nothing is in flight any more.
  mutating func quiesce(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard isQuiet else { return }
    if closing == .stop { return try end(.failed, time, &sink) }
    if plan.asksWaves, hasMembers {
      return sink.action(.ask(.root, .waves))
    }
    try record(.unwinding, time, &sink)
    try continueUnwind(time, &sink)
  }

  private mutating func undoSettled(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    if phase == .closing { try quiesce(time, &sink) } else { try continueUnwind(time, &sink) }
  }

  /// Begins the next wave once the one before has settled; ends the saga behind the last one.
  mutating func continueUnwind(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard phase == .unwinding, let unwind, unwind.open == 0 else { return }
    if unwind.isExpired {
      guard isLegal(.stuck) else { return try end(.compensated, time, &sink) }
      try record(.stuck, time, &sink)
      return sink.action(.settle(.stuck))
    }
    if unwind.cursor < unwind.order.count {
      let wave = unwind.order[unwind.cursor].wave
      let members = unwind.order[unwind.cursor...].prefix { $0.wave == wave }
      for place in members where self[place.node].undo == .queued {
        try beginUndo(place.node, time, &sink)
      }
      return
    }
    if unwind.failed == 0 { return try end(.compensated, time, &sink) }
    guard plan.onCompensationFailure == .stuck else { return try end(.failed, time, &sink) }
    try record(.stuck, time, &sink)
    sink.action(.settle(.stuck))
  }

  /// Ends a stuck saga that has nothing left to decide.
  mutating func endIfNothingIsLeft(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard phase == .stuck, isLegal(.ended(.compensated)) else { return }
    try end(.compensated, time, &sink)
  }

  /// The unwind may not go on: what runs of it is asked to stop, what rests ends, nothing more begins.
  mutating func expireUnwind(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    try record(.unwindExpired, time, &sink)
    for node in plan.all.prefix(rows.count) {
      switch self[node].undo {
      case .running:
        let attempt = self[node].undoAttempts
        try record(.undoTimedOut(node, attempt), time, &sink)
        sink.action(.stopUndo(node, attempt))
      case .backoff, .deciding: try record(.undoFailed(node), time, &sink)
      case .none, .queued, .stopping, .undone, .impossible, .failed, .skipped: continue
      }
    }
    try undoSettled(time, &sink)
  }

  mutating func end(
    _ ending: Ending, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.ended(ending), time, &sink)
    sink.action(.settle(status))
  }
}
