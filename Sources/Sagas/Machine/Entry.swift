/// One line of a saga's journal: something that was decided or accepted, and never changes afterwards.
///
/// The list is that of the whole product. Entries of constructs that a plan does not have are refused by `apply`.
enum Entry: Hashable, Sendable {
  // MARK: The saga

  case created
  case admitted
  /// A process took the log over; attempts without an outcome are presumed to have begun.
  case recovered
  /// The saga's failure was accepted; everything in flight is asked to stop.
  case failing(Cause, then: Closing)
  /// Everything has settled; what is to be undone, and in which order, is fixed.
  case unwinding
  /// It is held: nothing more begins, and it waits for no slot.
  case suspended
  /// It goes on, with the node named where there is one. What comes before that is skipped over, as far as it has not
  /// settled; it and what comes behind it is still to come.
  case resumed(from: NodeID?)
  case overdue
  case stuck
  case parked
  case ended(Ending)

  // MARK: Nodes

  case answered(NodeID, Answer)
  /// All branches of a group have settled; their writes are applied.
  case joined(NodeID)
  /// The point of no return was reached.
  case pivoted(NodeID)
  /// Somebody decided that a step which failed and holds the saga is left out.
  case stepSkipped(NodeID)
  /// A wait, a sleep or a child is under way.
  case waiting(NodeID)
  /// An event, by its alternative, satisfied a wait.
  case delivered(NodeID, alternative: UInt16)
  /// The time of a sleep or a wait has come.
  case elapsed(NodeID)
  case childEnded(NodeID, Ending)

  // MARK: Attempts

  case started(NodeID, Attempt)
  /// The attempt returned, and the step is done.
  case completed(NodeID, Attempt)
  /// The attempt threw by itself.
  case attemptFailed(NodeID, Attempt, unknown: Bool)
  /// The attempt ran out of time and was asked to stop.
  case timedOut(NodeID, Attempt)
  /// An attempt asked to stop threw, did not return in time, or went down with its process: unknown.
  case attemptCut(NodeID, Attempt)
  /// An attempt that had run out of time returned after all: the effect is known to be there.
  case returnedLate(NodeID, Attempt)
  /// A result that came after its undo had begun or the saga had ended.
  case lateResult(NodeID, Attempt)
  /// The attempt was decided on, but never began.
  case neverStarted(NodeID, Attempt)
  /// The step has failed for good.
  case failed(NodeID)

  // MARK: Undo

  case undoStarted(NodeID, Attempt)
  case undoTimedOut(NodeID, Attempt)
  case undoAttemptFailed(NodeID, Attempt)
  /// An attempt given up earlier returned while another one is in flight.
  case undoReturnedLate(NodeID, Attempt)
  case undone(NodeID, Attempt)
  case undoImpossible(NodeID, Attempt)
  /// The undo has failed for good.
  case undoFailed(NodeID)
  /// Somebody decided that the step needs no undo.
  case undoSkipped(NodeID)
  /// The unwind took longer than it may: nothing more of it begins.
  case unwindExpired
  /// Somebody wants what is left of the unwind, and the undoes that failed, run again.
  case unwindResumed
}
