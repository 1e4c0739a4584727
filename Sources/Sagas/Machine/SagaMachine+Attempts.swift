/// What becomes of an attempt of an action.
extension SagaMachine {
  mutating func returned(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let row = self[node]
    // What belongs to a former result changes nothing: that had completed.
    guard attempt > former(node), attempt <= row.attempts else { return }
    switch row.forward {
    case .running where row.attempts == attempt:
      try record(.completed(node, attempt), time, &sink)
      try proceed(after: node, time, &sink)
    case .closing where row.attempts == attempt:
      try record(.completed(node, attempt), time, &sink)
      try consider(node, time, &sink)
      try quiesce(time, &sink)
    case .stopping where row.attempts == attempt, .backoff:
      // It ran out of time and took effect all the same: no retry, the step fails, its undo gets the result.
      try record(.returnedLate(node, attempt), time, &sink)
      try failStep(node, time, &sink)
    case .running, .stopping, .closing:
      try record(.returnedLate(node, attempt), time, &sink)  // the newer attempt is awaited as before
    case .unknown where canCount(node, attempt), .pending where canCount(node, attempt),
      .skipped where canCount(node, attempt):
      try record(.returnedLate(node, attempt), time, &sink)
      try consider(node, time, &sink)
      try endIfNothingIsLeft(time, &sink)
    case .completed where row.isStanding, .failed where row.isStanding:
      return  // the effect is known to be there already, and nothing has been undone yet
    case .completed, .failed, .unknown, .pending, .skipped:
      guard isLegal(.lateResult(node, attempt)) else { return }
      try record(.lateResult(node, attempt), time, &sink)
    case .deciding, .waiting:
      return
    }
  }

  mutating func threw(
    _ node: NodeID, _ attempt: Attempt, unknown: Bool, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let row = self[node]
    guard row.attempts == attempt else { return }  // given up earlier, and counted as unknown then
    switch row.forward {
    case .running:
      try record(.attemptFailed(node, attempt, unknown: unknown), time, &sink)
      try decide(node, time, &sink)
    case .stopping, .closing:
      try cut(node, attempt, time, &sink)
    case .pending, .deciding, .backoff, .waiting, .completed, .failed, .unknown, .skipped:
      return
    }
  }

  /// An attempt that was asked to stop has ended without a result, or is not waited for any longer.
  mutating func cut(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.attemptCut(node, attempt), time, &sink)
    try decide(node, time, &sink)
  }

  mutating func neverStarted(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    guard self[node].forward == .closing, self[node].attempts == attempt else { return }
    // In this process it never began; in an earlier one it may have.
    if self[node].flags.contains(.presumed) { return try cut(node, attempt, time, &sink) }
    try record(.neverStarted(node, attempt), time, &sink)
    if self[node].forward == .deciding { return try failStep(node, time, &sink) }
    try quiesce(time, &sink)
  }

  /// An attempt has ended without a result: is there another one?
  mutating func decide(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let mayRetry =
      (phase == .forward || phase == .suspended) && plan[node].traits.contains(.retries)
      && !self[node].flags.contains(.returned) && !mustNotRepeat(node)
      && self[node].attempts < .max
    if mayRetry { sink.action(.ask(node, .retry)) } else { try failStep(node, time, &sink) }
  }

  mutating func failStep(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.failed(node), time, &sink)
    if phase != .closing, plan[node].traits.contains(.tellsFailure) { sink.action(.tellFailure(node)) }
    if phase == .closing {
      try consider(node, time, &sink)
      try quiesce(time, &sink)
    } else if plan[node].traits.contains(.optional) {
      try proceed(after: node, time, &sink)
    } else {
      try accept(failureOf: node, time, &sink)
    }
  }
}
