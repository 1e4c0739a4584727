/// Who is being told that a step has failed, and what the saga does not begin before that is done.
struct FailureTelling: Sendable {
  struct Call: Sendable {
    let node: NodeID
    /// The worker it runs on; `nil` while it waits in the ready queue.
    var worker: Worker?
  }

  var calls: [Call] = []
  var held = SmallList<Action>()
}

extension Action {
  /// Whether it is held back while somebody is told of a failure: it begins something, or says that all is over.
  var waitsForTelling: Bool {
    switch self {
    case .run, .undo, .settle: true
    case .ask, .listen, .unlisten, .stop, .sleep, .stopUndo, .sleepUndo, .tellFailure, .limitSaga,
      .limitUnwind:
      false
    }
  }
}
