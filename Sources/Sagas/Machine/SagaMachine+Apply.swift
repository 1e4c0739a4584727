extension SagaMachine {
  /// Takes one entry into account: the only way in which a machine changes.
  ///
  /// Throws, and changes nothing, where the entry cannot follow what came before.
  mutating func apply(_ entry: Entry, at time: Timestamp) throws(IllegalEntry) {
    guard isLegal(entry) else { throw IllegalEntry(entry: entry, position: entries) }
    change(entry, at: max(time, self.time))
    if recoveries > 0, entry.getsOn { recoveries = 0 }
    entries += 1
    self.time = max(time, self.time)
  }

  /// Expects a legal entry.
  private mutating func change(_ entry: Entry, at time: Timestamp) {
    switch entry {
    case .created:
      phase = .created
      startedAt = time
    case .admitted:
      phase = .forward
      admittedAt = time
    case .recovered:
      if hasSomethingInFlight, recoveries < .max { recoveries += 1 }
      for index in rows.indices where rows[index].isActive { rows[index].flags.insert(.presumed) }
    case .suspended:
      phase = .suspended
    case .resumed(let target):
      phase = admittedAt == nil ? .created : .forward
      goOn(from: target, at: time)
    case .overdue:
      isOverdue = true
    case .failing(let cause, let closing):
      phase = .closing
      self.cause = cause
      self.closing = closing
      if closing == .unwind, let limit = plan.unwindTimeout {
        unwind = Unwind(due: time.advanced(by: limit))
      }
      for index in rows.indices where rows[index].forward == .running { rows[index].forward = .closing }
      stopWaiting()
    case .unwinding:
      beginUnwind()
    case .unwindExpired:
      unwind = unwind ?? Unwind()
      unwind?.isExpired = true
    case .unwindResumed:
      resumeUnwind(at: time)
    case .stuck:
      phase = .stuck
    case .ended(let ending):
      phase =
        switch ending {
        case .completed: .completed
        case .compensated: .compensated
        case .failed: .failed
        }
      endedAt = time
      stopWaiting()

    case .answered(let node, let answer):
      take(answer, of: node, at: time)
    case .pivoted(let node):
      isPastPivot = true
      update(node) { $0.forward = .completed }
      settleInParent(node)
    case .stepSkipped(let node):
      // Of a decision that failed, nothing is reached any more.
      for inner in plan.subtree(of: node) { update(inner) { $0.forward = .skipped } }
      settleInParent(node)
    case .joined(let node):
      update(node) { $0.forward = .completed }
      settleInParent(node)

    case .started(let node, let attempt):
      if self[node].forward == .backoff { resting -= 1 }
      if self[node].begun == 0 { noteBegin(node) }
      update(node) { row in
        row.forward = .running
        row.attempts = attempt
        row.due = nil
        row.order = 0
        row.flags.remove(.presumed)
        row.startedAt = row.startedAt ?? time
        row.attemptedAt = time
      }
      active += 1
    case .completed(let node, _):
      active -= 1
      settle(node, as: .completed, at: time)
      update(node) { $0.flags.insert(.returned) }
      settleInParent(node)
    case .attemptFailed(let node, _, let unknown):
      active -= 1
      update(node) { row in
        row.forward = .deciding
        if unknown { row.flags.insert(.doubtful) }
      }
    case .timedOut(let node, _):
      update(node) { $0.forward = .stopping }
    case .attemptCut(let node, _):
      active -= 1
      update(node) { row in
        row.forward = .deciding
        row.flags.insert(.doubtful)
      }
    case .returnedLate(let node, let attempt):
      noteLateReturn(node, attempt, at: time)
    case .lateResult(let node, _):
      update(node) { $0.flags.insert(.late) }
    case .neverStarted(let node, _):
      active -= 1
      let former = self.former(node)
      update(node) { row in
        row.attempts -= 1
        row.forward = row.attempts == former ? .pending : .deciding
        if row.attempts == former { row.startedAt = nil }
      }
    case .failed(let node):
      if self[node].forward == .backoff { resting -= 1 }
      let effect = self[node].effect
      settle(node, as: effect == .unknown ? .unknown : .failed, at: time)
      if phase == .forward || phase == .suspended, plan[node].traits.contains(.optional) {
        settleInParent(node)
      }

    case .undoStarted(let node, let attempt):
      update(node) { row in
        row.undo = .running
        row.undoAttempts = attempt
        row.attemptedAt = time
        row.due = nil
      }
      if attempt == self[node].undoBase + 1 { countUndo() }
    case .undoTimedOut(let node, _):
      update(node) { $0.undo = .stopping }
    case .undoAttemptFailed(let node, _):
      update(node) { $0.undo = .deciding }
    case .undoReturnedLate(let node, _):
      update(node) { $0.flags.insert(.undoReturned) }
    case .undone(let node, _):
      let before = self[node].undo
      if before == .failed { unwind?.failed -= 1 } else if before != .queued { unwind?.open -= 1 }
      update(node) {
        $0.undo = .undone; $0.due = nil
      }
      advanceCursor()
    case .undoImpossible(let node, _):
      unwind?.open -= 1
      update(node) { $0.undo = .impossible }
    case .undoSkipped(let node):
      if self[node].undo == .failed { unwind?.failed -= 1 }
      update(node) { $0.undo = .skipped }
      advanceCursor()
    case .undoFailed(let node):
      unwind?.open -= 1
      unwind?.failed += 1
      update(node) {
        $0.undo = .failed; $0.due = nil
      }

    case .waiting(let node):
      beginWaiting(node, at: time)
    case .delivered(let node, _):
      leaveWaiting(node)
      if plan[node].kind == .sequential || plan[node].traits.contains(.judgesEvent) {
        update(node) { $0.forward = .deciding }
      } else {
        settle(node, as: .completed, at: time)
        settleInParent(node)
      }
    case .elapsed(let node):
      leaveWaiting(node)
      if plan[node].traits.contains(.judgesTime) {
        update(node) { $0.forward = .deciding }
      } else if plan[node].kind == .sleep {
        settle(node, as: .completed, at: time)
        settleInParent(node)
      } else {
        settle(node, as: .failed, at: time)
      }

    case .parked, .childEnded:
      break  // refused by `isLegal`: no plan has the construct yet
    }
  }

  // MARK: Parts

  mutating func update(_ node: NodeID, _ change: (inout Row) -> Void) {
    touch(node)
    change(&rows[Int(node.index)])
  }

  private mutating func touch(_ node: NodeID) {
    guard rows.count <= Int(node.index) else { return }
    if rows.isEmpty { rows.reserveCapacity(Swift.min(plan.nodes.count, 4)) }
    while rows.count <= Int(node.index) { rows.append(Row()) }
  }

  /// The step has its final forward status, and its place in the order of the saga.
  private mutating func settle(_ node: NodeID, as forward: Row.Forward, at time: Timestamp) {
    settled += 1
    let place = settled
    update(node) { row in
      row.forward = forward
      row.order = place
      row.endedAt = time
      row.due = nil
    }
  }

  /// Counts a settled child, and closes the sequences and choices that end with it. Groups are closed by `joined`.
  private mutating func settleInParent(_ node: NodeID) {
    var child = node
    while let parent = plan[child].parent {
      switch plan[parent].kind {
      case .parallel:
        update(parent) { $0.children += 1 }
        return
      case .sequential:
        if let next = plan[child].next { return update(parent) { $0.children = next.index } }
        if isGuard(parent), self[parent].forward == .failed || self[parent].forward == .deciding {
          // An event has ended it before: that stands until somebody resumes the saga.
          let end = plan[parent].end.index
          return update(parent) { $0.children = end }
        }
        update(parent) { $0.forward = .completed }
      case .choice:
        update(parent) { $0.forward = .completed }
      case .step, .wait, .sleep, .pivot, .fail, .output:
        return
      }
      child = parent
    }
  }

  private mutating func take(_ answer: Answer, of node: NodeID, at time: Timestamp) {
    switch answer {
    case .branch(let chosen):
      for (number, branch) in plan.children(of: node).enumerated() where number != chosen.map(Int.init) {
        for skipped in plan.subtree(of: branch) { update(skipped) { $0.forward = .skipped } }
      }
      update(node) { row in
        row.children = chosen.map { $0 + 1 } ?? 0
        if chosen == nil { row.forward = .completed }
      }
      if chosen == nil { settleInParent(node) }
    case .failure where plan[node].kind == .wait:
      settle(node, as: .failed, at: time)
    case .failure:
      update(node) {
        $0.forward = .failed; $0.endedAt = time
      }
    case .noFailure:
      settle(node, as: .completed, at: time)
      settleInParent(node)
    case .key:
      beginWaiting(node, at: time)
    case .output:
      update(node) {
        $0.forward = .completed; $0.endedAt = time
      }
      settleInParent(node)
    case .retry(let delay):
      guard let delay else { return }
      let due = time.advanced(by: delay)
      if self[node].undo == .deciding {
        update(node) {
          $0.undo = .backoff; $0.due = due
        }
      } else {
        resting += 1
        update(node) {
          $0.forward = .backoff; $0.due = due
        }
      }
    case .verdict(let verdict):
      update(node) { $0.verdict = verdict }
      if hasOrder, verdict != .never { queueBehind(node) }
    case .wave(let wave):
      update(node) { $0.wave = wave &+ 1 }
    case .waves:
      update(.root) { $0.wave = 1 }
    case .count, .deadline, .state, .requests:
      break  // refused by `isLegal`: no plan asks for it yet
    }
  }

  private mutating func noteLateReturn(_ node: NodeID, _ attempt: Attempt, at time: Timestamp) {
    let row = self[node]
    update(node) { $0.flags.insert(.returned) }
    switch row.forward {
    case .stopping where row.attempts == attempt:
      active -= 1
      update(node) { $0.forward = .deciding }
    case .backoff:
      resting -= 1
      update(node) {
        $0.forward = .deciding; $0.due = nil
      }
    case .unknown, .pending, .skipped:
      let forward = row.forward == .unknown ? .failed : row.forward
      if row.undo == .queued {
        update(node) { $0.forward = forward }
        if !needsUndo(node) {
          update(node) { $0.undo = .none }
          advanceCursor()
        }
      } else {
        settle(node, as: forward, at: time)
        if hasOrder, isMember(node), !awaitsVerdict(node) { queueBehind(node) }
      }
    case .running, .stopping, .closing, .deciding, .waiting, .completed, .failed:
      break  // a newer attempt is in flight and decides
    }
  }

  /// Whether a saga that is resumed begins with this step again.
  func reopens(_ node: NodeID) -> Bool {
    (self[node].forward == .failed || self[node].forward == .unknown)
      && !plan[node].traits.contains(.optional)
  }

  /// What failed and held the saga begins again, under its old key, with its retries from the start.
  mutating func reopen(_ node: NodeID) {
    update(node) { $0.flags.remove(.withdrawn) }
    guard reopens(node) else { return }
    // A guard whose key could not be read has not begun; one that was ended by an event goes on where it was.
    let isUnderWay = isGuard(node) && self[node].begun > 0
    update(node) { row in
      row.forward = isUnderWay ? .waiting : .pending
      row.base = row.attempts
      row.endedAt = nil
    }
    if isUnderWay, self[node].children == plan[node].end.index {
      update(node) { $0.forward = .completed }
      settleInParent(node)
    }
  }

  // MARK: Waiting

  private mutating func noteBegin(_ node: NodeID) {
    begun += 1
    let place = begun
    update(node) { $0.begun = place }
  }

  private mutating func beginWaiting(_ node: NodeID, at time: Timestamp) {
    noteBegin(node)
    let due = plan[node].timeout.map { time.advanced(by: $0) }
    update(node) { row in
      row.forward = .waiting
      row.startedAt = time
      row.endedAt = nil
      row.order = 0
      row.due = due
    }
    if plan[node].settles { waits += 1 }
  }

  /// Takes what waits out of its wait; what it comes to is for the caller to say.
  mutating func leaveWaiting(_ node: NodeID) {
    update(node) { $0.due = nil }
    if plan[node].settles { waits -= 1 }
  }

  /// What waits does not any more, and is not to be asked about: it never came to anything.
  private mutating func stopWaiting() {
    for index in rows.indices {
      let isJudged = rows[index].forward == .deciding && plan.nodes[index].kind != .step
      guard rows[index].forward == .waiting || isJudged else { continue }
      rows[index].forward = .pending
      rows[index].due = nil
    }
    waits = 0
  }
}
