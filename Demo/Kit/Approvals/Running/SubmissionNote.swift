import Sagas

/// What came of handing in a report.
struct SubmissionNote: Sendable {
  let reportID: String
  let at: Timestamp
  /// It had been handed in already.
  let isDuplicate: Bool
}
