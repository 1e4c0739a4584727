extension SagaMachine {
  /// Whether an entry can follow what was applied so far.
  ///
  /// One line per entry: what a log may say. A log that says anything else is broken, or belongs to another plan.
  func isLegal(_ entry: Entry) -> Bool {
    switch entry {
    case .created: phase == .new
    case .admitted: phase == .created
    case .recovered: !phase.isTerminal && phase != .new
    case .suspended: phase == .forward || phase == .created
    case .resumed(nil): phase == .suspended && unrepeatable.isEmpty
    case .resumed(.some(let node)):
      (phase == .created || phase == .suspended && active == 0 && !isDeciding && !isStuckBehindPivot)
        && isKnown(node)
        && plan[node].kind != .sequential && obstacle(to: node) == nil
    case .overdue: phase == .forward && !isOverdue
    case .failing(.node(let node), _):
      !isPastPivot && (phase == .forward || phase == .suspended)
        && [.failed, .unknown].contains(self[known: node]?.forward)
        && !plan[node].traits.contains(.optional)
    case .failing(.cancelled, .unwind) where isPastPivot: false
    case .failing(.cancelled, _): phase == .created || phase == .forward || phase == .suspended
    case .failing(.deadline, _): phase == .forward && !isPastPivot
    case .unwinding: isQuiet && closing == .unwind && (!plan.asksWaves || hasWaves || !hasMembers)
    case .unwindExpired:
      // It was given up where it has no time limit.
      (phase == .closing && closing == .unwind || phase == .unwinding)
        && (unwind?.due != nil || recoveries > 0) && unwind?.isExpired != true
    case .unwindResumed: phase == .stuck
    case .stuck:
      phase == .unwinding && unwind?.open == 0
        && (unwind?.isExpired == true
          ? !isUnwound || unwind?.failed != 0
          : isUnwound && unwind?.failed != 0 && plan.onCompensationFailure == .stuck)
    case .ended(.completed): phase == .forward && self[.root].forward == .completed
    case .ended(.compensated):
      (phase == .unwinding || phase == .stuck) && unwind?.open == 0 && unwind?.failed == 0 && hasNothingQueued
    case .ended(.failed):
      phase == .stuck || phase == .suspended && active == 0 && resting == 0 && !isDeciding
        || isQuiet && closing == .stop
        || isUnwound && unwind?.failed != 0 && plan.onCompensationFailure == .finish

    case .answered(let node, let answer): isLegal(answer, of: node)
    case .pivoted(let node):
      phase == .forward && self[known: node]?.forward == .pending && plan[node].kind == .pivot
        && isReached(node)
    case .stepSkipped(let node):
      phase == .suspended && active == 0 && isKnown(node) && reopens(node) && !isGuard(node)
        && plan[node].kind != .output
    case .joined(let node):
      (phase == .forward || phase == .suspended) && self[known: node]?.forward == .pending
        && plan[node].kind == .parallel
        && self[node].children == plan[node].children

    case .started(let node, let attempt):
      phase == .forward && isStep(node)
        && (self[node].forward == .backoff || self[node].forward == .pending && isReached(node))
        && attempt > 0 && self[node].attempts == attempt - 1 && !mustNotRepeat(node)
    case .completed(let node, let attempt):
      isStep(node) && [.running, .closing].contains(self[node].forward) && self[node].attempts == attempt
    case .attemptFailed(let node, let attempt, _):
      isStep(node) && self[node].forward == .running && self[node].attempts == attempt
    case .timedOut(let node, let attempt):
      isStep(node) && self[node].forward == .running && self[node].attempts == attempt
    case .attemptCut(let node, let attempt):
      isStep(node) && self[node].attempts == attempt
        && ([.stopping, .closing].contains(self[node].forward)
          || self[node].forward == .running && self[node].flags.contains(.presumed)
            && plan[node].traits.contains(.atMostOnce))
    case .returnedLate(let node, let attempt): isStep(node) && canCount(node, attempt)
    case .lateResult(let node, let attempt):
      isStep(node) && attempt > former(node) && attempt <= self[node].attempts && !self[node].isStanding
        && self[node].isSettled && !canCount(node, attempt)
    case .neverStarted(let node, let attempt):
      isStep(node) && self[node].forward == .closing && self[node].attempts == attempt
        && !self[node].flags.contains(.presumed)
    case .failed(let node):
      isStep(node)
        && (self[node].forward == .deciding
          || self[node].forward == .backoff && (phase == .closing || phase == .suspended && active == 0))

    case .undoStarted(let node, let attempt):
      isStep(node) && attempt > 0 && self[node].undoAttempts == attempt - 1 && unwind?.isExpired != true
        && (phase == .unwinding
          ? self[node].undo == .backoff || self[node].undo == .queued && isNextUndo(node)
          : phase == .closing && closing == .unwind && (self[node].undo == .backoff || undoesAtOnce(node)))
    case .undoTimedOut(let node, let attempt):
      isStep(node) && self[node].undo == .running && self[node].undoAttempts == attempt
    case .undoAttemptFailed(let node, let attempt), .undoImpossible(let node, let attempt):
      isStep(node) && isUndoing(node) && self[node].undoAttempts == attempt
        && !self[node].flags.contains(.undoReturned)
    case .undoReturnedLate(let node, let attempt):
      isStep(node) && isUndoing(node) && attempt > 0 && attempt < self[node].undoAttempts
    case .undone(let node, let attempt):
      isStep(node) && !phase.isTerminal
        && (isUndoing(node)
          ? attempt == self[node].undoAttempts
          : attempt > 0 && attempt <= self[node].undoAttempts
            && [.backoff, .failed, .queued].contains(self[node].undo))
    case .undoFailed(let node):
      isStep(node)
        && (self[node].undo == .deciding || self[node].undo == .backoff && unwind?.isExpired == true)
    case .undoSkipped(let node):
      phase == .stuck && isStep(node) && (self[node].undo == .failed || self[node].undo == .queued)

    case .waiting(let node):
      isKnown(node) && (plan[node].kind == .wait || plan[node].kind == .sleep || isGuard(node))
        && isAsked(node) && !plan[node].traits.contains(.asksKey)
    case .delivered(let node, let alternative):
      phase == .forward && self[known: node]?.forward == .waiting && alternative < plan[node].alternatives
    case .elapsed(let node):
      phase == .forward && self[known: node]?.forward == .waiting && self[node].due != nil

    case .parked, .childEnded:
      false
    }
  }

  private func isLegal(_ answer: Answer, of node: NodeID) -> Bool {
    guard isKnown(node) else { return false }
    let row = self[node]
    switch (plan[node].kind, answer) {
    case (.choice, .branch(let chosen)): return isAsked(node) && chosen ?? 0 < plan[node].children
    case (.choice, .failure), (.fail, .failure), (.output, .failure), (.output, .output): return isAsked(node)
    case (.wait, .key): return isAsked(node) && plan[node].traits.contains(.asksKey)
    case (.sequential, .key): return isGuard(node) && isAsked(node) && plan[node].traits.contains(.asksKey)
    case (.wait, .noFailure): return isJudged(node)
    case (.wait, .failure), (.sequential, .failure):
      return isJudged(node)
        || plan[node].listens && isAsked(node) && plan[node].traits.contains(.asksKey)
    case (.sequential, .waves): return node == .root && asksOrder
    case (.step, .wave(let wave)): return asksOrder && isMember(node) && row.wave == 0 && wave < .max
    case (.step, .verdict(let verdict)):
      return verdict != .open && closing == .unwind && (phase == .closing || hasOrder) && awaitsVerdict(node)
    case (.step, .retry(let delay)):
      guard let delay else { return row.forward == .deciding || row.undo == .deciding }
      guard delay >= .zero else { return false }
      if row.undo == .deciding { return row.undoAttempts < .max && unwind?.isExpired != true }
      return (phase == .forward || phase == .suspended) && row.forward == .deciding && row.attempts < .max
        && !row.flags.contains(.returned) && !mustNotRepeat(node)
    case (.sequential, _), (.parallel, _), (.choice, _), (.pivot, _), (.fail, _), (.output, _), (.step, _),
      (.wait, _), (.sleep, _):
      return false
    }
  }

  /// Going forward leads here, and nothing has been said of the node.
  private func isAsked(_ node: NodeID) -> Bool { phase == .forward && isUnanswered(node) && isReached(node) }

  /// What is to be known of the node is not known yet. A scope may be asked about although some of it was passed:
  /// where the saga goes on in the midst of it.
  func isUnanswered(_ node: NodeID) -> Bool {
    self[node].forward == .pending && (self[node].children == 0 || isKnown(node) && isGuard(node))
  }

  /// An event or a time has come to it, and a closure is asked what that means.
  func isJudged(_ node: NodeID) -> Bool {
    phase == .forward && isKnown(node) && plan[node].kind != .step && self[node].forward == .deciding
  }

  /// Whether it is a sequence that an event may end.
  func isGuard(_ node: NodeID) -> Bool { plan[node].traits.contains(.guarded) }

  /// Whether a result of this attempt, come after the attempt was given up or asked to stop for running out of
  /// time, still makes the step's effect completed: it does until its undo has begun.
  func canCount(_ node: NodeID, _ attempt: Attempt) -> Bool {
    let row = self[node]
    guard attempt > former(node), attempt <= row.attempts else { return false }
    switch row.forward {
    case .stopping: return true
    case .running, .closing: return attempt < row.attempts
    case .backoff: return true
    case .unknown, .pending, .skipped:
      guard row.isLeftOpen, row.undoAttempts == 0 else { return false }
      switch phase {
      case .forward, .suspended, .closing: return true
      case .unwinding, .stuck:
        return row.undo == .queued
          || row.undo == .none && row.verdict != .never && plan[node].traits.contains(.undoesCompleted)
      case .new, .created, .completed, .compensated, .failed: return false
      }
    case .deciding, .waiting, .completed, .failed: return false
    }
  }

  /// Whether going forward leads to this pending node: everything before it has settled.
  func isReached(_ node: NodeID) -> Bool {
    var child = node
    while let parent = plan[child].parent {
      switch plan[parent].kind {
      case .sequential:
        // What an event may end is listened for first.
        if isGuard(parent), self[parent].forward != .waiting { return false }
        // The first child is reached together with the sequence.
        let reached = self[parent].children == 0 ? parent.index + 1 : self[parent].children
        if reached != child.index { return false }
      case .parallel: break
      case .choice: if self[parent].children == 0 { return false }  // what was not chosen is skipped
      case .step, .wait, .sleep, .pivot, .fail, .output: return false
      }
      child = parent
    }
    return true
  }

  /// Whether the turn of this queued undo has come: it is the first, and what is open belongs to its wave.
  private func isNextUndo(_ node: NodeID) -> Bool {
    guard let unwind, unwind.cursor < unwind.order.count else { return false }
    let place = unwind.order[unwind.cursor]
    return place.node == node && (unwind.open == 0 || place.wave == unwind.wave)
  }

  /// Every undo has settled.
  private var isUnwound: Bool {
    guard phase == .unwinding, let unwind else { return false }
    return unwind.open == 0 && unwind.cursor == unwind.order.count
  }

  private var hasNothingQueued: Bool {
    guard let unwind else { return true }
    return unwind.cursor == unwind.order.count
      && !(plan.hasStrategies && plan.all.prefix(rows.count).contains { awaitsVerdict($0) })
  }

  /// Which steps are undone in which order is fixed; what comes later comes behind them.
  var hasOrder: Bool { phase == .unwinding || phase == .stuck }

  /// There is an order to ask, it is time to, and it has not been asked.
  private var asksOrder: Bool { plan.asksWaves && isQuiet && closing == .unwind && !hasWaves }

  /// The order has been asked.
  private var hasWaves: Bool { self[.root].wave != 0 }

  /// Whether there is anything to be undone in the order.
  var hasMembers: Bool { plan.all.prefix(rows.count).contains { isMember($0) } }

  /// Nothing is in flight, nothing is undone at once, no strategy is to be asked: the saga may unwind, or end.
  var isQuiet: Bool {
    guard phase == .closing, active == 0, resting == 0, unwind?.open ?? 0 == 0, !isDeciding else {
      return false
    }
    guard plan.hasStrategies, closing == .unwind else { return true }
    let isExpired = unwind?.isExpired == true
    return !plan.all.prefix(rows.count).contains { awaitsVerdict($0) || !isExpired && undoesAtOnce($0) }
  }

  /// Something has been asked, and not been answered; within one record only.
  var isDeciding: Bool { rows.contains { $0.forward == .deciding } }

  private func isUndoing(_ node: NodeID) -> Bool {
    self[node].undo == .running || self[node].undo == .stopping
  }

  private func isKnown(_ node: NodeID) -> Bool { Int(node.index) < plan.nodes.count }

  private func isStep(_ node: NodeID) -> Bool { isKnown(node) && plan[node].kind == .step }

  private subscript(known node: NodeID) -> Row? { isKnown(node) ? self[node] : nil }
}
