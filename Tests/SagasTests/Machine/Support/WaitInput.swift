@testable import Sagas

/// What can be said about a wait, a sleep or a guarded sequence; one column of the table.
enum WaitInput: String, CaseIterable, Sendable {
  case delivered, elapsed, keyRead, keyMissing, judgedFine, judgedFailed

  func event(_ node: NodeID) -> Event {
    switch self {
    case .delivered: .delivered(node, alternative: 0)
    case .elapsed: .elapsed(node)
    case .keyRead: .answered(node, .key)
    case .keyMissing, .judgedFailed: .answered(node, .failure)
    case .judgedFine: .answered(node, .noFailure)
    }
  }
}
