import Sagas

/// Something that was published, or was about to be, and what the bus said to it.
struct Dispatch: Codable, Hashable, Sendable {
  /// What the bus said.
  struct Answer: Codable, Hashable, Sendable {
    /// The sagas that were waiting for it; `nil` where the process ended before that was noted.
    var deliveredTo: [String]?
    /// It had been published already, and was refused.
    var isDuplicate = false
  }

  let item: Agenda.Item
  /// When it was due; `nil` for what somebody typed.
  let due: Duration?
  /// When it was published for the first time.
  let at: Timestamp
  /// `nil` as long as it is not known.
  var answer: Answer?
}

extension SubmissionNote {
  /// `nil` for anything else than a report that was handed in.
  init?(_ dispatch: Dispatch) {
    guard case .submit(let report) = dispatch.item, let answer = dispatch.answer else { return nil }
    self.init(reportID: report.id, at: dispatch.at, isDuplicate: answer.isDuplicate)
  }
}

extension DecisionNote {
  /// `nil` for anything else than a decision that was sent.
  init?(_ dispatch: Dispatch) {
    guard case .decide(let decision) = dispatch.item, let answer = dispatch.answer else { return nil }
    self.init(
      decision: decision, at: dispatch.at, deliveredTo: answer.deliveredTo, isDuplicate: answer.isDuplicate)
  }
}
