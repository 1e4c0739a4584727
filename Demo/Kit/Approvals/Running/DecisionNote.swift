import Sagas

/// What came of publishing a decision, by the bus's own account.
struct DecisionNote: Sendable {
  let decision: Decision
  let at: Timestamp
  /// The sagas that were waiting for it; `nil` where the process ended before that was noted.
  let deliveredTo: [String]?
  /// It had been published already, and was refused.
  let isDuplicate: Bool
}
