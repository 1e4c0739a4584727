import Sagas

/// What a run of the approvals comes to, in words.
///
/// Pure: the same accounts make the same lines.
struct ApprovalSummary: Sendable {
  let results: [ReportResult]
  let submissions: [SubmissionNote]
  let audit: ApprovalAudit
  let time: OfficeTime
  let policy: ApprovalPolicy
  let style: Style

  /// All of it, at most 80 columns wide.
  ///
  /// - Parameters:
  ///   - end: what time it is.
  ///   - elapsed: for how long somebody has waited for that; `nil` where that was in more than one run.
  func lines(at end: Timestamp, elapsed: Duration?) -> [String] {
    let yours = elapsed.map { ", \(seconds($0)) in yours" } ?? ""
    let span = "\(time.text(time.opening)) to \(time.text(end)) in virtual time\(yours)"
    var lines = [style.bold("\(results.count) expense reports, \(span)")]
    for outcome in ReportOutcome.allCases {
      let count = results.filter { ReportOutcome($0) == outcome }.count
      if count > 0 {
        lines.append("  \(right("\(count)", 5))  \(style(colour(of: outcome), outcome.rawValue))")
      }
    }
    lines += ["", style.bold("What became of each")]
    lines += results.flatMap(story)
    lines += strays()
    lines += ["", style.bold("Decisions")] + decisions()
    lines += ["", style.bold("Money (EUR)")] + money()
    if !audit.isBalanced {
      lines += ["", style(.red, "It does not add up:")]
      lines += audit.problems.map { "  \(TextWidth.clip(printable($0), 78))" }
    }
    return lines
  }

  private func story(_ result: ReportResult) -> [String] {
    let outcome = ReportOutcome(result)
    let head = [
      "  \(TextWidth.fit(result.report.id, 7))", TextWidth.fit(result.report.employee, 17),
      right("\(result.report.amount)", 9) + " ",
      style(colour(of: outcome), TextWidth.clip(headline(outcome, result), 41)),
    ].joined(separator: " ")
    let lines = events(result).sorted { $0.at < $1.at }
    return [head]
      + lines.map { "      \(TextWidth.pad(time.text($0.at), 9))  \(TextWidth.clip($0.text, 62))" }
  }

  /// `paid Tue 10:03`, say.
  private func headline(_ outcome: ReportOutcome, _ result: ReportResult) -> String {
    let when = result.endedAt.map { " \(time.text($0))" } ?? ""
    switch outcome {
    case .passed: return "paid\(when), needed nobody"
    case .approvedByManager, .approvedByDirector: return "paid\(when)"
    case .rejected, .undecided, .unpaid, .stopped:
      return "undone\(when)" + (result.undone.isEmpty ? "" : ": \(result.undone.joined(separator: ", "))")
    case .notSubmitted: return outcome.rawValue
    case .unfinished: return result.status.map { "\($0.rawValue)" } ?? result.reason ?? "was not started"
    }
  }

  /// What happened to a report, with the times.
  private func events(_ result: ReportResult) -> [(at: Timestamp, text: String)] {
    var events: [(at: Timestamp, text: String)] = []
    if case .nobody? = result.manager?.ruling, let at = result.manager?.at {
      events.append((at, "no manager within \(hours(policy.managersTime)): on to the director"))
    }
    if case .nobody? = result.director?.ruling, let at = result.director?.at {
      events.append((at, "no director within \(hours(policy.directorsTime))"))
    }
    for (note, fate) in audit.fates where note.decision.desk.reportID == result.report.id {
      events.append((note.at, text(note.decision, fate)))
    }
    if ReportOutcome(result) == .unpaid || ReportOutcome(result) == .stopped, let at = result.endedAt {
      events.append((at, "not paid: \(result.reason ?? "")"))
    }
    for again in submissions where again.reportID == result.report.id && again.isDuplicate {
      events.append((again.at, "handed in again, and refused"))
    }
    return events
  }

  private func text(_ decision: Decision, _ fate: DecisionFate) -> String {
    let verb = decision.rejectedBecause == nil ? "approved" : "rejected"
    let text = "\(verb) by \(decision.by), \(decision.desk.role.rawValue) (\(decision.id))"
    switch fate {
    case .taken: return text + (decision.rejectedBecause.map { ": \($0)" } ?? "")
    case .early: return text + ", early: kept"
    case .beforeSubmission: return text + ", before it came: kept"
    case .late: return text + ", too late"
    case .unused: return text + ", not needed"
    case .duplicate: return "\(decision.id) came again, and was refused"
    case .stray: return text + ", no such report"
    }
  }

  /// Decisions about reports that do not exist.
  private func strays() -> [String] {
    audit.fates.filter { $0.fate == .stray }.map { note, fate in
      let line = "\(time.text(note.at))  \(note.decision.desk.reportID) \(text(note.decision, fate))"
      return "  \(TextWidth.clip(line, 78))"
    }
  }

  private func decisions() -> [String] {
    func count(_ fates: Set<DecisionFate>) -> Int { audit.fates.filter { fates.contains($0.fate) }.count }
    var rows = [("sent", audit.fates.count), ("taken as they came", count([.taken]))]
    rows.append(("kept until somebody waited for them", count([.early, .beforeSubmission])))
    rows.append(("refused, because they had come before", count([.duplicate])))
    rows.append(("too late, taken by nobody", count([.late])))
    if count([.unused]) > 0 { rows.append(("kept, but needed by nobody", count([.unused]))) }
    if count([.stray]) > 0 { rows.append(("about no report there is", count([.stray]))) }
    return rows.map { "  \(TextWidth.fit($0.0, 38))\(right("\($0.1)", 10))" }
  }

  private func money() -> [String] {
    var rows = [("reserved", audit.reserved), ("paid out", audit.paid)]
    if audit.calledBack > .zero { rows.append(("called back", audit.calledBack)) }
    rows += [("released", audit.released), ("neither paid out nor released", audit.open)]
    let lines = rows.map { "  \(TextWidth.fit($0.0, 38))\(right("\($0.1)", 10))" }
    let mark = audit.isBalanced ? style(.green, "✓ reconciled") : style(.red, "✗")
    return lines.dropLast() + [(lines.last ?? "") + "  " + mark]
  }

  private func hours(_ duration: Duration) -> String { "\(Int(duration / .hours(1))) h" }

  private func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(columns - text.count, 0)) + text
  }

  private func colour(of outcome: ReportOutcome) -> Style.Colour {
    switch outcome {
    case .passed, .approvedByManager, .approvedByDirector: .green
    case .rejected, .undecided, .unpaid, .stopped: .blue
    case .notSubmitted: .grey
    case .unfinished: .red
    }
  }
}
