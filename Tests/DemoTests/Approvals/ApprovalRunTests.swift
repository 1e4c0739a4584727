import Sagas
import SagasTesting
import Testing

@testable import DemoKit

/// The bundled reports and decisions through the library, under many schedules.
@Suite struct ApprovalRunTests {
  static let outcomes: [String: ReportOutcome] = [
    "E-1001": .passed, "E-1002": .passed, "E-1008": .passed, "E-1011": .passed,
    "E-1003": .approvedByManager, "E-1007": .approvedByManager, "E-1013": .approvedByManager,
    "E-1005": .approvedByDirector, "E-1010": .approvedByDirector,
    "E-1004": .rejected, "E-1006": .rejected, "E-1009": .undecided, "E-1012": .unpaid,
  ]
  static let fates: [String: [DecisionFate]] = [
    "d-01": [.taken, .duplicate], "d-02": [.taken], "d-03": [.taken], "d-04": [.late], "d-05": [.taken],
    "d-06": [.beforeSubmission], "d-07": [.early], "d-08": [.taken], "d-09": [.taken], "d-10": [.late],
    "d-11": [.stray],
  ]

  @Test func everyBundledReportEndsAsItsDecisionsSay() throws {
    let requests = try ExpenseFiles.reports()
    let decisions = try ExpenseFiles.decisions()
    try simulate(seeds: 0..<20) { simulation in
      let run = try await OfficeRun(simulation, requests, decisions)
      try #require(run.audit.problems == [])
      for result in run.results { try #require(ReportOutcome(result) == Self.outcomes[result.report.id]) }
      for (decision, fates) in Self.fates { try #require(run.fate(decision) == fates, "\(decision)") }
      try #require(run.results.map(\.report) == requests.map(\.report))
      try #require(run.results.flatMap(\.unresolved) == [])

      let paid = run.results.filter { ReportOutcome($0).isPaid }.map(\.report.amount).total
      try #require(run.audit.paid == paid)
      try #require(run.audit.reserved == requests.map(\.report.amount).total)
      try #require(run.audit.released == run.audit.reserved - paid)
      try #require(run.submissions.filter(\.isDuplicate).map(\.reportID) == ["E-1005"])
    }
  }

  @Test func aReportWaitsForTheDirectorWhenItsManagersTimeIsOver() throws {
    try simulate(seeds: 0..<20) { simulation in
      let run = try await OfficeRun(simulation, [Self.request(amount: 10_001)], [])
      let result = try #require(run.results.first)
      try #require(result.manager?.ruling == .nobody)
      try #require(result.director?.ruling == .nobody)
      let manager = try #require(result.manager?.at), director = try #require(result.director?.at)
      // Setting the money aside takes less than half an hour.
      let opening = run.office.time.opening
      try #require((.hours(24))...(.minutes(24 * 60 + 30)) ~= opening.duration(to: manager))
      try #require(manager.duration(to: director) == .hours(48))
      try #require(result.undone == ["reserve the money"])
      try #require(run.audit.problems == [])
    }
  }

  @Test func whatIsNotMoreThanTheLimitNeedsNobody() throws {
    try simulate(seeds: 0..<5) { simulation in
      let run = try await OfficeRun(simulation, [Self.request(amount: 10_000)], [])
      try #require(run.outcome("E-1") == .passed)
      try #require(run.audit.paid == Money(cents: 10_000))
    }
  }

  @Test func ofTwoDecisionsTheFirstCounts() throws {
    try simulate(seeds: 0..<20) { simulation in
      let run = try await OfficeRun(
        simulation, [Self.request(amount: 20_000)],
        [
          TimedDecision(decision: Self.decision("d-1", because: "no"), at: .hours(3)),
          TimedDecision(decision: Self.decision("d-2"), at: .hours(3)),
        ])
      try #require(run.outcome("E-1") == .rejected)
      try #require(run.fate("d-1") == [.taken])
      try #require(run.fate("d-2") == [.late])
      try #require(run.results.first?.reason == "rejected by Kay: no")
    }
  }

  @Test func theManagersLateWordDoesNotAnswerForTheDirector() throws {
    try simulate(seeds: 0..<20) { simulation in
      let run = try await OfficeRun(
        simulation, [Self.request(amount: 20_000)],
        [
          TimedDecision(decision: Self.decision("d-1"), at: .hours(30)),
          TimedDecision(decision: Self.decision("d-2", role: .director, because: "no"), at: .hours(31)),
        ])
      try #require(run.outcome("E-1") == .rejected)
      try #require(run.fate("d-1") == [.late])
      try #require(run.fate("d-2") == [.taken])
    }
  }

  @Test func whatIsKeptForAWaitThatNeverBeginsIsNotNeeded() throws {
    try simulate(seeds: 0..<10) { simulation in
      let run = try await OfficeRun(
        simulation, [Self.request(amount: 20_000)],
        [
          TimedDecision(decision: Self.decision("d-1", role: .director, because: "no"), at: .hours(2)),
          TimedDecision(decision: Self.decision("d-2"), at: .hours(3)),
          TimedDecision(decision: Self.decision("d-3", role: .director), at: .hours(4)),
        ])
      try #require(run.outcome("E-1") == .approvedByManager)
      try #require(run.fate("d-1") == [.unused])
      try #require(run.fate("d-3") == [.late])
    }
  }

  @Test func closingTheOfficeUndoesWhatWaits() throws {
    let requests = try ExpenseFiles.reports()
    try simulate(seeds: 0..<20) { simulation in
      let office = try await Office(requests: requests, runtime: simulation.runtime)
      let board = ReportBoard(office)
      async let working: Void = office.work(off: Agenda(requests, []), board)
      try await simulation.clock.sleep(until: office.time.opening.advanced(by: .hours(11)))
      await office.close(board)
      try await working
      let results = await office.results(board)
      let outcomes = Set(results.map(ReportOutcome.init))
      try #require(outcomes == [.passed, .stopped, .notSubmitted])
      let audit = ApprovalAudit(
        ledger: await office.treasury.ledger, results: results,
        submissions: await office.minutes.submissions, decisions: [], limit: office.policy.limit)
      try #require(audit.problems == [])
      try #require(audit.released > .zero)
    }
  }

  @Test func whatTheBankIsAtWhenTheOfficeCloses_isCalledBack() throws {
    let requests = [Self.request(amount: 400)]
    let callBacks = EventLog()
    try simulate(seeds: 0..<60) { simulation in
      let office = try await Office(requests: requests, runtime: simulation.runtime)
      let board = ReportBoard(office)
      try await office.work(off: Agenda(requests, []), board)
      // Setting aside and paying take 3 to 20 minutes each.
      let closing = Duration.seconds(Int(simulation.seed) * 30)
      try await simulation.clock.sleep(until: office.time.opening.advanced(by: closing))
      await office.close(board)
      let results = await office.results(board)
      let ledger = await office.treasury.ledger
      let audit = ApprovalAudit(
        ledger: ledger, results: results, submissions: await office.minutes.submissions, decisions: [],
        limit: office.policy.limit)
      try #require(audit.problems == [])
      try #require(audit.open == .zero)
      if results.first?.undone.contains("pay out") == true { callBacks.append("\(closing)") }
    }
    #expect(!callBacks.entries.isEmpty)
  }

  /// The bank has paid, and the saga learns of it when it is to be undone already.
  @Test func whatWasPaidAndComesBack_isAccountedFor() throws {
    try simulate(seeds: 0..<5) { simulation in
      let treasury = try Treasury(closedAccounts: [], latency: Latency(seed: 1, clock: simulation.clock))
      let hold = try await treasury.reserve(Money(cents: 400), key: "E-1/reserve the money")
      let payout = try await treasury.payOut(hold)
      for _ in 1...2 { try await treasury.callBack(hold) }
      await #expect(throws: BankError.nothingHeld) { try await treasury.payOut(hold) }
      for _ in 1...2 { try await treasury.release(key: hold.key) }
      let ledger = await treasury.ledger
      try #require(ledger.map(\.kind) == [.reserve, .payOut, .callBack, .release])

      var result = ReportResult(Self.request(amount: 400).report, submittedAt: simulation.clock.now)
      result.status = .compensated
      result.payout = payout
      result.undone = ["pay out", "reserve the money"]
      let submission = SubmissionNote(reportID: "E-1", at: simulation.clock.now, isDuplicate: false)
      func audit(_ ledger: [TreasuryEntry], _ result: ReportResult) -> ApprovalAudit {
        ApprovalAudit(
          ledger: ledger, results: [result], submissions: [submission], decisions: [],
          limit: Money(cents: 10_000))
      }
      try #require(audit(ledger, result).problems == [])
      for index in ledger.indices {
        var forged = ledger
        forged.remove(at: index)
        try #require(!audit(forged, result).isBalanced, "without \(ledger[index])")
        try #require(!audit(ledger + [ledger[index]], result).isBalanced, "twice \(ledger[index])")
      }
      result.undone = ["reserve the money"]
      try #require(!audit(ledger, result).isBalanced)
    }
  }

  @Test func everyForgeryIsNoticed() throws {
    let requests = try ExpenseFiles.reports()
    let decisions = try ExpenseFiles.decisions()
    try simulate(seeds: 0..<1) { simulation in
      let run = try await OfficeRun(simulation, requests, decisions)
      for (index, entry) in run.ledger.enumerated() {
        var forged = run.ledger
        forged.remove(at: index)
        try #require(!run.audit(ledger: forged).isBalanced, "without \(entry)")
        try #require(!run.audit(ledger: run.ledger + [entry]).isBalanced, "twice \(entry)")
        forged = run.ledger
        forged[index] = TreasuryEntry(
          kind: entry.kind, key: entry.key, amount: entry.amount + Money(cents: 1))
        try #require(!run.audit(ledger: forged).isBalanced, "\(entry) by a cent")
      }
      for (index, note) in run.decisions.enumerated()
      where [.taken, .early].contains(run.audit.fates[index].fate) {
        var forged = run.decisions
        forged.remove(at: index)
        try #require(!run.audit(decisions: forged).isBalanced, "without \(note.decision)")
        forged = run.decisions
        forged[index] = DecisionNote(
          decision: Self.turned(note.decision), at: note.at, deliveredTo: note.deliveredTo,
          isDuplicate: note.isDuplicate)
        try #require(!run.audit(decisions: forged).isBalanced, "the other way round \(note.decision)")
      }
      let first = try #require(run.decisions.first)
      try #require(!run.audit(decisions: run.decisions + [first]).isBalanced, "taken twice")
    }
  }

  @Test func theSummaryFitsAndTellsAll() throws {
    let requests = try ExpenseFiles.reports()
    let decisions = try ExpenseFiles.decisions()
    try simulate(seeds: 0..<5) { simulation in
      let run = try await OfficeRun(simulation, requests, decisions)
      let lines = run.summary(run.audit)
      try #require(lines.allSatisfy { TextWidth.of($0) <= 80 })
      try #require(lines.last == "  neither paid out nor released               0.00  ✓ reconciled")
      let text = lines.joined(separator: "\n")
      for words in [
        "no manager within 24 h: on to the director", "approved by Kay McNulty, manager (d-01)",
        "d-01 came again, and was refused", "rejected by Kay McNulty, manager (d-04), too late",
        "(d-06), before it came: kept", "(d-07), early: kept", "no director within 48 h",
        "handed in again, and refused", "the account is closed", "no such report",
      ] {
        try #require(text.contains(words), "\(words)")
      }
      let forged = run.summary(run.audit(ledger: run.ledger.dropLast()))
      try #require(forged.contains("It does not add up:"))
      try #require(!forged.joined().contains("✓"))
    }
  }

  private static func request(amount: Int) -> ExpenseRequest {
    ExpenseRequest(
      report: ExpenseReport(id: "E-1", employee: "Ada", purpose: "x", amount: Money(cents: amount)),
      submitted: .zero)
  }

  private static func decision(_ id: String, role: Role = .manager, because reason: String? = nil) -> Decision
  {
    Decision(id: id, desk: Desk(reportID: "E-1", role: role), by: "Kay", rejectedBecause: reason)
  }

  private static func turned(_ decision: Decision) -> Decision {
    var turned = decision
    turned.rejectedBecause = decision.rejectedBecause == nil ? "no" : nil
    return turned
  }
}
