/// What a record says in the words of a person, for stores that keep tables. Others pay nothing for
/// that.
extension SagaInstance {
  func details(of batch: Batch) -> JournalRecord.Details? {
    guard engine.wantsDetails, let entries = batch.format?.entries else { return nil }
    var changed: [(node: NodeID, result: [UInt8]?)] = []
    var changesMore = false
    var target: NodeID?
    var output: [UInt8]?
    var fails = false
    for (entry, attachment) in entries {
      if let node = entry.step, isShown(node) {
        if let index = changed.firstIndex(where: { $0.node == node }) {
          changed[index].result = result(of: node, in: attachment) ?? changed[index].result
        } else {
          changed.append((node, result(of: node, in: attachment)))
        }
      }
      switch entry {
      case .failing:
        changesMore = true
        fails = true
      case .answered(_, .output): output = result(in: attachment)
      case .resumed(.some(let node)):
        changesMore = true
        target = node
      // What still waits does so no more when a saga is given up.
      case .answered(_, .branch), .unwinding, .resumed(nil), .unwindResumed, .ended(.failed):
        changesMore = true
      default: break
      }
    }
    if changesMore {
      // One that is to run again has been something else.
      let known = target == nil ? 0 : machine.rows.count
      let before = Set(changed.map(\.node))
      for node in program.plan.all
      where isShown(node) && (node.index < known || machine.status(of: node) != .pending) {
        if !before.contains(node) { changed.append((node, nil)) }
      }
    }
    return JournalRecord.Details(
      creation: batch.header.map { header in
        JournalRecord.Details.Creation(
          metadata: header.metadata, input: engine.writesJSON ? header.input : nil,
          outline: program.outline)
      },
      steps: changed.map { change(of: $0.node, result: $0.result, from: target) }, output: output,
      error: fails ? data.failure.map { describeType(of: $0) } : nil,
      waysOut: machine.waysOut.map { $0.wayOut(program.plan) })
  }

  private func isShown(_ node: NodeID) -> Bool { program.plan[node].isCounted }

  /// Nobody who looks is shown what is not to be kept.
  private func result(of node: NodeID, in attachment: RecordFormat.Attachment) -> [UInt8]? {
    program.isRedacted(node) ? nil : result(in: attachment)
  }

  private func result(in attachment: RecordFormat.Attachment) -> [UInt8]? {
    switch attachment {
    case .value(let bytes): engine.writesJSON ? bytes : nil
    case .scratch(_, let own), .event(_, let own): result(in: own)
    case .none, .error, .header, .redacted: nil
    }
  }

  private func change(of node: NodeID, result: [UInt8]?, from target: NodeID?) -> StepChange {
    let row = machine[node]
    let isAgain = target.map { program.plan.place(of: node, from: $0) == .behind } ?? false
    return StepChange(
      name: program.plan.name(of: node), status: machine.status(of: node), attempts: Int(row.attempts),
      startedAt: row.startedAt, endedAt: row.endedAt, dueAt: row.due,
      runsAgain: isAgain && [.pending, .running, .waiting].contains(machine.status(of: node)), result: result,
      error: data.errors[node].map { describeType(of: $0) }, undo: row.undo.shown,
      undoAttempts: Int(row.undoAttempts), undoError: data.undoErrors[node].map { describeType(of: $0) })
  }
}

extension Row.Undo {
  fileprivate var shown: StepChange.Undo? {
    switch self {
    case .none: nil
    case .queued: .queued
    case .running, .stopping, .deciding: .running
    case .backoff: .waiting
    case .undone: .compensated
    case .impossible: .impossible
    case .failed: .failed
    case .skipped: .skipped
    }
  }
}

extension Entry {
  /// The one node this is about, where it is about a step.
  fileprivate var step: NodeID? {
    switch self {
    case .started(let node, _), .completed(let node, _), .attemptFailed(let node, _, _),
      .timedOut(let node, _), .attemptCut(let node, _), .returnedLate(let node, _), .lateResult(let node, _),
      .neverStarted(let node, _), .failed(let node), .stepSkipped(let node), .answered(let node, _),
      .undoStarted(let node, _), .undoTimedOut(let node, _), .undoAttemptFailed(let node, _),
      .undoReturnedLate(let node, _), .undone(let node, _), .undoImpossible(let node, _),
      .undoFailed(let node), .undoSkipped(let node), .waiting(let node), .delivered(let node, _),
      .elapsed(let node):
      node
    case .created, .admitted, .recovered, .failing, .unwinding, .suspended, .resumed, .overdue, .stuck,
      .parked, .ended, .joined, .pivoted, .childEnded, .unwindExpired, .unwindResumed:
      nil
    }
  }
}
