/// All that was published, in order.
actor Minutes {
  private(set) var submissions: [SubmissionNote] = []
  private(set) var decisions: [DecisionNote] = []

  func add(_ note: SubmissionNote) { submissions.append(note) }
  func add(_ note: DecisionNote) { decisions.append(note) }
}
