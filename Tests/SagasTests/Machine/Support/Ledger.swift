@testable import Sagas

/// Keeps the promises in mind, from the entries alone and by its own means, and says which entry breaks one.
struct Ledger {
  struct Broken: Error, CustomStringConvertible {
    let description: String
  }

  struct Account {
    var attempts: Attempt = 0
    /// The attempt that has begun and not settled.
    var open: Attempt?
    var returned = false
    var doubtful = false
    var failedForGood = false
    /// The place among all settled steps.
    var settled: Int?
    var undoAttempts: Attempt = 0
    var undoOpen: Attempt?
    var undoReturned = false
    var outcome: Entry?
    var isResting = false
    var late = false
    /// It failed, held the saga, and may begin again.
    var isReopened = false

    var isActive: Bool { open != nil }

    var effect: EffectKnown {
      if returned { return .completed }
      if doubtful { return .unknown }
      return failedForGood && attempts > 0 ? .failed : .none
    }
  }

  let plan: SagaPlan
  private(set) var accounts: [Account]
  private(set) var entries = 0
  private(set) var cause: Cause?
  private(set) var isUnwinding = false
  private(set) var ending: Entry?
  /// What is to be undone, in the order in which it has to begin.
  private(set) var order: [NodeID] = []
  private var clock = 0
  private var isCreated = false
  private var isAdmitted = false
  private var isStuck = false
  private var isSuspended = false
  private var isOverdue = false
  private var branches: [NodeID: Int?] = [:]
  private var joined: Set<NodeID> = []
  private var answeredFailure: Set<NodeID> = []
  private var output: Set<NodeID> = []

  init(plan: SagaPlan) {
    self.plan = plan
    accounts = Array(repeating: Account(), count: plan.nodes.count)
  }

  subscript(node: NodeID) -> Account { accounts[Int(node.index)] }

  mutating func accept(_ entry: Entry) throws(Broken) {
    entries += 1
    if ending != nil {
      guard case .lateResult(let node, _) = entry else { throw broken(entry, "the saga has ended") }
      return note(node) { $0.late = true }
    }
    switch entry {
    case .created:
      try check(entry, !isCreated, "created once")
      isCreated = true
    case .admitted:
      try check(entry, isCreated && !isAdmitted && cause == nil, "admitted once, before anything else")
      isAdmitted = true
    case .recovered:
      try check(entry, isCreated, "only what exists is recovered")
    case .failing(let cause, _):
      try check(entry, isCreated && self.cause == nil, "fails once")
      if case .node(let node) = cause {
        try check(entry, Int(node.index) < plan.nodes.count, "a node of the plan")
        let failed = isStep(node) ? self[node].failedForGood : answeredFailure.contains(node)
        try check(entry, failed && !isOptional(node), "the cause has failed, and is not tolerated")
      }
      self.cause = cause
    case .unwinding:
      try check(entry, cause != nil && !isUnwinding, "unwinds once, after the failure")
      try check(entry, !accounts.contains { $0.isActive || $0.isResting }, "everything has settled")
      isUnwinding = true
      order = plan.all.filter { needsUndo($0) }.sorted { self[$0].settled ?? 0 > self[$1].settled ?? 0 }
    case .stuck:
      try checkUnwound(entry)
      try check(entry, failures > 0 && plan.onCompensationFailure == .stuck, "an undo has failed for good")
      isStuck = true
    case .ended(let ending):
      try checkEnd(entry, ending)
      self.ending = entry
    case .answered(let node, let answer):
      try accept(entry, answer, of: node)
    case .joined(let node):
      try check(entry, isReached(node) && plan[node].kind == .parallel, "a reached group")
      try check(entry, joined.insert(node).inserted, "joined once")
      try check(entry, plan.children(of: node).allSatisfy { isSettled($0) }, "every branch has settled")
    case .started(let node, let attempt):
      try check(entry, isAdmitted && cause == nil, "nothing starts once the saga has failed")
      try check(entry, !isSuspended, "nothing starts while the saga is held")
      try check(entry, isStep(node) && isReached(node), "the step has been reached")
      let account = self[node]
      try check(entry, account.open == nil, "one attempt at a time")
      try check(
        entry, account.settled == nil && (!account.returned || account.isReopened),
        "nothing is tried again after a result")
      try check(entry, account.attempts + 1 == attempt, "numbered 1, 2, 3")
      try check(entry, attempt == 1 || account.isResting || account.isReopened, "a retry was granted")
      note(node) {
        $0.isReopened = false
        $0.attempts = attempt; $0.open = attempt; $0.isResting = false
      }
    case .completed(let node, let attempt):
      try checkOpen(entry, node, attempt)
      settle(node) {
        $0.open = nil; $0.returned = true
      }
    case .attemptFailed(let node, let attempt, let unknown):
      try checkOpen(entry, node, attempt)
      note(node) {
        $0.open = nil; $0.doubtful = $0.doubtful || unknown
      }
    case .timedOut(let node, let attempt):
      try checkOpen(entry, node, attempt)
    case .attemptCut(let node, let attempt):
      try checkOpen(entry, node, attempt)
      note(node) {
        $0.open = nil; $0.doubtful = true
      }
    case .neverStarted(let node, let attempt):
      try checkOpen(entry, node, attempt)
      note(node) {
        $0.open = nil; $0.attempts -= 1
      }
    case .returnedLate(let node, let attempt):
      try acceptLate(entry, node, attempt)
    case .lateResult(let node, _):
      try check(entry, isStep(node), "a step")
      note(node) { $0.late = true }
    case .failed(let node):
      try check(entry, isStep(node) && self[node].open == nil && self[node].settled == nil, "settles once")
      try check(entry, self[node].attempts > 0, "something was tried")
      settle(node) {
        $0.failedForGood = true; $0.isResting = false
      }
    case .undoStarted(let node, let attempt):
      try acceptUndoStart(entry, node, attempt)
    case .undoTimedOut(let node, let attempt):
      try checkUndoOpen(entry, node, attempt)
    case .undoAttemptFailed(let node, let attempt):
      try checkUndoOpen(entry, node, attempt)
      try check(entry, !self[node].undoReturned, "an undo that returned has succeeded")
      note(node) { $0.undoOpen = nil }
    case .undoReturnedLate(let node, let attempt):
      try check(entry, isStep(node) && attempt > 0, "an attempt that began")
      try check(entry, self[node].undoOpen ?? 0 > attempt, "earlier than the one in flight")
      note(node) { $0.undoReturned = true }
    case .undone(let node, let attempt):
      try check(entry, isStep(node) && attempt > 0 && attempt <= self[node].undoAttempts, "its undo began")
      try check(entry, self[node].undoOpen == nil || self[node].undoOpen == attempt, "nothing is in flight")
      try checkOutcome(entry, node, replacing: { if case .undoFailed = $0 { true } else { false } })
    case .undoImpossible(let node, let attempt):
      try checkUndoOpen(entry, node, attempt)
      try check(entry, !self[node].undoReturned, "an undo that returned has succeeded")
      try checkOutcome(entry, node, replacing: { _ in false })
    case .undoFailed(let node):
      try check(entry, isStep(node) && self[node].undoAttempts > 0, "it was tried")
      try check(entry, self[node].undoOpen == nil, "nothing is in flight")
      try checkOutcome(entry, node, replacing: { _ in false })
    case .suspended:
      try check(entry, isAdmitted && cause == nil && !isSuspended, "held once, while it goes forward")
      isSuspended = true
    case .resumed(let node):
      try check(entry, isSuspended && cause == nil && node == nil, "only what is held is resumed")
      isSuspended = false
      answeredFailure = []
      for step in plan.all where isStep(step) && self[step].failedForGood && !isOptional(step) {
        note(step) {
          $0.failedForGood = false; $0.settled = nil; $0.isReopened = true
        }
      }
    case .overdue:
      try check(entry, isAdmitted && cause == nil && !isSuspended && !isOverdue, "overdue once")
      isOverdue = true
    case .parked, .pivoted, .stepSkipped, .waiting, .delivered, .elapsed,
      .childEnded,
      .undoSkipped, .unwindExpired, .unwindResumed:
      throw broken(entry, "no plan has the construct yet")
    }
  }

  // MARK: Parts

  private mutating func accept(_ entry: Entry, _ answer: Answer, of node: NodeID) throws(Broken) {
    if case .retry(let delay) = answer {
      try check(entry, isStep(node), "a step")
      let account = self[node]
      if isUnwinding {
        try check(entry, account.undoAttempts > 0 && account.undoOpen == nil, "nothing is in flight")
        try check(entry, account.outcome == nil, "it is open")
      } else {
        try check(entry, account.open == nil && account.settled == nil && account.attempts > 0, "in doubt")
        if delay != nil {
          try check(entry, cause == nil && !account.returned, "a retry makes sense")
          note(node) { $0.isResting = true }
        }
      }
      return
    }
    try check(entry, isAdmitted && cause == nil && isReached(node) && !isStep(node), "it was asked")
    try check(entry, !isSuspended, "nothing is asked while the saga is held")
    try check(entry, !isSettled(node) && !answeredFailure.contains(node), "it is answered once")
    switch answer {
    case .branch(let chosen):
      try check(entry, branches[node] == nil, "a branch is chosen once")
      branches[node] = .some(chosen.map(Int.init))
    case .failure:
      try check(entry, branches[node] == nil, "a branch is chosen once")
      answeredFailure.insert(node)
    case .output: output.insert(node)
    case .count, .key, .deadline, .state, .requests, .noFailure, .retry, .verdict, .wave, .waves:
      throw broken(entry, "nobody asks that")
    }
  }

  private mutating func acceptLate(_ entry: Entry, _ node: NodeID, _ attempt: Attempt) throws(Broken) {
    try check(entry, isStep(node) && attempt > 0 && attempt <= self[node].attempts, "an attempt that began")
    let account = self[node]
    try check(entry, account.undoAttempts == 0 && !isStuck, "before its undo began")
    if account.settled != nil {
      try check(entry, !account.returned, "it settled as unknown")
      if isUnwinding {
        let wasQueued = order.contains(node)
        if wasQueued { note(node) { $0.returned = true } } else { settle(node) { $0.returned = true } }
        try check(
          entry, wasQueued || needsUndo(node), "it has an undo to come, or gets one behind the others")
        if !needsUndo(node) { order.removeAll { $0 == node } }
        if !wasQueued { order.append(node) }
      } else {
        settle(node) { $0.returned = true }
      }
    } else {
      note(node) { account in
        account.returned = true
        account.isResting = false
        if account.open == attempt { account.open = nil }
      }
    }
  }

  private mutating func acceptUndoStart(
    _ entry: Entry, _ node: NodeID, _ attempt: Attempt
  ) throws(Broken) {
    try check(entry, isStep(node) && isUnwinding && !isStuck, "undoing is under way")
    let account = self[node]
    try check(entry, account.outcome == nil, "a settled undo never runs again")
    try check(entry, account.undoOpen == nil, "one attempt at a time")
    try check(entry, account.undoAttempts + 1 == attempt, "numbered 1, 2, 3")
    try check(entry, needsUndo(node), "there is something to undo")
    if attempt == 1 {
      let next = order.first { self[$0].undoAttempts == 0 }
      try check(entry, next == node, "the last one settled is undone first")
      try check(entry, !order.contains { self[$0].undoAttempts > 0 && self[$0].outcome == nil }, "one by one")
    }
    note(node) {
      $0.undoAttempts = attempt; $0.undoOpen = attempt
    }
  }

  private func checkEnd(_ entry: Entry, _ ending: Ending) throws(Broken) {
    switch ending {
    case .completed:
      try check(entry, cause == nil && isSettled(.root), "everything was done")
      try check(entry, !accounts.contains { $0.isActive || $0.isResting }, "nothing is in flight")
    case .compensated:
      try checkUnwound(entry)
      try check(entry, failures == 0, "no undo has failed")
    case .failed where isSuspended && cause == nil:
      try check(entry, !accounts.contains { $0.isActive }, "nothing is in flight")
    case .failed:
      try checkUnwound(entry)
      try check(entry, failures > 0 && plan.onCompensationFailure == .finish, "an undo has failed for good")
    }
  }

  private func checkUnwound(_ entry: Entry) throws(Broken) {
    try check(entry, isUnwinding, "undoing is under way")
    try check(entry, order.allSatisfy { self[$0].outcome != nil }, "each undo has an outcome")
    try check(entry, !accounts.contains { $0.isActive || $0.undoOpen != nil }, "nothing is in flight")
  }

  private mutating func checkOutcome(
    _ entry: Entry, _ node: NodeID, replacing isReplaced: (Entry) -> Bool
  ) throws(Broken) {
    try check(entry, order.contains(node), "it was to be undone")
    try check(entry, self[node].outcome.map(isReplaced) ?? true, "one outcome for each undo")
    note(node) {
      $0.outcome = entry; $0.undoOpen = nil
    }
  }

  private func checkOpen(_ entry: Entry, _ node: NodeID, _ attempt: Attempt) throws(Broken) {
    try check(entry, isStep(node) && self[node].open == attempt && attempt > 0, "the attempt is in flight")
  }

  private func checkUndoOpen(_ entry: Entry, _ node: NodeID, _ attempt: Attempt) throws(Broken) {
    try check(entry, isStep(node) && attempt > 0, "an attempt that began")
    try check(entry, self[node].undoOpen == attempt, "the attempt is in flight")
  }

  private var failures: Int {
    accounts.count { if case .undoFailed = $0.outcome { true } else { false } }
  }

  func needsUndo(_ node: NodeID) -> Bool {
    guard isStep(node) else { return false }
    return switch self[node].effect {
    case .none: false
    case .completed: plan[node].traits.contains(.undoesCompleted)
    case .unknown: plan[node].traits.contains(.undoesUnknown)
    case .failed: plan[node].traits.contains(.undoesFailed)
    }
  }

  func isStep(_ node: NodeID) -> Bool {
    Int(node.index) < plan.nodes.count && plan[node].kind == .step
  }

  private func isOptional(_ node: NodeID) -> Bool { plan[node].traits.contains(.optional) }

  /// Whether going forward leads here by now.
  private func isReached(_ node: NodeID) -> Bool {
    guard Int(node.index) < plan.nodes.count else { return false }
    guard let parent = plan[node].parent else { return isAdmitted }
    guard isReached(parent) else { return false }
    switch plan[parent].kind {
    case .sequential: return plan.children(of: parent).allSatisfy { $0 >= node || isSettled($0) }
    case .parallel: return true
    case .choice:
      guard case .some(.some(let chosen)) = branches[parent] else { return false }
      return plan.child(chosen, of: parent) == node
    case .step, .pivot, .fail, .output: return false
    }
  }

  /// Whether going forward has passed this node.
  private func isSettled(_ node: NodeID) -> Bool {
    switch plan[node].kind {
    case .sequential: return plan.children(of: node).allSatisfy { isSettled($0) }
    case .parallel: return joined.contains(node)
    case .choice:
      guard let chosen = branches[node] else { return false }
      return chosen.flatMap { plan.child($0, of: node) }.map { isSettled($0) } ?? true
    case .step:
      return self[node].settled != nil && (!self[node].failedForGood || isOptional(node))
    case .pivot, .fail: return false
    case .output: return output.contains(node)
    }
  }

  private mutating func note(_ node: NodeID, _ change: (inout Account) -> Void) {
    guard Int(node.index) < accounts.count else { return }
    change(&accounts[Int(node.index)])
  }

  private mutating func settle(_ node: NodeID, _ change: (inout Account) -> Void) {
    clock += 1
    let place = clock
    note(node) {
      $0.settled = place; change(&$0)
    }
  }

  private func check(_ entry: Entry, _ holds: Bool, _ promise: String) throws(Broken) {
    if !holds { throw broken(entry, promise) }
  }

  private func broken(_ entry: Entry, _ promise: String) -> Broken {
    Broken(description: "entry \(entries), \(entry), breaks: \(promise)")
  }
}
