import Sagas

/// Whether every cent that was set aside was paid out or given back, and every decision counted once.
///
/// Holds independent accounts against each other: the books of the treasury, what the sagas say of themselves, and
/// what the bus said when the decisions were published. A pure function of them.
struct ApprovalAudit: Sendable {
  private(set) var reserved = Money.zero
  private(set) var paid = Money.zero
  private(set) var released = Money.zero
  /// What was paid out, and came back.
  private(set) var calledBack = Money.zero
  /// What became of each decision, in the order in which they were published.
  private(set) var fates: [(note: DecisionNote, fate: DecisionFate)] = []
  /// All that is wrong, one line each.
  ///
  /// Empty when everything adds up.
  private(set) var problems: [String] = []

  /// What is set aside, and neither paid out nor given back.
  var open: Money { reserved - paid + calledBack - released }
  var isBalanced: Bool { problems.isEmpty }

  /// - Parameters:
  ///   - ledger: every movement of money.
  ///   - results: every report with what its saga says.
  ///   - submissions: what came of handing them in.
  ///   - decisions: what came of publishing the decisions, in order.
  ///   - limit: what is more needs a decision.
  init(
    ledger: [TreasuryEntry], results: [ReportResult], submissions: [SubmissionNote],
    decisions: [DecisionNote], limit: Money
  ) {
    let byID = Dictionary(results.map { ($0.report.id, $0) }) { first, _ in first }
    let entries = Dictionary(grouping: ledger, by: \.key)
    for key in entries.keys.sorted() { add(entries[key] ?? [], key, byID) }
    for result in results {
      check(result, entries, limit)
      check(result, submissions.filter { $0.reportID == result.report.id })
    }
    for note in decisions { add(note, byID) }
    check(results, decisions)
  }

  /// All entries of one key.
  private mutating func add(_ entries: [TreasuryEntry], _ key: String, _ results: [String: ReportResult]) {
    func sum(_ kind: TreasuryEntry.Kind) -> Money { entries.filter { $0.kind == kind }.map(\.amount).total }
    reserved += sum(.reserve)
    paid += sum(.payOut)
    released += sum(.release)
    calledBack += sum(.callBack)
    let id = entries.first?.reportID ?? ""
    guard let result = results[id] else {
      problems.append("\(id): money moved under '\(key)', but there is no such report")
      return
    }
    let paid = sum(.payOut) - sum(.callBack)
    let open = sum(.reserve) - paid - sum(.release)
    if open > .zero { problems.append("\(id): \(open) set aside, and neither paid out nor given back") }
    if open < .zero { problems.append("\(id): \(.zero - open) more paid out or given back than set aside") }
    if paid > .zero, result.payout?.key != key {
      problems.append("\(id): \(paid) paid out, but its saga does not say so")
    }
    if paid < .zero { problems.append("\(id): \(.zero - paid) more called back than paid out") }
    if sum(.callBack) > .zero, !result.undone.contains("pay out") {
      problems.append("\(id): \(sum(.callBack)) called back, but its saga does not say so")
    }
    if sum(.release) > .zero, !result.undone.contains("reserve the money") {
      problems.append("\(id): \(sum(.release)) given back, but its saga does not say so")
    }
  }

  private mutating func check(_ result: ReportResult, _ entries: [String: [TreasuryEntry]], _ limit: Money) {
    let id = result.report.id
    switch ReportOutcome(result) {
    case .unfinished:
      problems.append("\(id): has not ended" + (result.reason.map { " (\($0))" } ?? ""))
    case .passed:
      if result.report.amount > limit { problems.append("\(id): paid, but nobody was asked") }
      checkPayment(result, entries)
    case .approvedByManager, .approvedByDirector:
      if result.ruling?.isApproval != true { problems.append("\(id): paid, but nobody approved it") }
      checkPayment(result, entries)
    case .rejected, .undecided, .unpaid, .stopped, .notSubmitted:
      if result.payout != nil, !result.undone.contains("pay out") {
        problems.append("\(id): its saga has paid, but was undone")
      }
    }
    if !result.unresolved.isEmpty {
      problems.append("\(id): unresolved: \(result.unresolved.joined(separator: ", "))")
    }
  }

  private mutating func checkPayment(_ result: ReportResult, _ entries: [String: [TreasuryEntry]]) {
    let booked = (entries[result.payout?.key ?? ""] ?? []).filter { $0.kind == .payOut }.map(\.amount)
    guard booked == [result.report.amount] else {
      problems.append("\(result.report.id): should have \(result.report.amount), was paid \(booked.total)")
      return
    }
  }

  private mutating func check(_ result: ReportResult, _ submissions: [SubmissionNote]) {
    let id = result.report.id
    let accepted = submissions.filter { !$0.isDuplicate }.count
    if accepted > 1 { problems.append("\(id): handed in \(accepted) times, and not refused once") }
    if accepted == 0 && result.status != nil {
      problems.append("\(id): has a saga, but was not handed in")
    }
    if accepted == 0 && !submissions.isEmpty {
      problems.append("\(id): refused as handed in before, which it was not")
    }
  }

  private mutating func add(_ note: DecisionNote, _ results: [String: ReportResult]) {
    let decision = note.decision
    let result = results[decision.desk.reportID]
    let isTaken = result?.decisions.contains(decision.id) == true
    if note.isDuplicate {
      if !fates.contains(where: { $0.note.decision.id == decision.id }) {
        problems.append("\(decision.id): refused as a duplicate, but it was the first of its id")
      }
      fates.append((note, .duplicate))
    } else if fates.contains(where: { $0.note.decision.id == decision.id }) {
      problems.append("\(decision.id): published twice, and not refused")
      fates.append((note, .duplicate))
    } else if let takers = note.deliveredTo, !takers.isEmpty {
      if takers != [decision.desk.reportID] || !isTaken {
        problems.append(
          "\(decision.id): delivered to \(takers.joined(separator: ", ")), which do not say so")
      }
      fates.append((note, .taken))
    } else if let result {
      fates.append((note, isTaken ? Self.early(note, result) : Self.untaken(note, result)))
    } else {
      fates.append((note, .stray))
    }
  }

  private static func early(_ note: DecisionNote, _ result: ReportResult) -> DecisionFate {
    if result.submittedAt.map({ note.at < $0 }) ?? true { return .beforeSubmission }
    // Whether somebody waited for it is what the bus says; where that is not known, the saga does.
    let wait = note.decision.desk.role == .manager ? result.manager : result.director
    guard note.deliveredTo == nil, let since = wait?.since, since <= note.at else { return .early }
    return .taken
  }

  private static func untaken(_ note: DecisionNote, _ result: ReportResult) -> DecisionFate {
    let wait = note.decision.desk.role == .manager ? result.manager : result.director
    guard let end = wait?.at ?? result.endedAt else { return .unused }
    return note.at < end ? .unused : .late
  }

  /// Each decision that a saga has taken was published, for it, and says what it took it for.
  private mutating func check(_ results: [ReportResult], _ notes: [DecisionNote]) {
    for result in results {
      for (role, ruling) in [(Role.manager, result.manager?.ruling), (.director, result.director?.ruling)] {
        guard let ruling, let id = ruling.decision else { continue }
        let published = notes.first { $0.decision.id == id && !$0.isDuplicate }?.decision
        if published?.desk != Desk(reportID: result.report.id, role: role)
          || (published?.rejectedBecause == nil) != ruling.isApproval
        {
          problems.append("\(result.report.id): took \(id) from the \(role.rawValue), who did not send that")
        }
      }
    }
  }
}
