/// Going on from a node that somebody has named.
extension SagaMachine {
  /// Why the saga cannot go on from this node; `nil` if it can.
  func obstacle(to target: NodeID) -> Obstacle? {
    if isPastPivot, plan.all.contains(where: { plan[$0].kind == .pivot && comesBehind($0, target) }) {
      return .pivot
    }
    var child = target
    while let parent = plan[child].parent {
      if plan[parent].kind == .choice, chosen(by: parent) != child { return .choice(parent) }
      child = parent
    }
    var after = self
    after.goOn(from: target, at: time)
    let effects = plan.all.prefix(rows.count).filter { node in
      let place = plan.place(of: node, from: target)
      if mustNotRepeat(node), place == .behind || place == .beside && reopens(node) { return true }
      guard place == .behind, needsUndo(node) else { return false }
      // One that did not complete and begins at once sees what it saw before, and has its old key.
      return self[node].forward == .completed || !after.isReached(node)
    }
    return effects.isEmpty ? nil : .effects(effects)
  }

  /// The attempts of a step that belong to results it had before it was repeated: up to this number.
  func former(_ node: NodeID) -> Attempt { repetitions.last { $0.node == node }?.after ?? 0 }

  /// Which run of the step an attempt belongs to, from 1: each repetition of a completed step is one more.
  func repetition(of node: NodeID, _ attempt: Attempt) -> Int {
    repetitions.isEmpty ? 1 : 1 + repetitions.count { $0.node == node && $0.after < attempt }
  }

  private func comesBehind(_ node: NodeID, _ target: NodeID) -> Bool {
    plan.place(of: node, from: target) == .behind
  }

  private func chosen(by choice: NodeID) -> NodeID? {
    self[choice].children == 0 ? nil : plan.child(Int(self[choice].children) - 1, of: choice)
  }

  // MARK: The change

  /// Begins again what failed and held the saga; with a target, from there.
  mutating func goOn(from target: NodeID?, at time: Timestamp) {
    // The innermost first: a scope that goes on closes the ones around it.
    for index in rows.indices.reversed() { reopen(NodeID(index)) }
    if let target { restart(from: target, at: time) }
  }

  /// Makes a node the one that is reached next: what comes before it has settled, it and what comes behind it have not.
  private mutating func restart(from target: NodeID, at time: Timestamp) {
    // Groups before their members: a group counts those that had settled.
    for index in 0..<max(rows.count, Int(target.index) + 1) {
      let node = NodeID(index)
      switch plan.place(of: node, from: target) {
      case .before: pass(node, at: time)
      case .beside: break
      case .around: enter(node, towards: target)
      case .behind: withdraw(node, at: time)
      }
    }
  }

  private mutating func pass(_ node: NodeID, at time: Timestamp) {
    settleTried(node, at: time)
    let row = self[node]
    guard row.forward == .pending || row.forward == .backoff || row.forward == .waiting else { return }
    if row.forward == .waiting { leaveWaiting(node) }
    switch plan[node].kind {
    case .wait, .sleep: update(node) { $0.forward = .skipped }
    case .step:
      if row.forward == .backoff { resting -= 1 }
      update(node) { row in
        row.forward = .skipped
        row.due = nil
        if row.order > 0 { row.endedAt = time }
      }
    case .fail: update(node) { $0.forward = .skipped }
    case .choice: update(node) { $0.forward = row.children == 0 ? .skipped : .completed }
    case .sequential: update(node) { $0.forward = .completed }
    case .parallel:
      let children = plan[node].children
      update(node) { row in
        row.forward = .completed
        row.children = children
      }
    case .pivot:
      isPastPivot = true
      update(node) { $0.forward = .completed }
    case .output: break  // the last of all
    }
  }

  private mutating func enter(_ node: NodeID, towards target: NodeID) {
    guard let branch = plan.branch(of: node, towards: target) else { return }
    switch plan[node].kind {
    case .sequential:
      let isFirst = branch.index == node.index + 1
      // What an event may end, and was not under way, is listened for before anything of it begins.
      let isEnded =
        self[node].forward == .failed && self[node].begun > 0 && self[node].children != plan[node].end.index
      let isUnderWay = isGuard(node) && (self[node].forward == .waiting || isEnded)
      update(node) { row in
        row.forward = isUnderWay ? .waiting : .pending
        if !isUnderWay { row.begun = 0 }
        row.children = isFirst ? 0 : branch.index
      }
    case .parallel:
      let hadSettled = isPassed(branch)
      update(node) { row in
        row.forward = .pending
        if hadSettled { row.children -= 1 }
      }
    case .choice: update(node) { $0.forward = .pending }
    case .step, .wait, .sleep, .pivot, .fail, .output: break  // nothing is in them
    }
  }

  private mutating func withdraw(_ node: NodeID, at time: Timestamp) {
    if self[node].forward == .waiting { leaveWaiting(node) }
    guard plan[node].kind == .step else { return update(node) { $0 = Row() } }
    if self[node].forward == .completed {
      let attempts = self[node].attempts
      repetitions.append(Repetition(node: node, after: attempts))
      return update(node) { row in
        row = Row()
        row.attempts = attempts
        row.base = attempts
        row.flags = .withdrawn
      }
    }
    settleTried(node, at: time)
    if self[node].forward == .backoff { resting -= 1 }
    update(node) { row in
      row.forward = .pending
      row.base = row.attempts
      row.due = nil
      row.endedAt = nil
    }
  }

  /// Gives a step that waits for its next attempt its place among those that have settled.
  private mutating func settleTried(_ node: NodeID, at time: Timestamp) {
    guard self[node].forward == .backoff else { return }
    settled += 1
    let place = settled
    update(node) { $0.order = place }
  }

  /// Whether going forward has passed this node.
  private func isPassed(_ node: NodeID) -> Bool {
    switch self[node].forward {
    case .completed, .skipped: true
    case .failed, .unknown: plan[node].traits.contains(.optional)
    case .pending, .running, .stopping, .closing, .deciding, .backoff, .waiting: false
    }
  }
}
