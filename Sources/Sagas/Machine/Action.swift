/// What the driver is to do, once the entries that led to it are durable. Questions are answered before.
enum Action: Hashable, Sendable {
  /// Answer now, in the same record.
  case ask(NodeID, Question)
  /// Begin an attempt of the step's action.
  case run(NodeID, Attempt)
  /// Ask an attempt to stop; its settle grace begins.
  case stop(NodeID, Attempt)
  /// Say `delivered` for each event that the node waits for, those already there included, the oldest first, until it
  /// is told to stop.
  case listen(NodeID)
  /// Say neither `delivered` nor `elapsed` of this node any more.
  case unlisten(NodeID)
  /// Say `retryDue` at that time; `elapsed` of a wait or a sleep.
  case sleep(NodeID, until: Timestamp)
  /// Begin an attempt of the step's undo.
  case undo(NodeID, Attempt)
  /// Ask an attempt of the undo to stop; its grace begins.
  case stopUndo(NodeID, Attempt)
  /// Say `undoRetryDue` at that time.
  case sleepUndo(NodeID, until: Timestamp)
  /// Tell that the step has failed for good. Nothing that is ordered behind it begins before that is done.
  case tellFailure(NodeID)
  /// Say `sagaTimedOut` at that time.
  case limitSaga(until: Timestamp)
  /// Say `unwindTimedOut` at that time.
  case limitUnwind(until: Timestamp)
  /// The saga does not go on by itself: tell whoever waits for that.
  case settle(SagaStatus)
}
