extension Entry {
  /// Whether a saga has got on by this: it does not do again what came before.
  var getsOn: Bool {
    switch self {
    case .completed, .returnedLate, .failed, .stepSkipped, .joined, .pivoted, .delivered, .elapsed,
      .childEnded,
      .undone, .undoImpossible, .undoFailed, .undoSkipped, .failing, .resumed, .unwindResumed:
      true
    case .answered(_, .retry), .answered(_, .verdict), .answered(_, .wave), .answered(_, .waves):
      false
    case .answered:
      true
    case .created, .admitted, .recovered, .unwinding, .suspended, .overdue, .stuck, .parked, .ended, .waiting,
      .started, .attemptFailed, .timedOut, .attemptCut, .lateResult, .neverStarted, .undoStarted,
      .undoTimedOut, .undoAttemptFailed, .undoReturnedLate, .unwindExpired:
      false
    }
  }
}
