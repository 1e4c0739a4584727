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
    case .recover(let byHand):
      guard byHand || !isWornOut else { return }
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
      .retryCompensation, .skipCompensation, .abandon, .giveUp:
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
  mutating func start(_ node: NodeID, _ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
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
  mutating func begin(_ node: NodeID, _ time: Timestamp, _ sink: inout some Sink) throws(IllegalEntry) {
    let attempt = self[node].attempts + 1
    try record(.started(node, attempt), time, &sink)
    sink.action(.run(node, attempt))
  }

  // MARK: Waiting

  /// A node waits from now on; the parts of a guarded sequence begin.
  mutating func beginWaiting(
    _ node: NodeID, _ time: Timestamp, _ sink: inout some Sink
  ) throws(IllegalEntry) {
    listen(node, &sink)
    guard plan[node].kind == .sequential else { return }
    // Usually its first part; where the saga goes on in the midst of it, what that leads to.
    let reached = plan.subtree(of: node).dropFirst().filter { isHeld($0) }
    for part in reached { try start(part, time, &sink) }
  }

  func listen(_ node: NodeID, _ sink: inout some Sink) {
    if plan[node].listens { sink.action(.listen(node)) }
    if let due = self[node].due { sink.action(.sleep(node, until: due)) }
  }

  /// An event or a time has come to a node: what does it come to?
  mutating func stopListening(
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
  mutating func proceed(
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

  mutating func answered(
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
}
