/// Leaving an orchestrator that is being shut down.
///
/// The machine knows nothing of it. What it decides goes into the journal as ever; what it wants begun is not begun,
/// and so is just what a crash would have cut off: whoever recovers the saga begins it, under the same key.
extension SagaInstance {
  /// Leaves once what runs has settled and is durable, at that time at the latest.
  func leave(by deadline: Timestamp) {
    // What is in a queue still does not begin any more.
    flights.removeAll { $0.worker == nil }
    leave()
    if retirement == nil, !machine.phase.isTerminal || !unwritten.isEmpty { arm(.leave, at: deadline) }
  }

  /// Leaves, if nothing keeps it.
  func leave() {
    if mayLeave { retire(.shutDown(info.id)) }
  }

  /// Leaves without waiting any longer: what is in flight is cut off, what is not durable is given up.
  func leaveAsItIs() {
    guard machine.phase == .new else { return retire(.shutDown(info.id)) }
    // Without bytes its creation needs no answer from a store: it is about to come, and leaves then.
    if engine.keepsBytes { retire(.admissionStopped(info.name)) }
  }

  /// Nothing of it runs, nobody is being told of a failure (recovery does not tell again), and everything is durable.
  var mayLeave: Bool {
    guard retirement == nil, machine.phase != .new, !machine.phase.isTerminal, unwritten.isEmpty,
      telling == nil
    else { return false }
    return !flights.contains { $0.worker != nil && isAwaited($0) }
  }

  /// Whether the machine waits for this attempt: one that was given up may take as long as it likes.
  private func isAwaited(_ flight: Flight) -> Bool {
    let row = machine[flight.node]
    return switch flight.side {
    case .action: row.isActive && row.attempts == flight.attempt
    case .undo: (row.undo == .running || row.undo == .stopping) && row.undoAttempts == flight.attempt
    }
  }
}

extension Event {
  /// Whether this is a time that has come for something to begin or to end, and not one for what runs.
  var beginsSomething: Bool {
    switch self {
    case .retryDue, .elapsed, .undoRetryDue, .sagaTimedOut, .unwindTimedOut: true
    default: false
    }
  }
}
