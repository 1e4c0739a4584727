extension SagaMachine {
  /// Why it would not do what is asked; `nil` where it does, or where there is nothing left to do that is asked.
  ///
  /// To be asked in the same turn in which the machine is told: what holds now may not hold then.
  func refusal(of verb: Verb) -> Refusal? {
    switch verb {
    case .cancel(let compensating): compensating && isPastPivot && goesForward ? .pastPivot : nil
    case .suspend: goesForward && status != .stuck ? nil : .status
    case .resume: goesForward && status != .stuck ? repeats : .status
    case .resumeFrom(let node): status == .suspended ? obstacle(to: node).map(Refusal.obstacle) : .status
    case .compensate: isPastPivot && goesForward ? .pastPivot : phase == .suspended ? nil : .status
    case .retry:
      isStuckBehindPivot && status == .stuck ? repeats : phase == .stuck ? .stuckOtherwise : .status
    case .skip(let node): refusal(ofSkipping: node)
    case .retryCompensation: isStuckInUnwind ? nil : status == .stuck ? .stuckOtherwise : .status
    case .skipCompensation(let node):
      isStuckInUnwind
        ? isLegal(.undoSkipped(node)) ? nil : .undoNotFailed(node)
        : status == .stuck ? .stuckOtherwise : .status
    case .abandon: isStuckInUnwind || phase == .suspended && active == 0 && !isDeciding ? nil : .status
    }
  }

  private func refusal(ofSkipping node: NodeID) -> Refusal? {
    guard phase == .suspended, status == .suspended || status == .stuck else { return .status }
    // A scope that an event ends is none that somebody could name.
    guard reopens(node), !isGuard(node) else { return .notFailed(node) }
    return plan[node].kind == .output ? .output(node) : nil
  }

  /// Nothing has decided yet that it does not go on.
  var goesForward: Bool { phase == .created || phase == .forward || phase == .suspended }

  private var isStuckInUnwind: Bool { phase == .stuck }

  private var repeats: Refusal? {
    let steps = unrepeatable
    return steps.isEmpty ? nil : .repeats(steps)
  }
}
