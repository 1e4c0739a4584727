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
    var verdict: Verdict?
    var undoAttempts: Attempt = 0
    /// How many there were when somebody wanted it tried again.
    var undoBase: Attempt = 0
    var undoOpen: Attempt?
    var isUndoResting = false
    /// It is to be undone in the order, and has not begun, or not begun again.
    var isQueued = false
    /// In which wave the order wants it undone.
    var wave: UInt16?
    var undoReturned = false
    var outcome: Entry?
    var isResting = false
    var late = false
    /// It may begin again: it failed and held the saga, or somebody wants it run once more.
    var isReopened = false
    /// The last of its attempts that belong to a result which was taken back.
    var former: Attempt = 0
    /// A wait, a sleep or a guarded sequence that is under way.
    var isWaiting = false
    /// A guarded sequence whose parts may begin, or could.
    var isEntered = false
    /// An event or a time has come to it, and is judged.
    var isJudged = false
    /// A wait or a sleep that has come to its end.
    var isDone = false
    /// A guarded sequence that is not listened for any more, because an event has ended it.
    var isEnded = false

    var isActive: Bool { open != nil }

    /// Its undo has begun and has no outcome.
    var isUndoing: Bool { undoAttempts > undoBase && outcome == nil }

    var effect: EffectKnown {
      if returned { return .completed }
      if doubtful { return .unknown }
      return failedForGood && attempts > 0 ? .failed : .none
    }
  }

  let plan: SagaPlan
  private(set) var accounts: [Account]
  private(set) var entries = 0
  /// Steps that have failed for good while the saga went forward, in that order, as far as somebody is to know.
  private(set) var failuresToTell: [NodeID] = []
  private(set) var cause: Cause?
  private(set) var closing: Closing?
  private(set) var isUnwinding = false
  private(set) var isStuck = false
  private(set) var isExpired = false
  private(set) var wasRecovered = false
  private(set) var ending: Entry?
  /// What is to be undone: steps that begin together, in the order in which they have to begin.
  private(set) var waves: [[NodeID]] = []
  private var clock = 0
  private var isCreated = false
  private var isAdmitted = false
  private var isSuspended = false
  private var isOverdue = false
  private var hasWaves = false
  private var isPivoted = false
  private var branches: [NodeID: Int?] = [:]
  private var joined: Set<NodeID> = []
  private var answeredFailure: Set<NodeID> = []
  private var output: Set<NodeID> = []
  /// What had not settled when somebody went on from behind it.
  private var passed: Set<NodeID> = []

  init(plan: SagaPlan) {
    self.plan = plan
    accounts = Array(repeating: Account(), count: plan.nodes.count)
  }

  subscript(node: NodeID) -> Account { accounts[Int(node.index)] }

  private subscript(known node: NodeID) -> Account? {
    Int(node.index) < accounts.count ? self[node] : nil
  }

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
      try check(
        entry, isCreated && !isAdmitted && !isSuspended && cause == nil, "admitted once, unless it is held")
      isAdmitted = true
    case .recovered:
      try check(entry, isCreated, "only what exists is recovered")
      wasRecovered = true
    case .failing(let cause, let closing):
      try check(entry, isCreated && self.cause == nil, "fails once")
      try check(entry, cause != .deadline || isAdmitted, "its time counts from its admission")
      if case .node(let node) = cause {
        try check(entry, Int(node.index) < plan.nodes.count, "a node of the plan")
        let account = self[node]
        let failed =
          isStep(node)
          ? account.failedForGood && !account.isReopened && !passed.contains(node)
          : hasFailedWaiting(node)
        try check(entry, failed && !isOptional(node), "the cause has failed, and is not tolerated")
      }
      try check(
        entry, !isPastPivot || cause == .cancelled && closing == .stop,
        "behind the pivot nothing ends it but somebody who stops it, and nothing is undone")
      self.cause = cause
      self.closing = closing
      for node in plan.all {
        note(node) {
          $0.isWaiting = false; $0.isJudged = false
        }
      }
    case .unwinding:
      try check(entry, !isPastPivot, "behind the pivot nothing is undone")
      try check(entry, closing == .unwind && !isUnwinding, "unwinds once, after a failure that unwinds")
      try checkQuiet(entry)
      try check(entry, hasWaves || !plan.asksWaves || members.isEmpty, "the order has been asked")
      beginUnwind()
    case .unwindExpired:
      try check(entry, closing == .unwind && !isStuck && !isExpired, "an unwind is under way")
      try check(
        entry, plan.unwindTimeout != nil || wasRecovered,
        "it has a time limit, or was given up when recovered")
      isExpired = true
    case .stuck:
      try check(entry, isUnwinding && !isStuck, "undoing is under way")
      try checkNothingInFlight(entry)
      if isExpired {
        try check(entry, failures > 0 || hasQueued, "something is left to decide")
      } else {
        try check(entry, !hasQueued, "the remaining ones have run")
        try check(entry, failures > 0 && plan.onCompensationFailure == .stuck, "an undo has failed for good")
      }
      isStuck = true
    case .unwindResumed:
      try check(entry, isStuck, "it is stuck")
      resume()
    case .ended(let ending):
      try checkEnd(entry, ending)
      self.ending = entry
      for node in plan.all {
        note(node) {
          $0.isWaiting = false; $0.isJudged = false
        }
      }
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
        entry, account.settled == nil && !account.returned || account.isReopened,
        "nothing is tried again after a result")
      try check(entry, account.attempts + 1 == attempt, "numbered 1, 2, 3")
      try check(entry, attempt == 1 || account.isResting || account.isReopened, "a retry was granted")
      try check(
        entry, !mustNotRepeat(node), "what may have taken effect, and may not twice, is not run again")
      note(node) {
        $0.isReopened = false; $0.failedForGood = false; $0.settled = nil
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
        // Of a repetition nothing has been tried then.
        if $0.attempts == $0.former { $0.isReopened = $0.former > 0 }
      }
    case .returnedLate(let node, let attempt):
      try acceptLate(entry, node, attempt)
    case .lateResult(let node, _):
      try check(entry, isStep(node), "a step")
      let account = self[node]
      let wouldBeUndone =
        isUnwinding
        ? account.isQueued || account.verdict != .never && plan[node].traits.contains(.undoesCompleted) : true
      try check(
        entry,
        account.undoAttempts > 0 || account.outcome != nil || account.returned || !account.doubtful
          || !wouldBeUndone,
        "it counts until its undo has begun")
      note(node) { $0.late = true }
    case .failed(let node):
      try check(entry, isStep(node) && self[node].open == nil && self[node].settled == nil, "settles once")
      try check(entry, self[node].attempts > self[node].former, "something was tried")
      let gaveUpResting = self[node].isResting  // given up by a person, not by its policy
      if cause == nil, !gaveUpResting, plan[node].traits.contains(.tellsFailure) {
        failuresToTell.append(node)
      }
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
    case .undoSkipped(let node):
      try check(entry, isStep(node) && isStuck, "somebody decides while it is stuck")
      try check(entry, self[node].isQueued || hasFailed(node), "it is not undone")
      note(node) {
        $0.outcome = entry; $0.isQueued = false
      }
    case .undoReturnedLate(let node, let attempt):
      try check(entry, isStep(node) && attempt > 0, "an attempt that began")
      try check(entry, self[node].undoOpen ?? 0 > attempt, "earlier than the one in flight")
      note(node) { $0.undoReturned = true }
    case .undone(let node, let attempt):
      try check(entry, isStep(node) && attempt > 0 && attempt <= self[node].undoAttempts, "its undo began")
      try check(entry, self[node].undoOpen == nil || self[node].undoOpen == attempt, "nothing is in flight")
      try checkOutcome(entry, node, replacing: { if case .undoFailed = $0 { true } else { false } })
      note(node) { $0.isQueued = false }
    case .undoImpossible(let node, let attempt):
      try checkUndoOpen(entry, node, attempt)
      try check(entry, !self[node].undoReturned, "an undo that returned has succeeded")
      try checkOutcome(entry, node, replacing: { _ in false })
    case .undoFailed(let node):
      try check(entry, isStep(node) && self[node].undoAttempts > 0, "it was tried")
      try check(entry, self[node].undoOpen == nil && !self[node].isQueued, "nothing is in flight")
      try check(entry, !self[node].isUndoResting || isExpired, "a retry that was granted is tried")
      try checkOutcome(entry, node, replacing: { _ in false })
    case .suspended:
      try check(entry, isCreated && cause == nil && !isSuspended, "held once, while it goes forward")
      isSuspended = true
    case .resumed(let node):
      let isWaiting = node != nil && isCreated && !isAdmitted
      try check(entry, (isSuspended || isWaiting) && cause == nil, "only what is held is resumed")
      if let node {
        try check(entry, !accounts.contains { $0.isActive }, "nothing is in flight")
        try check(
          entry, Int(node.index) < plan.nodes.count && plan[node].kind != .sequential, "a part of the plan")
        try check(entry, objection(to: node) == nil, "it can go on from there")
      } else {
        try check(entry, !plan.all.contains { isHeldForGood($0) }, "what holds it may be run again")
      }
      isSuspended = false
      goOn(from: node)
    case .overdue:
      try check(entry, isAdmitted && cause == nil && !isSuspended && !isOverdue, "overdue once")
      isOverdue = true
    case .waiting(let node):
      try checkWaitBegins(entry, node, asksKey: false)
      note(node) {
        $0.isWaiting = true; $0.isEntered = true
      }
    case .delivered(let node, let alternative):
      try checkWaiting(entry, node)
      try check(entry, alternative < plan[node].alternatives, "one of the events it listens for")
      let isJudged = isGuard(node) || plan[node].traits.contains(.judgesEvent)
      note(node) {
        $0.isWaiting = false; $0.isJudged = isJudged; $0.isDone = !isJudged
      }
    case .elapsed(let node):
      try checkWaiting(entry, node)
      try check(entry, plan[node].timeout != nil, "it has a limit")
      let isJudged = plan[node].traits.contains(.judgesTime)
      let fails = plan[node].kind == .wait && !isJudged
      note(node) {
        $0.isWaiting = false; $0.isJudged = isJudged; $0.isDone = !isJudged && !fails
      }
      if fails { answeredFailure.insert(node) }
    case .pivoted(let node):
      try check(entry, isAdmitted && cause == nil && !isSuspended, "it goes forward")
      try check(entry, !isPastPivot && plan[node].kind == .pivot && isReached(node), "reached, and once")
      try check(entry, !accounts.contains { $0.isActive || $0.isResting }, "everything before it has settled")
      isPivoted = true
    case .stepSkipped(let node):
      try check(entry, isSuspended && cause == nil, "somebody decides while it is held")
      try check(entry, !accounts.contains { $0.isActive }, "nothing is in flight")
      try check(entry, holds(node) && plan[node].kind != .output, "it has failed, and holds the saga")
      answeredFailure.remove(node)
      passed.insert(node)
    case .parked, .childEnded:
      throw broken(entry, "no plan has the construct yet")
    }
    // Whatever has settled may have been the last of a scope.
    closeScopes()
  }

  // MARK: Waiting

  private func isGuard(_ node: NodeID) -> Bool {
    Int(node.index) < plan.nodes.count && plan[node].traits.contains(.guarded)
  }

  func isWaiting(_ node: NodeID) -> Bool { self[node].isWaiting }

  /// Whether what is no step has failed for good.
  func hasFailedWaiting(_ node: NodeID) -> Bool { answeredFailure.contains(node) }

  private func checkWaitBegins(_ entry: Entry, _ node: NodeID, asksKey: Bool) throws(Broken) {
    try check(
      entry, isAdmitted && cause == nil && !isSuspended, "nothing begins once it has failed or is held")
    try check(entry, isReached(node), "it has been reached")
    let kind = plan[node].kind
    try check(entry, kind == .wait || kind == .sleep || isGuard(node), "something that waits")
    try check(entry, plan[node].traits.contains(.asksKey) == asksKey, "its key is asked where it may fail")
    let account = self[node]
    try check(
      entry, !account.isWaiting && !account.isJudged && !isSettled(node) && !hasFailedWaiting(node),
      "it begins once")
  }

  private func checkWaiting(_ entry: Entry, _ node: NodeID) throws(Broken) {
    try check(entry, isAdmitted && cause == nil && !isSuspended, "a held or failed saga takes nothing")
    try check(entry, Int(node.index) < plan.nodes.count && self[node].isWaiting, "it waits")
  }

  /// Scopes all of whose parts have settled are not listened for any more, the innermost first.
  private mutating func closeScopes() {
    for scope in plan.all.reversed() where isGuard(scope) && self[scope].isWaiting {
      if plan.children(of: scope).allSatisfy({ isSettled($0) }) { note(scope) { $0.isWaiting = false } }
    }
  }

  // MARK: Parts

  private mutating func accept(_ entry: Entry, _ answer: Answer, of node: NodeID) throws(Broken) {
    if case .retry(let delay) = answer {
      try check(entry, isStep(node), "a step")
      let account = self[node]
      if account.isUndoing {
        try check(entry, account.undoOpen == nil && !account.isUndoResting, "nothing is in flight")
        try check(entry, delay == nil || !isExpired, "nothing more begins")
        if delay != nil { note(node) { $0.isUndoResting = true } }
      } else {
        try check(entry, account.open == nil && account.settled == nil && account.attempts > 0, "in doubt")
        if delay != nil {
          try check(entry, cause == nil && !account.returned, "a retry makes sense")
          try check(entry, !mustNotRepeat(node), "no retry of what may have taken effect, and may not twice")
          note(node) { $0.isResting = true }
        }
      }
      return
    }
    switch answer {
    case .verdict(let verdict): return try accept(entry, verdict, of: node)
    case .wave(let wave):
      try checkOrderIsAsked(entry)
      try check(entry, members.contains(node) && self[node].wave == nil, "each once, and only what is undone")
      return note(node) { $0.wave = wave }
    case .waves:
      try checkOrderIsAsked(entry)
      try check(entry, node == .root, "asked of the root")
      hasWaves = true
      return
    case .key:
      try checkWaitBegins(entry, node, asksKey: true)
      return note(node) {
        $0.isWaiting = true; $0.isEntered = true
      }
    case .failure where self[known: node]?.isJudged == true, .noFailure:
      try check(entry, self[known: node]?.isJudged == true && cause == nil, "an event or a time has come")
      try check(entry, answer == .failure || !isGuard(node), "what ends a scope fails it")
      note(node) {
        $0.isJudged = false; $0.isDone = answer == .noFailure
      }
      if answer == .failure {
        answeredFailure.insert(node)
        if isGuard(node) { note(node) { $0.isEnded = true } }
      }
      return
    case .branch, .count, .deadline, .state, .requests, .failure, .retry, .output: break
    }
    try check(entry, isAdmitted && cause == nil && isReached(node) && !isStep(node), "it was asked")
    try check(entry, !isSuspended, "nothing is asked while the saga is held")
    try check(entry, !isSettled(node) && !answeredFailure.contains(node), "it is answered once")
    switch answer {
    case .branch(let chosen):
      try check(entry, branches[node] == nil, "a branch is chosen once")
      branches[node] = .some(chosen.map(Int.init))
    case .failure:
      let waits = plan[node].kind == .wait || plan[node].kind == .sequential
      try check(
        entry, !waits || plan[node].traits.contains(.asksKey) && !self[node].isWaiting, "its key was asked")
      try check(entry, plan[node].kind != .sleep, "a sleep has no closures")
      try check(entry, branches[node] == nil, "a branch is chosen once")
      answeredFailure.insert(node)
    case .output: output.insert(node)
    case .count, .key, .deadline, .state, .requests, .noFailure, .retry, .verdict, .wave, .waves:
      throw broken(entry, "nobody asks that")
    }
  }

  // MARK: Going on from somewhere

  /// What is in the way of going on from a node; `nil` where nothing is.
  func objection(to target: NodeID) -> Obstacle? {
    if isPastPivot, plan.all.contains(where: { plan[$0].kind == .pivot && comesLater($0, target) }) {
      return .pivot
    }
    for (scope, child) in zip(path(to: target), path(to: target).dropFirst()).reversed()
    where plan[scope].kind == .choice {
      guard case .some(.some(let chosen)) = branches[scope], plan.child(chosen, of: scope) == child else {
        return .choice(scope)
      }
    }
    var after = self
    after.goOn(from: target)
    let inTheWay = plan.all.filter { step in
      guard isStep(step) else { return false }
      if mustNotRepeat(step), comesLater(step, target) { return true }
      if isHeldForGood(step), !comesEarlier(step, target) { return true }
      guard comesLater(step, target), needsUndo(step) else { return false }
      return hasCompleted(step) || !after.isReached(step)
    }
    return inTheWay.isEmpty ? nil : .effects(inTheWay)
  }

  /// The point of no return was reached, or jumped over.
  var isPastPivot: Bool { isPivoted || passed.contains { plan[$0].kind == .pivot } }

  /// It failed, is not tolerated, and nobody has decided about it.
  func holds(_ node: NodeID) -> Bool {
    guard isStep(node) else { return answeredFailure.contains(node) }
    return self[node].failedForGood && !self[node].isReopened && !passed.contains(node) && !isOptional(node)
  }

  /// What failed behind the pivot: somebody has to decide.
  var heldBehindPivot: [NodeID] {
    guard isPastPivot, cause == nil, ending == nil else { return [] }
    return plan.all.filter { holds($0) }
  }

  /// It failed and holds the saga, and must not begin again.
  private func isHeldForGood(_ step: NodeID) -> Bool {
    isStep(step) && self[step].failedForGood && !self[step].isReopened && !passed.contains(step)
      && !isOptional(step) && mustNotRepeat(step)
  }

  /// Whether going forward has passed this node.
  func hasSettled(_ node: NodeID) -> Bool { isSettled(node) }

  private func hasCompleted(_ step: NodeID) -> Bool {
    self[step].settled != nil && self[step].returned && !self[step].failedForGood
  }

  private mutating func goOn(from target: NodeID?) {
    for step in plan.all where isStep(step) && self[step].failedForGood && !isOptional(step) {
      if !passed.contains(step) { note(step) { $0.isReopened = true } }
    }
    answeredFailure = []
    for scope in plan.all where self[scope].isEnded {
      note(scope) {
        $0.isEnded = false; $0.isWaiting = true
      }
    }
    closeScopes()
    guard let target else { return }
    let unsettled = Set(plan.all.filter { !isSettled($0) })
    for node in plan.all {
      if comesLater(node, target) {
        putBack(node)
      } else if comesEarlier(node, target), unsettled.contains(node) {
        if self[node].isResting { giveUp(node) }
        note(node) {
          $0.isReopened = false; $0.isWaiting = false
        }
        passed.insert(node)
      }
    }
    for scope in path(to: target).dropLast() {
      joined.remove(scope)
      passed.remove(scope)
      note(scope) { if !$0.isWaiting { $0.isEntered = false } }
    }
  }

  private mutating func putBack(_ node: NodeID) {
    joined.remove(node)
    branches[node] = nil
    output.remove(node)
    passed.remove(node)
    guard isStep(node) else {
      return note(node) {
        $0.isWaiting = false; $0.isEntered = false; $0.isDone = false
      }
    }
    if hasCompleted(node) {
      let attempts = self[node].attempts
      accounts[Int(node.index)] = Account(attempts: attempts, isReopened: true, former: attempts)
    } else if self[node].attempts > 0 {
      if self[node].isResting { giveUp(node) }
      note(node) { $0.isReopened = true }
    } else {
      // Of a repetition nothing has been tried.
      note(node) { $0.isReopened = $0.former > 0 }
    }
  }

  private mutating func giveUp(_ node: NodeID) {
    settle(node) {
      $0.isResting = false; $0.failedForGood = true
    }
  }

  /// The nodes that a node is in, from the root on, and itself.
  private func path(to node: NodeID) -> [NodeID] {
    (plan[node].parent.map { path(to: $0) } ?? []) + [node]
  }

  /// It is the target, is in it, or follows it in a sequence that both are in.
  private func comesLater(_ node: NodeID, _ target: NodeID) -> Bool {
    let (own, other) = (path(to: node), path(to: target))
    guard let fork = zip(own, other).first(where: { $0 != $1 }) else { return own.count >= other.count }
    return plan[fork.0].parent.map { plan[$0].kind } == .sequential && fork.0 > fork.1
  }

  /// It precedes the target in a sequence that both are in.
  private func comesEarlier(_ node: NodeID, _ target: NodeID) -> Bool {
    guard let fork = zip(path(to: node), path(to: target)).first(where: { $0 != $1 }) else { return false }
    return plan[fork.0].parent.map { plan[$0].kind } == .sequential && fork.0 < fork.1
  }

  private mutating func acceptLate(_ entry: Entry, _ node: NodeID, _ attempt: Attempt) throws(Broken) {
    try check(
      entry, isStep(node) && attempt > self[node].former && attempt <= self[node].attempts,
      "an attempt that began")
    let account = self[node]
    try check(entry, account.undoAttempts == 0 && account.outcome == nil, "before its undo began")
    if account.settled != nil {
      try check(entry, !account.returned, "it settled as unknown")
      if account.isQueued {
        note(node) { $0.returned = true }
        if !needsUndo(node) { note(node) { $0.isQueued = false } }
      } else if isUnwinding {
        settle(node) { $0.returned = true }
        try check(entry, isMember(node), "it gets an undo behind the others")
        if !awaitsVerdict(node) { queueBehind(node) }
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
    try check(entry, !isPastPivot, "behind the pivot nothing is undone")
    try check(entry, isStep(node) && closing == .unwind && !isStuck, "undoing is under way")
    try check(entry, !isExpired, "nothing more begins")
    let account = self[node]
    try check(entry, account.outcome == nil, "a settled undo never runs again")
    try check(entry, account.undoOpen == nil, "one attempt at a time")
    try check(
      entry, account.undoAttempts < attempt && account.undoAttempts + 1 == attempt, "numbered 1, 2, 3")
    try check(entry, needsUndo(node) && account.verdict != .never, "there is something to undo")
    if account.isUndoing {
      try check(entry, account.isUndoResting, "a retry was granted")
    } else if isUnwinding {
      let wave = waves.first { $0.contains { self[$0].isQueued } } ?? []
      try check(entry, account.isQueued && wave.contains(node), "the turn of its wave has come")
      try check(entry, underWay.allSatisfy { wave.contains($0) }, "the wave before has settled")
    } else {
      try check(entry, isOwedAtOnce(node), "undone at once, out of the order")
    }
    note(node) {
      $0.undoAttempts = attempt; $0.undoOpen = attempt; $0.isUndoResting = false; $0.isQueued = false
    }
  }

  private mutating func accept(_ entry: Entry, _ verdict: Verdict, of node: NodeID) throws(Broken) {
    try check(entry, isStep(node) && awaitsVerdict(node), "a strategy is asked once, of what is undone")
    try check(entry, verdict != .open, "it says something")
    note(node) { $0.verdict = verdict }
    if isUnwinding, verdict != .never { queueBehind(node) }
  }

  private mutating func beginUnwind() {
    isUnwinding = true
    let order = members.sorted { self[$0].settled ?? 0 > self[$1].settled ?? 0 }
    for wave in Set(order.compactMap { self[$0].wave }).sorted() {
      waves.append(order.filter { self[$0].wave == wave })
    }
    waves += order.filter { self[$0].wave == nil }.map { [$0] }
    for node in order { note(node) { $0.isQueued = true } }
  }

  private mutating func queueBehind(_ node: NodeID) {
    waves.append([node])
    note(node) { $0.isQueued = true }
  }

  private mutating func resume() {
    isStuck = false
    isExpired = false
    for node in plan.all where hasFailed(node) && self[node].undoAttempts < .max {
      note(node) {
        $0.outcome = nil; $0.undoBase = $0.undoAttempts; $0.isUndoResting = false; $0.isQueued = true
      }
      if !waves.joined().contains(node) { waves.append([node]) }
    }
  }

  // MARK: What follows from it

  /// What is left to be undone in the order.
  var members: [NodeID] {
    plan.all.filter { isMember($0) && self[$0].undoAttempts == 0 && self[$0].outcome == nil }
  }

  private func isMember(_ node: NodeID) -> Bool { needsUndo(node) && self[node].verdict != .never }

  /// The strategy of this step has to be asked, and has not been.
  func awaitsVerdict(_ node: NodeID) -> Bool {
    let account = self[node]
    return closing == .unwind && ending == nil && isStep(node) && plan[node].traits.contains(.asksStrategy)
      && account.settled != nil && account.verdict == nil && account.undoAttempts == 0 && !account.isQueued
      && account.outcome == nil && needsUndo(node)
  }

  /// The step has to be undone at once, and has not been.
  func isOwedAtOnce(_ node: NodeID) -> Bool {
    let account = self[node]
    return closing == .unwind && !isUnwinding && ending == nil && !isExpired && needsUndo(node)
      && (plan[node].traits.contains(.undoesAtOnce) || account.verdict == .now) && account.settled != nil
      && account.undoAttempts == 0
  }

  /// Undoes that have begun and not settled.
  var underWay: [NodeID] { plan.all.filter { self[$0].isUndoing && !self[$0].isQueued } }

  var hasQueued: Bool { accounts.contains { $0.isQueued } }

  /// The wave that is under way, as far as it has not begun; empty where there is nothing to begin beside the others.
  var owedInTheWave: [NodeID] {
    guard isUnwinding, !isExpired, !isStuck, ending == nil else { return [] }
    let open = underWay
    let wave = waves.first { open.isEmpty ? $0.contains { self[$0].isQueued } : $0.contains(open[0]) }
    return (wave ?? []).filter { self[$0].isQueued }
  }

  private func hasFailed(_ node: NodeID) -> Bool {
    if case .undoFailed = self[node].outcome { true } else { false }
  }

  private func checkNothingInFlight(_ entry: Entry) throws(Broken) {
    try check(entry, !accounts.contains { $0.isActive || $0.isResting }, "everything has settled")
    try check(entry, underWay.isEmpty, "no undo is in flight")
  }

  private func checkQuiet(_ entry: Entry) throws(Broken) {
    try checkNothingInFlight(entry)
    try check(
      entry, !plan.all.contains { awaitsVerdict($0) || isOwedAtOnce($0) }, "the strategies are obeyed")
  }

  private func checkOrderIsAsked(_ entry: Entry) throws(Broken) {
    try check(entry, plan.asksWaves && closing == .unwind && !isUnwinding && !hasWaves, "asked once")
    try checkQuiet(entry)
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
    case .failed where isStuck: break  // somebody gave it up
    case .failed where closing == .stop: try checkNothingInFlight(entry)
    case .failed:
      try checkUnwound(entry)
      try check(entry, failures > 0 && plan.onCompensationFailure == .finish, "an undo has failed for good")
    }
  }

  private func checkUnwound(_ entry: Entry) throws(Broken) {
    try check(entry, isUnwinding, "undoing is under way")
    try check(entry, !hasQueued, "each undo has an outcome")
    try check(entry, members.isEmpty, "everything that needs it is undone")
    try checkNothingInFlight(entry)
  }

  private mutating func checkOutcome(
    _ entry: Entry, _ node: NodeID, replacing isReplaced: (Entry) -> Bool
  ) throws(Broken) {
    try check(entry, self[node].undoAttempts > 0, "its undo has begun")
    try check(entry, self[node].outcome.map(isReplaced) ?? true, "one outcome for each undo")
    note(node) {
      $0.outcome = entry; $0.undoOpen = nil; $0.isUndoResting = false
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

  private func mustNotRepeat(_ node: NodeID) -> Bool {
    plan[node].traits.contains(.atMostOnce) && (self[node].returned || self[node].doubtful)
  }

  private func isOptional(_ node: NodeID) -> Bool { plan[node].traits.contains(.optional) }

  /// Whether going forward leads here by now.
  private func isReached(_ node: NodeID) -> Bool {
    guard Int(node.index) < plan.nodes.count, !passed.contains(node) else { return false }
    guard let parent = plan[node].parent else { return isAdmitted }
    guard isReached(parent) else { return false }
    switch plan[parent].kind {
    case .sequential where isGuard(parent) && !self[parent].isEntered: return false
    case .sequential: return plan.children(of: parent).allSatisfy { $0 >= node || isSettled($0) }
    case .parallel: return true
    case .choice:
      guard case .some(.some(let chosen)) = branches[parent] else { return false }
      return plan.child(chosen, of: parent) == node
    case .step, .wait, .sleep, .pivot, .fail, .output: return false
    }
  }

  /// Whether going forward has passed this node.
  private func isSettled(_ node: NodeID) -> Bool {
    if passed.contains(node) { return true }
    switch plan[node].kind {
    case .sequential:
      return !self[node].isEnded && !self[node].isJudged
        && plan.children(of: node).allSatisfy { isSettled($0) }
    case .wait, .sleep: return self[node].isDone
    case .parallel: return joined.contains(node)
    case .choice:
      guard let chosen = branches[node] else { return false }
      return chosen.flatMap { plan.child($0, of: node) }.map { isSettled($0) } ?? true
    case .step:
      return self[node].settled != nil && !self[node].isReopened
        && (!self[node].failedForGood || isOptional(node))
    case .pivot: return isPivoted
    case .fail: return false
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
