extension Verb {
  /// What is told to whoever asked in vain.
  func error(_ refusal: Refusal, _ status: SagaStatus, _ plan: SagaPlan, saga: String) -> SagaError {
    func problem(_ message: String, _ node: NodeID) -> SagaError {
      SagaError(.invalidArgument, message, saga: saga, step: plan.name(of: node))
    }
    switch refusal {
    case .status: return error(in: status, saga: saga)
    case .pastPivot: return .pastPivot(saga, name)
    case .stuckOtherwise: return .stuckOtherwise(saga, name, isForUnwind: isForUnwind)
    case .repeats(let nodes): return .mustNotRepeat(saga, name, nodes.map { plan.name(of: $0) })
    case .obstacle(let obstacle):
      guard case .resumeFrom(let node) = self else { return error(in: status, saga: saga) }
      return obstacle.error(from: node, plan, saga: saga)
    case .notFailed(let node): return problem("has not failed; only what failed can be skipped", node)
    case .output(let node): return problem("is what the saga comes to, and cannot be skipped", node)
    case .undoNotFailed(let node):
      return problem("has no undo that failed; only those can be skipped", node)
    }
  }

  /// The status is not one of those it is for.
  private func error(in status: SagaStatus, saga: String) -> SagaError {
    switch self {
    case .suspend: .notRunning(saga, status)
    case .resume, .resumeFrom, .compensate: .notSuspended(saga, name, status)
    case .skip: .notHeld(saga, name, status)
    case .retry, .retryCompensation, .skipCompensation: .notStuck(saga, name, status)
    case .abandon, .cancel: .notAtStandstill(saga, status)
    }
  }

  private var isForUnwind: Bool {
    switch self {
    case .retryCompensation, .skipCompensation: true
    case .cancel, .suspend, .resume, .resumeFrom, .compensate, .retry, .skip, .abandon: false
    }
  }

  /// As it is spelt in Swift.
  var name: String {
    switch self {
    case .cancel: "cancel"
    case .suspend: "suspend"
    case .resume: "resume"
    case .resumeFrom: "resume(from:)"
    case .compensate: "compensate"
    case .retry: "retry"
    case .skip: "skip"
    case .retryCompensation: "retryCompensation"
    case .skipCompensation: "skipCompensation"
    case .abandon: "abandon"
    }
  }
}

extension Obstacle {
  /// What is told to whoever wanted a saga to go on from there, or to begin there.
  func error(from node: NodeID, _ plan: SagaPlan, saga: String) -> SagaError {
    let name = plan.name(of: node)
    return switch self {
    case .pivot: .beforePivot(saga, from: name)
    case .choice(let choice): .notTaken(saga, name, choice: plan.name(of: choice))
    case .effects(let nodes): .wouldRepeat(saga, from: name, nodes.map { plan.name(of: $0) })
    }
  }
}
