@testable import Sagas

/// What can be said about an undo of a step; one column of the table.
enum UndoInput: String, CaseIterable, Sendable {
  case returned, threw, impossible, timedOut, graceOver, retryDue, retryGranted, retryRefused
  case skip, saidNow, saidLater, saidNever

  /// What a person or a strategy says; most states do not listen to that.
  static let words: [UndoInput] = [.skip, .saidNow, .saidLater, .saidNever]

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
    case .skip: .skipCompensation(node)
    case .saidNow: .answered(node, .verdict(.now))
    case .saidLater: .answered(node, .verdict(.later))
    case .saidNever: .answered(node, .verdict(.never))
    }
  }
}
