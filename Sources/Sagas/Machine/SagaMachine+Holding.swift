/// Sagas that are held, and how they go on.
extension SagaMachine {
  mutating func suspend(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    try record(.suspended, time, &sink)
    // What is held takes no events and no time; both stay where they are.
    for node in plan.all.prefix(rows.count) where self[node].forward == .waiting {
      sink.action(.unlisten(node))
    }
    holdStill(&sink)
  }

  /// Tells, once nothing is in flight any more, that the saga stands still.
  func holdStill(_ sink: inout some Sink) {
    if phase == .suspended, active == 0, !isDeciding { sink.action(.settle(status)) }
  }

  /// Goes on, unless it was held before it was admitted: then it waits for that again.
  mutating func resume(
    from node: NodeID?, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.resumed(from: node), time, &sink)
    guard phase == .forward else { return }
    if let due { sink.action(.limitSaga(until: due)) }
    // A scope that goes on may have been the last of a group.
    while let group = plan.all.prefix(rows.count).last(where: { isLegal(.joined($0)) }) {
      try record(.joined(group), time, &sink)
    }
    try beginHeld(time, &sink)
  }

  /// Begins again what failed, and whatever was reached while the saga was held.
  mutating func beginHeld(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    // Found before anything begins: what one of them leads to is not begun twice.
    let frontier = plan.all.filter { isHeld($0) }
    for node in frontier {
      switch self[node].forward {
      case .waiting: listen(node, &sink)
      case .backoff:
        if let due = self[node].due, due > time {
          sink.action(.sleep(node, until: due))
        } else {
          try begin(node, time, &sink)
        }
      case .pending, .running, .stopping, .closing, .deciding, .completed, .failed, .unknown, .skipped:
        try start(node, time, &sink)
      }
    }
  }

  /// Whether a node was reached, or waits, and nothing of it is under way.
  func isHeld(_ node: NodeID) -> Bool {
    switch (plan[node].kind, self[node].forward) {
    case (_, .backoff), (_, .waiting): true
    case (.step, .pending), (.choice, .pending), (.pivot, .pending), (.fail, .pending), (.output, .pending),
      (.wait, .pending), (.sleep, .pending):
      self[node].children == 0 && isReached(node)
    case (.sequential, .pending): isGuard(node) && isReached(node)
    case (.step, _), (.choice, _), (.pivot, _), (.fail, _), (.output, _), (.sequential, _), (.parallel, _),
      (.wait, _), (.sleep, _):
      false
    }
  }

  /// Leaves a step out that failed and holds the saga; the saga goes on when it was the last of them.
  mutating func skip(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    guard isLegal(.stepSkipped(node)) else { return }
    try record(.stepSkipped(node), time, &sink)
    let isLast = firstFailure == nil
    try proceed(after: node, resuming: isLast, time, &sink)
    if isLast { try resume(from: nil, time, &sink) }
  }

  /// The step that failed first and is not tolerated.
  var firstFailure: NodeID? {
    plan.all.prefix(rows.count)
      .filter {
        (self[$0].forward == .failed || self[$0].forward == .unknown) && !plan[$0].traits.contains(.optional)
      }
      .min { self[$0].order < self[$1].order }
  }
}
