/// What rides beside an event: a value or an error of the user's.
enum Payload: Sendable {
  case none
  /// `encoded`: the same as bytes, where the journal keeps bytes.
  case value(any Sendable, encoded: [UInt8]?)
  case error(any Error)

  var error: (any Error)? {
    if case .error(let error) = self { error } else { nil }
  }
}

extension Entry {
  /// Whether this entry is the one that what rides beside the event belongs to.
  var carriesPayload: Bool {
    switch self {
    case .completed, .returnedLate, .lateResult, .attemptFailed, .attemptCut, .undoAttemptFailed,
      .undoImpossible,
      .answered(_, .failure), .answered(_, .noFailure), .answered(_, .output), .answered(_, .waves),
      .delivered:
      true
    case .created, .admitted, .recovered, .failing, .unwinding, .suspended, .resumed, .overdue, .stuck,
      .parked,
      .ended, .answered, .joined, .pivoted, .stepSkipped, .waiting, .elapsed, .childEnded,
      .started, .timedOut,
      .neverStarted, .failed, .undoStarted, .undoTimedOut, .undoReturnedLate, .undone, .undoFailed,
      .undoSkipped, .unwindExpired, .unwindResumed:
      false
    }
  }
}
