/// The rules of a saga, as a value: events go in, entries and actions come out.
///
/// No task, clock, store, randomness or user code. `handle` decides, and changes nothing except by `apply`, so that
/// applying the entries of a log gives the machine that wrote it. The order in which `handle` accepts events is the
/// order of the saga.
struct SagaMachine: Hashable, Sendable {
  var plan: SagaPlan
  var phase = Phase.new
  /// A dense prefix of the plan's nodes: pre-order makes the touched ones a prefix.
  var rows: [Row] = []
  /// Why the saga does not go forward any more, and what it comes to.
  var cause: Cause?
  var closing = Closing.unwind
  /// The point of no return was reached.
  var isPastPivot = false
  /// Its own time limit has passed, and that did not end it.
  var isOverdue = false
  var unwind: Unwind? {
    get { unwinding.value }
    _modify { yield &unwinding.value }
  }
  private var unwinding = Aside<Unwind>()
  /// Completed steps that somebody wanted run once more, in that order.
  var repetitions: [Repetition] = []
  /// Attempts of actions in flight.
  var active: Int32 = 0
  /// Steps waiting for a time.
  var resting: Int32 = 0
  /// Waits and sleeps under way.
  var waits: Int32 = 0
  /// Steps that have settled so far: the clock that orders undoing.
  var settled: UInt32 = 0
  /// Steps that have begun so far.
  var begun: UInt32 = 0
  /// How often it was recovered with something in flight since it got on last.
  var recoveries: UInt16 = 0
  /// How many entries were applied; the number of the next one.
  var entries: UInt64 = 0
  /// When the last entry was recorded; recorded time never goes back.
  var time = Timestamp(nanoseconds: 0)
  @Packed var startedAt: Timestamp?
  @Packed var admittedAt: Timestamp?
  @Packed var endedAt: Timestamp?

  init(plan: SagaPlan) { self.plan = plan }

  /// What is known of a node.
  subscript(node: NodeID) -> Row {
    rows.indices.contains(Int(node.index)) ? rows[Int(node.index)] : Row()
  }

  /// Whether an attempt of this step's action or undo has begun and has no outcome.
  func isInFlight(_ node: NodeID) -> Bool {
    self[node].isActive || self[node].undo == .running || self[node].undo == .stopping
  }

  /// Something has begun, an action or an undo, and has no outcome.
  var hasSomethingInFlight: Bool { plan.all.prefix(rows.count).contains { isInFlight($0) } }

  /// Whether it was recovered so often without getting on that it is not taken up again by itself: what it has in
  /// flight is suspected of ending the process.
  var isWornOut: Bool {
    guard let limit = plan.recoveryLimit, Int(recoveries) >= limit else { return false }
    return !phase.isTerminal && hasSomethingInFlight
  }

  /// The status a person sees.
  var status: SagaStatus {
    switch phase {
    case .new, .created: .created
    case .forward: active > 0 || resting == 0 && waits == 0 ? .running : .waiting
    case .suspended: active > 0 ? .running : isStuckBehindPivot ? .stuck : .suspended
    case .closing where closing == .stop: .running  // what is in flight settles, and nothing is undone
    case .closing, .unwinding: .compensating
    case .stuck: .stuck
    case .completed: .completed
    case .compensated: .compensated
    case .failed: .failed
    }
  }

  /// A step behind the pivot has failed for good: somebody has to decide.
  var isStuckBehindPivot: Bool { phase == .suspended && isPastPivot && firstFailure != nil }

  /// The status of a step, as a person sees it.
  func status(of node: NodeID) -> StepStatus {
    let row = self[node]
    switch row.undo {
    case .running, .stopping, .deciding, .backoff: return .compensating
    case .undone: return .compensated
    case .impossible, .failed, .skipped: return .compensationFailed
    case .none, .queued: break
    }
    switch row.forward {
    case .pending:
      guard cause != nil || phase.isTerminal else { return .pending }
      return row.order == 0 ? .blocked : row.effect == .unknown ? .unknown : .failed
    case .running, .stopping, .closing, .deciding: return .running
    case .backoff, .waiting: return .waiting
    case .completed: return .completed
    case .failed: return .failed
    case .unknown: return .unknown
    case .skipped: return .skipped
    }
  }

  /// Whether the step's effect, as far as it is known, has an undo declared for it.
  func needsUndo(_ node: NodeID) -> Bool {
    let traits = plan[node].traits
    return switch self[node].effect {
    case .none: false
    case .completed: traits.contains(.undoesCompleted)
    case .unknown: traits.contains(.undoesUnknown)
    case .failed: traits.contains(.undoesFailed)
    }
  }

  /// Whether the step is one of those to be undone in the order, as far as is known.
  func isMember(_ node: NodeID) -> Bool {
    self[node].undo == .none && self[node].verdict != .never && needsUndo(node)
  }

  /// Whether the step's strategy has to be asked.
  func awaitsVerdict(_ node: NodeID) -> Bool {
    guard plan[node].traits.contains(.asksStrategy) else { return false }
    return self[node].verdict == .open && self[node].undo == .none && self[node].isSettled && needsUndo(node)
  }

  /// Whether the step is undone at once.
  func undoesAtOnce(_ node: NodeID) -> Bool {
    guard plan[node].traits.contains(.undoesAtOnce) || self[node].verdict == .now else { return false }
    return self[node].undo == .none && self[node].isSettled && needsUndo(node)
  }

  /// Whether another attempt of this step could be one too many.
  func mustNotRepeat(_ node: NodeID) -> Bool {
    guard plan[node].traits.contains(.atMostOnce) else { return false }
    return !self[node].flags.isDisjoint(with: [.returned, .doubtful])
  }

  /// What failed, holds the saga, and cannot begin again.
  var unrepeatable: [NodeID] {
    guard phase == .suspended else { return [] }
    return plan.all.prefix(rows.count).filter { reopens($0) && mustNotRepeat($0) }
  }

  /// Whether something of this step stands in the world that the saga has not undone, or cannot tell about.
  func isUnresolved(_ node: NodeID) -> Bool {
    let row = self[node]
    let traits = plan[node].traits
    if row.flags.contains(.late) { return true }
    switch row.undo {
    case .undone: return false
    case .impossible, .failed, .skipped: return true
    case .none, .queued, .running, .stopping, .deciding, .backoff: break
    }
    if phase == .failed, needsUndo(node), row.verdict != .never { return true }
    guard row.effect == .unknown, !row.isActive, row.forward != .backoff else { return false }
    if traits.contains(.optional) || row.forward == .skipped { return true }
    return !traits.isDisjoint(with: .anyUndo) && !traits.contains(.undoesUnknown)
  }
}

extension SagaPlan: Hashable {
  static func == (a: SagaPlan, b: SagaPlan) -> Bool { a === b }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
