/// Going on from a log.
extension SagaMachine {
  mutating func recover(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    guard phase != .new, !phase.isTerminal else { return }
    let before = rows
    try record(.recovered, time, &sink)
    let wasStuck = phase == .stuck
    if phase == .forward, let due { sink.action(.limitSaga(until: due)) }
    if let due = unwind?.due, unwind?.isExpired == false, !wasStuck {
      sink.action(.limitUnwind(until: due))
    }
    for node in plan.all.prefix(rows.count) {
      // Read afresh each time: a step found cut off may close the ones behind it.
      let row = self[node]
      switch row.forward {
      case .running, .stopping, .closing:
        // What began just now, behind a tolerated failure, is nothing to take up again.
        guard row.flags.contains(.presumed) else { continue }
        if row.forward == .running, !plan[node].traits.contains(.atMostOnce) {
          sink.action(.run(node, row.attempts))
        } else {
          try cut(node, row.attempts, time, &sink)
        }
      case .backoff: if let due = row.due { sink.action(.sleep(node, until: due)) }
      case .waiting: if phase == .forward, before[Int(node.index)].forward == .waiting { listen(node, &sink) }
      case .pending, .deciding, .completed, .failed, .unknown, .skipped: break
      }
    }
    try recoverUndo(before, time, &sink)
    if wasStuck { sink.action(.settle(.stuck)) }
    holdStill(&sink)
  }
}
