/// Telling that a step has failed for good.
///
/// The machine has decided what follows, and that is durable; what would begin of it is held back here until whoever
/// is told has returned. So the machine knows nothing of it, and recovery does not tell again.
extension SagaInstance {
  func beginTelling(_ node: NodeID) {
    if telling == nil { telling = FailureTelling() }
    telling?.calls.append(.init(node: node))
    outbox.append(Job(saga: self, work: .tellFailure(node)))
  }

  /// Calls the step's `onError`, off this actor; its time begins now.
  func tellFailure(of node: NodeID, on worker: Worker) async {
    guard let index = telling?.calls.firstIndex(where: { $0.node == node && $0.worker == nil }),
      let hook = program[node].step?.value.onError
    else { return }
    let error =
      data.errors[node]
      ?? SagaError(.unsettled, "has no outcome", saga: info.id, step: program.plan.name(of: node))
    telling?.calls[index].worker = worker
    arm(.failureTold(node), at: clock.now.advanced(by: program.plan[node].settleGrace))
    await hook(
      error,
      run(node, attempt: machine[node].attempts, path: program.plan.name(of: node), isAttempt: false))
    endTelling { $0.worker === worker }
  }

  /// Goes on without whoever is told, and asks them to stop.
  func giveUpTelling(_ node: NodeID) {
    telling?.calls.first { $0.node == node }?.worker?.cancel()
    endTelling { $0.node == node }
  }

  /// Nobody waits any more.
  func stopTelling() {
    guard let calls = telling?.calls else { return }
    telling = nil
    for call in calls { call.worker?.cancel() }
  }

  private func endTelling(of isOver: (FailureTelling.Call) -> Bool) {
    guard var rest = telling, let index = rest.calls.firstIndex(where: isOver) else { return }
    forget(.failureTold(rest.calls.remove(at: index).node))
    telling = rest.calls.isEmpty ? nil : rest
    guard rest.calls.isEmpty else { return }
    act(rest.held)
    announce()
    if engine.slots != nil { settleSlot() }
  }
}
