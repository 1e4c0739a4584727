extension SagaMachine {
  /// Decides what follows from an event: writes entries and actions into the sink, in order.
  ///
  /// An event that has become stale changes nothing. Throws only where a decision contradicts the legality table,
  /// which would be a defect of this type; the entries written until then stand.
  mutating func handle(_ event: Event, at time: Timestamp, into sink: inout some Sink) throws(IllegalEntry) {
    let time = max(time, self.time)
    switch event {
    case .create:
      guard phase == .new else { return }
      try record(.created, time, &sink)
    case .admit:
      guard phase == .created else { return }
      try record(.admitted, time, &sink)
      if let due { sink.action(.limitSaga(until: due)) }
      if rows.isEmpty { try start(.root, time, &sink) } else { try beginHeld(time, &sink) }
    case .recover:
      try recover(time, &sink)
    case .cancel(let compensating):
      guard phase == .created || phase == .forward || phase == .suspended else { return }
      guard !isPastPivot || !compensating else { return }
      try fail(.cancelled, then: compensating ? .unwind : .stop, time, &sink)
    case .suspend:
      guard phase == .forward || phase == .created else { return }
      try suspend(time, &sink)
    case .resume:
      guard phase == .suspended, unrepeatable.isEmpty else { return }
      try resume(from: nil, time, &sink)
    case .resumeFrom(let node):
      guard isLegal(.resumed(from: node)) else { return }
      try resume(from: node, time, &sink)
    case .skip(let node):
      try skip(node, time, &sink)
    case .compensate:
      guard phase == .suspended, !isPastPivot else { return }
      try fail(firstFailure.map { .node($0) } ?? .cancelled, then: .unwind, time, &sink)
    case .sagaTimedOut:
      guard phase == .forward, let due else { return }
      guard due <= time else { return sink.action(.limitSaga(until: due)) }
      guard !isPastPivot else { return try record(.overdue, time, &sink) }
      guard plan.suspendsOnFailure else { return try fail(.deadline, then: plan.closing, time, &sink) }
      try record(.overdue, time, &sink)
      try suspend(time, &sink)

    case .answered(let node, let answer):
      try answered(node, answer, time, &sink)

    case .delivered(let node, let alternative):
      guard isLegal(.delivered(node, alternative: alternative)) else { return }
      try record(.delivered(node, alternative: alternative), time, &sink)
      try stopListening(node, time, &sink)
    case .elapsed(let node):
      guard phase == .forward, self[node].forward == .waiting, let due = self[node].due else { return }
      guard due <= time else { return sink.action(.sleep(node, until: due)) }
      try record(.elapsed(node), time, &sink)
      try stopListening(node, time, &sink)

    case .returned(let node, let attempt):
      try returned(node, attempt, time, &sink)
    case .threw(let node, let attempt, let unknown):
      try threw(node, attempt, unknown: unknown, time, &sink)
    case .timedOut(let node, let attempt):
      guard self[node].forward == .running, self[node].attempts == attempt else { return }
      try record(.timedOut(node, attempt), time, &sink)
      sink.action(.stop(node, attempt))
    case .graceOver(let node, let attempt):
      guard self[node].attempts == attempt else { return }
      switch self[node].forward {
      case .stopping, .closing: try cut(node, attempt, time, &sink)
      case .pending, .running, .deciding, .backoff, .waiting, .completed, .failed, .unknown, .skipped: return
      }
    case .neverStarted(let node, let attempt):
      try neverStarted(node, attempt, time, &sink)
    case .retryDue(let node):
      guard self[node].forward == .backoff, let due = self[node].due else { return }
      guard phase == .forward else { return }  // held; `resume` looks at it again
      guard due <= time else { return sink.action(.sleep(node, until: due)) }
      try begin(node, time, &sink)

    case .undoReturned, .undoThrew, .undoTimedOut, .undoGraceOver, .undoRetryDue, .unwindTimedOut,
      .retryCompensation, .skipCompensation, .abandon:
      try handleUndo(event, time, &sink)
    }
  }

  /// The one place where a decision becomes a fact.
  mutating func record(_ entry: Entry, _ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    try apply(entry, at: time)
    sink.entry(entry)
  }

  // MARK: Going forward

  /// Reaches a node.
  private mutating func start(_ node: NodeID, _ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry)
  {
    switch plan[node].kind {
    case .sequential where isGuard(node), .wait, .sleep:
      if plan[node].traits.contains(.asksKey) { return sink.action(.ask(node, .key)) }
      try record(.waiting(node), time, &sink)
      try beginWaiting(node, time, &sink)
    case .sequential: try start(NodeID(Int(node.index) + 1), time, &sink)
    case .parallel: for child in plan.children(of: node) { try start(child, time, &sink) }
    case .choice: sink.action(.ask(node, .branch))
    case .pivot:
      try record(.pivoted(node), time, &sink)
      try proceed(after: node, time, &sink)
    case .fail: sink.action(.ask(node, .failure))
    case .output: sink.action(.ask(node, .output))
    case .step: try begin(node, time, &sink)
    }
  }

  /// Begins the next attempt of a step.
  private mutating func begin(_ node: NodeID, _ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry)
  {
    let attempt = self[node].attempts + 1
    try record(.started(node, attempt), time, &sink)
    sink.action(.run(node, attempt))
  }

  // MARK: Waiting

  /// A node waits from now on; the parts of a guarded sequence begin.
  private mutating func beginWaiting(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    listen(node, &sink)
    guard plan[node].kind == .sequential else { return }
    // Usually its first part; where the saga goes on in the midst of it, what that leads to.
    let reached = plan.subtree(of: node).dropFirst().filter { isHeld($0) }
    for part in reached { try start(part, time, &sink) }
  }

  private func listen(_ node: NodeID, _ sink: inout some Sink) {
    if plan[node].listens { sink.action(.listen(node)) }
    if let due = self[node].due { sink.action(.sleep(node, until: due)) }
  }

  /// An event or a time has come to a node: what does it come to?
  private mutating func stopListening(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if plan[node].listens { sink.action(.unlisten(node)) }
    switch self[node].forward {
    case .deciding: sink.action(.ask(node, .failure))
    case .completed: try proceed(after: node, time, &sink)
    case .failed: try accept(failureOf: node, time, &sink)
    case .pending, .running, .stopping, .closing, .backoff, .waiting, .unknown, .skipped: return
    }
  }

  /// Goes on behind a node that has settled. Where the saga is held, it says so, unless it is about to go on.
  private mutating func proceed(
    after node: NodeID, resuming: Bool = false, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    var child = node
    while let parent = plan[child].parent {
      switch plan[parent].kind {
      case .sequential:
        // An event has ended it: `resume` goes on where it is, or behind it.
        if isGuard(parent), self[parent].forward == .failed || self[parent].forward == .deciding {
          return resuming ? () : holdStill(&sink)
        }
        guard let next = plan[child].next else {
          if isGuard(parent), phase == .forward { sink.action(.unlisten(parent)) }
          break
        }
        // Where the saga is held, `resume` finds what was reached.
        if phase == .forward { return try start(next, time, &sink) }
        return resuming ? () : holdStill(&sink)
      case .parallel:
        guard self[parent].children == plan[parent].children else {
          return resuming ? () : holdStill(&sink)
        }
        try record(.joined(parent), time, &sink)
      case .choice, .step, .wait, .sleep, .pivot, .fail, .output:
        break
      }
      child = parent
    }
    try record(.ended(.completed), time, &sink)
    sink.action(.settle(.completed))
  }

  private mutating func answered(
    _ node: NodeID, _ answer: Answer, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if case .retry(let delay) = answer {
      if self[node].undo == .deciding { return try answeredUndoRetry(node, delay, time, &sink) }
      guard self[node].forward == .deciding else { return }
      try record(.answered(node, answer), time, &sink)
      guard delay != nil, let due = self[node].due else { return try failStep(node, time, &sink) }
      guard phase == .forward else { return holdStill(&sink) }
      guard due > time else { return try begin(node, time, &sink) }
      return sink.action(.sleep(node, until: due))
    }
    if case .verdict = answer { return try answeredVerdict(node, answer, time, &sink) }
    if case .wave = answer {
      guard isLegal(.answered(node, answer)) else { return }
      return try record(.answered(node, answer), time, &sink)
    }
    if case .waves = answer {
      try record(.answered(node, answer), time, &sink)
      try record(.unwinding, time, &sink)
      return try continueUnwind(time, &sink)
    }
    // A failure beside it may have come first, in this same record.
    guard phase == .forward, isUnanswered(node) || isJudged(node) else {
      return
    }
    try record(.answered(node, answer), time, &sink)
    switch answer {
    case .key:
      try beginWaiting(node, time, &sink)
    case .branch(.some(let chosen)):
      guard let branch = plan.child(Int(chosen), of: node) else { return }
      try start(branch, time, &sink)
    case .branch(.none), .output, .noFailure:
      try proceed(after: node, time, &sink)
    case .failure:
      try accept(failureOf: node, time, &sink)
    case .retry, .count, .deadline, .state, .requests, .verdict, .wave, .waves:
      return
    }
  }

  // MARK: Attempts

  private mutating func returned(
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

  private mutating func threw(
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
  private mutating func cut(
    _ node: NodeID, _ attempt: Attempt, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    try record(.attemptCut(node, attempt), time, &sink)
    try decide(node, time, &sink)
  }

  private mutating func neverStarted(
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
  private mutating func decide(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    let mayRetry =
      (phase == .forward || phase == .suspended) && plan[node].traits.contains(.retries)
      && !self[node].flags.contains(.returned) && !mustNotRepeat(node)
      && self[node].attempts < .max
    if mayRetry { sink.action(.ask(node, .retry)) } else { try failStep(node, time, &sink) }
  }

  private mutating func failStep(
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

  // MARK: Holding

  private mutating func suspend(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    try record(.suspended, time, &sink)
    // What is held takes no events and no time; both stay where they are.
    for node in plan.all.prefix(rows.count) where self[node].forward == .waiting {
      sink.action(.unlisten(node))
    }
    holdStill(&sink)
  }

  /// Tells, once nothing is in flight any more, that the saga stands still.
  private func holdStill(_ sink: inout some Sink) {
    if phase == .suspended, active == 0, !isDeciding { sink.action(.settle(status)) }
  }

  /// Goes on, unless it was held before it was admitted: then it waits for that again.
  private mutating func resume(
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
  private mutating func beginHeld(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
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
  private func isHeld(_ node: NodeID) -> Bool {
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
  private mutating func skip(
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

  // MARK: Failing

  /// A failure that nothing tolerates has reached the saga.
  private mutating func accept(
    failureOf node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    if phase == .suspended { return holdStill(&sink) }
    guard plan.suspendsOnFailure || isPastPivot else {
      return try fail(.node(node), then: plan.closing, time, &sink)
    }
    try suspend(time, &sink)
  }

  /// The saga does not go on: everything in flight is asked to stop, everything resting ends.
  private mutating func fail(
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
  private var due: Timestamp? {
    guard let admittedAt, let timeout = plan.timeout, !isOverdue else { return nil }
    return admittedAt.advanced(by: timeout)
  }

  // MARK: Recovery

  private mutating func recover(_ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
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
