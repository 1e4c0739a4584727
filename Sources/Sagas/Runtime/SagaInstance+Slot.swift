/// Slots, where the number of sagas that run at once is limited; without a limit none of this does anything.
///
/// The machine knows no slots. What takes one is held back here: the event that would begin an attempt, or, where
/// the attempt was decided on already, its job. What gives it back is the machine having no attempt in flight.
extension SagaInstance {
  /// Whether an action may run now; if not, the saga is in line, and is told when it may.
  func mayRun(_ line: Slots.Pool.Line = .returning) -> Bool {
    guard let slots = engine.slots else { return true }
    switch slot {
    case .held: return true
    case .queued: return false
    case .none:
      switch slots.claim(self, line) {
      case .granted: slot = .held
      case .queued(let ticket): slot = .queued(ticket, due: [])
      }
      return !slot.isQueued
    }
  }

  /// Lets a new saga begin, or puts it in line.
  func admit(_ batch: inout Batch) {
    guard machine.phase == .created, !engine.isStopping, mayRun(.new) else { return }
    decide(.admit, .none, &batch)
  }

  /// A backoff is over: the next attempt begins, or waits for a slot and begins then. Until then nothing is recorded:
  /// an attempt that was recorded counts as possibly begun.
  func retry(_ node: NodeID) {
    guard awaitsRetry(node), !mayRun(), case .queued(let ticket, let due) = slot else {
      return accept(.retryDue(node))
    }
    slot = .queued(ticket, due: due + [node])
  }

  /// A slot came.
  func takeSlot() {
    guard case .queued(let ticket, let due) = slot else {
      // It was on its way when the saga left the line.
      engine.slots?.release()
      return
    }
    // The saga may have left the line and joined it again while this slot was on its way.
    engine.slots?.withdraw(ticket)
    slot = .held
    var begins = false
    for index in flights.indices where flights[index].awaitsSlot {
      flights[index].awaitsSlot = false
      outbox.append(Job(saga: self, work: .run(flights[index].node, flights[index].attempt)))
      begins = true
    }
    process { instance, batch in
      instance.admit(&batch)
      for node in due where !instance.engine.isStopping { instance.decide(.retryDue(node), .none, &batch) }
    }
    if begins { publish() }
  }

  /// Gives back the slot, or the place in line, once nothing needs it any more.
  func settleSlot() {
    if retirement == nil {
      if machine.active > 0 || machine.phase == .created { return }
      if case .queued(_, let due) = slot, due.contains(where: awaitsRetry) { return }
    }
    switch slot {
    case .none: return
    case .queued(let ticket, _): engine.slots?.withdraw(ticket)
    case .held: engine.slots?.release()
    }
    slot = .none
  }

  private func awaitsRetry(_ node: NodeID) -> Bool {
    machine.phase == .forward && machine[node].forward == .backoff
  }
}
