import Sagas

/// All reports as they are now; whoever draws them reads here.
actor ReportBoard {
  private(set) var rows: [ReportRow]
  /// The last that came from outside.
  private(set) var news = ""
  /// Whether no more reports are let in.
  private(set) var isClosing = false

  private let clock: any SagaClock
  private let time: OfficeTime
  private let log: @Sendable (String) -> Void

  /// - Parameters:
  ///   - office: whose reports they are.
  ///   - log: told in a line of all that happens.
  init(_ office: Office, log: @escaping @Sendable (String) -> Void = { _ in }) {
    rows = office.requests.map { ReportRow($0.report) }
    clock = office.clock
    time = office.time
    self.log = log
  }

  /// Those that wait for a decision.
  var waiting: [ReportRow] { rows.filter { $0.waitsFor != nil } }

  /// What stands above the table.
  var title: String {
    let done = rows.filter(\.isDone).count
    let count = "\(rows.count) expense reports: \(waiting.count) wait for a decision, \(done) done"
    return "\(time.text(clock.now))  \(count)"
  }

  func show(_ update: SagaUpdate) {
    let now = time.text(clock.now)
    // How it ends is told once the reason is known as well.
    guard !update.status.isTerminal else { return }
    change(update.id) { $0.apply(update, now: now) }
  }

  /// What an earlier run has left under way.
  func show(_ saga: SagaReport) {
    change(saga.id) { $0.apply(saga, time) }
  }

  /// A report has ended.
  ///
  /// - Parameter isNews: `false` when that was told in an earlier run.
  func end(_ result: ReportResult, isNews: Bool = true) {
    change(result.report.id, isNews: isNews) { $0.apply(result) }
  }

  /// Something was published.
  func show(_ dispatch: Dispatch) {
    if let note = SubmissionNote(dispatch) { show(note) }
    if let note = DecisionNote(dispatch) { show(note) }
  }

  /// What earlier runs had published was published again.
  func tell(again count: Int) {
    news = "\(time.text(clock.now))  \(count) that had been sent before came again: refused"
    log(news)
  }

  private func show(_ note: SubmissionNote) {
    tell(note.at, note.reportID, note.isDuplicate ? "handed in again: refused" : "handed in")
  }

  private func show(_ note: DecisionNote) {
    let decision = note.decision
    let verb = decision.rejectedBecause == nil ? "approved" : "rejected"
    let text =
      "\(verb) by \(decision.by), \(decision.desk.role.rawValue) (\(decision.id)): \(fate(of: note))"
    tell(note.at, decision.desk.reportID, text)
  }

  /// Lets no more reports in.
  func close() { isClosing = true }

  private func fate(of note: DecisionNote) -> String {
    if note.isDuplicate { return "refused, came before" }
    guard let takers = note.deliveredTo else { return "sent, just before the last run ended" }
    if !takers.isEmpty { return "taken" }
    guard let row = rows.first(where: { $0.id == note.decision.desk.reportID }) else {
      return "there is no such report"
    }
    if row.isDone { return "too late" }
    return row.status == nil ? "kept, it is not handed in yet" : "kept, nobody waits for that now"
  }

  private func tell(_ at: Timestamp, _ id: String, _ text: String) {
    news = "\(time.text(at))  \(id)  \(text)"
    log(news)
  }

  private func change(_ id: String, isNews: Bool = true, _ body: (inout ReportRow) -> Void) {
    guard let index = rows.firstIndex(where: { $0.id == id }), !rows[index].isDone else { return }
    let before = rows[index]
    body(&rows[index])
    let row = rows[index]
    // What is under way for a moment only is seen in the table.
    guard isNews, row.isDone || row.waitsFor != nil && row.waitsFor != before.waitsFor else { return }
    let status =
      row.statusText.isEmpty || row.doing.isEmpty ? row.statusText : TextWidth.pad(row.statusText, 14)
    log("\(time.text(clock.now))  \(row.id)  \(status)\(row.doing)")
  }
}
