extension SagaInstance {
  /// What a decision means to those who watch over the saga: retries are counted, the rest is announced with the
  /// record it is part of.
  func note(_ entry: Entry, in batch: inout Batch) {
    switch entry {
    // Most attempts are a step's first: then nobody looks at the row.
    case .started(let node, let attempt) where attempt > 1 && isRetry(attempt, machine[node].base):
      program.tally.retry(info)
    case .undoStarted(let node, let attempt) where attempt > 1 && isRetry(attempt, machine[node].undoBase):
      program.tally.retry(info)
    case .started, .completed, .undoStarted, .undone, .created, .admitted, .joined, .ended, .unwinding:
      return
    default:
      guard engine.supervisor.hub.isHeard, let (kind, node, error) = announcement(of: entry) else { return }
      batch.announcements.append(
        SupervisorEvent(
          kind, at: batch.time, id: info.id, name: info.name, status: machine.status,
          step: node.map { program.plan.name(of: $0) }, error: error))
    }
  }

  /// Whether an attempt is one more, not the first one since the saga was resumed.
  private func isRetry(_ attempt: Attempt, _ base: Attempt) -> Bool { Int(attempt) > Int(base) + 1 }

  private func announcement(
    of entry: Entry
  ) -> (kind: SupervisorEvent.Kind, node: NodeID?, error: (any Error)?)? {
    switch entry {
    case .failing(.node(let node), _): return (.sagaFailed, node, data.failure)
    case .failing(.deadline, _): return (.sagaTimedOut, nil, data.failure)
    case .overdue:
      let error = SagaTimedOut(timeout: program.plan.timeout ?? .zero)
      return (machine.isPastPivot ? .overdue : .sagaTimedOut, nil, error)
    case .failed(let node), .answered(let node, .failure), .elapsed(let node):
      guard machine.phase == .suspended, machine.firstFailure == node else { return nil }
      return (.sagaFailed, node, data.errors[node])
    case .answered(let node, .retry(nil)):
      let isUndo = machine[node].undoAttempts > 0
      guard areRetriesUsedUp(of: node, isUndo: isUndo) else { return nil }
      return (.retriesExhausted, node, isUndo ? data.undoErrors[node] : data.errors[node])
    case .lateResult(let node, _): return (.lateResult, node, nil)
    case .recovered: return (.recovered, nil, nil)
    default: return nil
    }
  }

  /// Whether a retry policy that said no did so because there were enough, not because of the error.
  private func areRetriesUsedUp(of node: NodeID, isUndo: Bool) -> Bool {
    let row = machine[node]
    let code = program[node].step?.value
    let attempts = isUndo ? row.undoAttempts - row.undoBase : row.attempts - row.base
    let policy = isUndo ? code?.undoRetry ?? program.defaultUndoRetry : code?.retry ?? program.defaultRetry
    // What a closure goes by is its own affair: one that has agreed to a retry before is taken to have had enough.
    return Int(attempts) > policy.retries ?? 1
  }

  /// Announces what was decided in a record that has become durable.
  func announce(_ announcements: [SupervisorEvent]) {
    for announcement in announcements { engine.supervisor.hub.push(announcement) }
  }

  /// The saga has come to stand still.
  func noteStandstill(_ status: SagaStatus) {
    let supervisor = engine.supervisor
    if supervisor.hub.isHeard {
      let failed = status == .stuck && machine.phase == .stuck ? firstFailedUndo : machine.firstFailure
      let error = failed.flatMap { machine.phase == .stuck ? data.undoErrors[$0] : data.errors[$0] }
      supervisor.hub.push(
        SupervisorEvent(
          status == .stuck ? .sagaStuck : .sagaSuspended, at: machine.time, id: info.id, name: info.name,
          status: status, step: failed.map { program.plan.name(of: $0) }, error: error))
    }
    // One that was taken up as it was has not got stuck now.
    let isTakenUp = firstOwn > 0 && machine.entries == firstOwn + 1
    if status == .stuck, !isTakenUp { supervisor.note(self, status, at: machine.time) }
  }

  private var firstFailedUndo: NodeID? {
    program.plan.all.prefix(machine.rows.count).first { machine[$0].undo == .failed }
  }

  // MARK: Being looked at

  /// Notes for those who look from outside that something was recorded.
  func beat() { pulse.beat(presentStatus, at: machine.time) }

  private var presentStatus: SagaStatus {
    engine.slots != nil && slot.isQueued && machine.status == .running ? .waiting : machine.status
  }

  /// What there is to see of a saga that stalls or is suspended; `nil` of any other.
  func sight(stallThreshold: Duration?) -> Sight? {
    guard retirement == nil else { return nil }
    let isStalled = stallThreshold.map { hasStalled(for: $0) } ?? false
    guard isStalled || machine.status == .suspended else { return nil }
    let image = image
    let current = isStalled ? image.update(nil).currentSteps.first : nil
    return Sight(
      isStalled: isStalled, lastRecord: machine.time, step: current, mayAct: unwritten.isEmpty,
      report: image.report(bulletin.progress))
  }

  /// Whether it has recorded nothing for so long although something of it should go on by itself, and nothing of it
  /// waits for a time: not even for a limit of the attempt in flight. Limits of the whole saga do not count.
  private func hasStalled(for threshold: Duration) -> Bool {
    guard machine.time.duration(to: clock.now) >= threshold, machine.resting == 0 else { return false }
    guard [.running, .compensating].contains(presentStatus) else { return false }
    return timers.allSatisfy { [.event(.sagaTimedOut), .event(.unwindTimedOut)].contains($0.alarm) }
  }

  /// What it has recorded, to be held against its store; `nil` while something is under way to the store.
  var recordedMachine: SagaMachine? {
    retirement == nil && unwritten.isEmpty && machine.phase != .new && !machine.phase.isTerminal
      ? machine : nil
  }
}
