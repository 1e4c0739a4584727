extension SagaInstance {
  /// Has the saga told something at that time.
  func arm(_ alarm: SagaTimer.Alarm, at time: Timestamp) {
    timers.append(SagaTimer(time: time, alarm: alarm))
    rearm()
  }

  /// Has the saga not told that any more.
  func forget(_ alarm: SagaTimer.Alarm) {
    if timers.isEmpty { return }
    timers.removeAll { $0.alarm == alarm }
    rearm()
  }

  /// Forgets the limits of an attempt that has come back. Those of the undo have numbers of their own: an action
  /// that comes back late must not free an undo of its limit.
  func disarm(_ node: NodeID, _ attempt: Attempt, _ side: Flight.Side) {
    if timers.isEmpty { return }
    timers.removeAll { timer in
      switch (side, timer.alarm) {
      case (.action, .event(.timedOut(node, attempt))), (.action, .event(.graceOver(node, attempt))),
        (.undo, .event(.undoTimedOut(node, attempt))), (.undo, .event(.undoGraceOver(node, attempt))):
        true
      default: false
      }
    }
  }

  /// Keeps one place in the engine's heap, no later than the earliest timer. One that has become too early is left:
  /// the saga looks, finds nothing due, and takes the right one.
  func rearm() {
    guard let earliest = timers.lazy.map(\.time).min() else {
      if let ticket { engine.deadlines.cancel(ticket.ticket) }
      ticket = nil
      return
    }
    if let ticket {
      if ticket.time <= earliest { return }
      engine.deadlines.cancel(ticket.ticket)
    }
    ticket = (engine.deadlines.schedule(self, at: earliest), earliest)
  }

  /// Decides on what is due, and hands on what follows.
  func fire() {
    fireTimers()
    send()
  }

  /// Tells what is due, in order of due time.
  func fireTimers() {
    // Out of the heap already, unless an earlier one has replaced it meanwhile.
    if let ticket { engine.deadlines.cancel(ticket.ticket) }
    ticket = nil
    let now = clock.now
    let due = timers.enumerated().filter { $0.element.time <= now }
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    timers.removeAll { $0.time <= now }
    for timer in due {
      switch timer.alarm {
      case .event(let event) where engine.isStopping && event.beginsSomething: continue  // due when recovered
      case .event(.retryDue(let node)): retry(node)
      case .event(.elapsed(let node)):
        // What was published in time comes first, also where nobody was there to take it.
        takeEvents()
        accept(.elapsed(node))
      case .event(let event): accept(event)
      case .failureTold(let node): giveUpTelling(node)
      case .write: writeAgain()
      case .leave: leaveAsItIs()
      }
    }
    rearm()
  }
}
