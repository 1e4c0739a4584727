/// What happens to a saga, from outside the machine.
///
/// Values and errors ride beside the event, so that events stay small and `Equatable`.
enum Event: Hashable, Sendable {
  // The saga
  /// Somebody starts it.
  case create
  /// It got a slot.
  case admit
  /// Its log was loaded; whatever was in flight is gone. `byHand`: somebody wants it tried, however often it was.
  case recover(byHand: Bool)
  /// Its log was loaded, of a saga that was recovered too often; somebody wants nothing of it run any more.
  case giveUp
  /// Somebody does not want it to go on: what was done is undone, or stays.
  case cancel(compensating: Bool)
  /// Somebody wants it held.
  case suspend
  /// Somebody wants it to go on.
  case resume
  /// Somebody wants it to go on from this node.
  case resumeFrom(NodeID)
  /// Somebody decides that this step, which failed and holds the saga, is left out.
  case skip(NodeID)
  /// Somebody wants it undone, where it is held.
  case compensate
  /// Its own time limit has passed.
  case sagaTimedOut
  /// The time limit of the whole unwind has passed.
  case unwindTimedOut
  /// Somebody wants the undoes that failed tried again, and the rest of the unwind run.
  case retryCompensation
  /// Somebody says that this step needs no undo.
  case skipCompensation(NodeID)
  /// Somebody gives the saga up.
  case abandon

  // A node
  case answered(NodeID, Answer)
  /// An event is there that the node waits for, by the number of its kind.
  case delivered(NodeID, alternative: UInt16)
  /// The time of a sleep, or the limit of a wait, has come.
  case elapsed(NodeID)

  // An attempt of an action
  case returned(NodeID, Attempt)
  /// `unknown`: the error leaves open whether the action took effect.
  case threw(NodeID, Attempt, unknown: Bool)
  case timedOut(NodeID, Attempt)
  case graceOver(NodeID, Attempt)
  /// The driver found a `.run` that must not begin any more.
  case neverStarted(NodeID, Attempt)
  case retryDue(NodeID)

  // An attempt of an undo
  case undoReturned(NodeID, Attempt)
  /// `impossible`: the undo says that it cannot be done, ever.
  case undoThrew(NodeID, Attempt, impossible: Bool)
  case undoTimedOut(NodeID, Attempt)
  case undoGraceOver(NodeID, Attempt)
  case undoRetryDue(NodeID)
}
