/// A failure that nothing tolerates, or somebody who wants it to end.
extension SagaMachine {
  /// A failure that nothing tolerates has reached the saga.
  mutating func accept(
    failureOf node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if phase == .suspended { return holdStill(&sink) }
    guard plan.suspendsOnFailure || isPastPivot else {
      return try fail(.node(node), then: plan.closing, time, &sink)
    }
    try suspend(time, &sink)
  }

  /// The saga does not go on: everything in flight is asked to stop, everything resting ends.
  mutating func fail(
    _ cause: Cause, then closing: Closing, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let waiting =
      phase == .forward ? plan.all.prefix(rows.count).filter { self[$0].forward == .waiting } : []
    try record(.failing(cause, then: closing), time, &sink)
    for node in waiting { sink.action(.unlisten(node)) }
    if let due = unwind?.due { sink.action(.limitUnwind(until: due)) }
    for node in plan.all.prefix(rows.count) {
      switch self[node].forward {
      case .closing: sink.action(.stop(node, self[node].attempts))
      case .backoff: try record(.failed(node), time, &sink)
      // Found cut off while recovering, and asked about in this same record: the answer comes too late.
      case .deciding: try record(.failed(node), time, &sink)
      case .pending, .running, .stopping, .waiting, .completed, .failed, .unknown, .skipped: continue
      }
    }
    if plan.hasStrategies {
      let settled = plan.all.prefix(rows.count).filter { self[$0].order > 0 }
      for node in settled.sorted(by: { self[$0].order > self[$1].order }) { try consider(node, time, &sink) }
    }
    try quiesce(time, &sink)
  }

  /// When the time limit of the whole saga passes, counted from its admission; `nil` once it has passed for nothing.
  var due: Timestamp? {
    guard let admittedAt, let timeout = plan.timeout, !isOverdue else { return nil }
    return admittedAt.advanced(by: timeout)
  }
}
