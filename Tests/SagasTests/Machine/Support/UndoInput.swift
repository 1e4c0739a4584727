@testable import Sagas

/// What can be said about an undo of a step; one column of the table.
enum UndoInput: String, CaseIterable, Sendable {
  case returned, threw, impossible, timedOut, graceOver, retryDue, retryGranted, retryRefused

  func event(_ node: NodeID, _ attempt: Attempt) -> Event {
    switch self {
    case .returned: .undoReturned(node, attempt)
    case .threw: .undoThrew(node, attempt, impossible: false)
    case .impossible: .undoThrew(node, attempt, impossible: true)
    case .timedOut: .undoTimedOut(node, attempt)
    case .graceOver: .undoGraceOver(node, attempt)
    case .retryDue: .undoRetryDue(node)
    case .retryGranted: .answered(node, .retry(.seconds(5)))
    case .retryRefused: .answered(node, .retry(nil))
    }
  }
}
