/// What waiting for a decision has come to.
enum Ruling: Codable, Hashable, Sendable {
  case approved(by: String, decision: String)
  case rejected(by: String, because: String, decision: String)
  /// The time was up.
  case nobody

  var isApproval: Bool { if case .approved = self { true } else { false } }

  /// The id of the decision it follows; `nil` when the time was up.
  var decision: String? {
    switch self {
    case .approved(_, let decision), .rejected(_, _, let decision): decision
    case .nobody: nil
    }
  }
}
