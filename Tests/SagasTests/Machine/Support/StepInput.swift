@testable import Sagas

/// What can be said about an action of a step; one column of the table.
enum StepInput: String, CaseIterable, Sendable {
  case returned, threw, threwUnknown, timedOut, graceOver, neverStarted, retryDue, retryGranted, retryRefused

  func event(_ node: NodeID, _ attempt: Attempt) -> Event {
    switch self {
    case .returned: .returned(node, attempt)
    case .threw: .threw(node, attempt, unknown: false)
    case .threwUnknown: .threw(node, attempt, unknown: true)
    case .timedOut: .timedOut(node, attempt)
    case .graceOver: .graceOver(node, attempt)
    case .neverStarted: .neverStarted(node, attempt)
    case .retryDue: .retryDue(node)
    case .retryGranted: .answered(node, .retry(.seconds(5)))
    case .retryRefused: .answered(node, .retry(nil))
    }
  }
}
