import Testing

@testable import DemoKit

/// What files of reports and decisions must look like, and what is said when they do not.
@Suite struct ExpenseFilesTests {
  private func reports(_ text: String) throws -> [ExpenseRequest] {
    try ExpenseFiles.parseReports(Array(text.utf8), file: "r.json")
  }

  private func decisions(_ text: String) throws -> [TimedDecision] {
    try ExpenseFiles.parseDecisions(Array(text.utf8), file: "d.json")
  }

  @Test func aReportIsRead() throws {
    let text = #"""
      [{"id": "E-1", "employee": "Ada", "purpose": "train", "amount": 1250, "at": 0.5, "again": 2,
        "bank": "account closed"}]
      """#
    let report = ExpenseReport(id: "E-1", employee: "Ada", purpose: "train", amount: Money(cents: 1_250))
    #expect(
      try reports(text) == [
        ExpenseRequest(
          report: report, submitted: .minutes(30), submittedAgain: .hours(2), isAccountClosed: true)
      ])
  }

  @Test func decisionsAreReadAndMayHaveOneID() throws {
    let text = #"""
      [{"id": "d", "report": "E-1", "at": 3, "by": "Kay", "decision": "approve"},
       {"id": "d", "report": "E-1", "at": 4, "as": "director", "by": "Jean", "decision": "reject",
        "because": "no"}]
      """#
    #expect(
      try decisions(text) == [
        TimedDecision(
          decision: Decision(id: "d", desk: Desk(reportID: "E-1", role: .manager), by: "Kay"), at: .hours(3)),
        TimedDecision(
          decision: Decision(
            id: "d", desk: Desk(reportID: "E-1", role: .director), by: "Jean", rejectedBecause: "no"),
          at: .hours(4)),
      ])
  }

  @Test(arguments: [
    ("[]", "has 0 reports, must have from 1 to 10000"),
    (
      #"[{"id": "E-1", "employee": "Ada", "purpose": "x", "amount": 0, "at": 0}]"#,
      "report 1, amount: is 0, must be from 1 to 100000000"
    ),
    (
      #"[{"id": "E-1", "employee": "Ada", "purpose": "x", "amount": 5, "at": -1}]"#,
      "report 1, at: is -1.0, must be from 0 to 1000 hours"
    ),
    (
      #"[{"id": "E-1", "employee": "Ada", "purpose": "x", "amount": 5, "at": "soon"}]"#,
      "report 1, at: expected a number"
    ),
    (
      #"[{"id": "E/1", "employee": "Ada", "purpose": "x", "amount": 5, "at": 0}]"#,
      #"report 1, id: "/" is not allowed in an id"#
    ),
    (
      #"[{"id": "E-1", "employee": "Ada", "purpose": "x", "amount": 5, "at": 0, "bank": "shut"}]"#,
      #"report 1, bank: expected "account closed", found "shut""#
    ),
    (
      #"[{"id": "E-1", "employee": "Ada", "purpose": "x", "amount": 5, "at": 0},"#
        + #"{"id": "E-1", "employee": "Bo", "purpose": "y", "amount": 6, "at": 0}]"#,
      #"report 2, id: "E-1" is the id of report 1 already"#
    ),
  ])
  func mistakesInReportsAreNamed(_ text: String, _ problem: String) {
    #expect(throws: InputFileError(file: "r.json", problem: problem)) { try reports(text) }
  }

  @Test(arguments: [
    (
      #"[{"id": "d", "report": "E-1", "at": 3, "by": "Kay"}]"#, "decision 1, decision: is missing"
    ),
    (
      #"[{"id": "d", "report": "E-1", "at": 3, "by": "Kay", "decision": "maybe"}]"#,
      #"decision 1, decision: expected "approve" or "reject", found "maybe""#
    ),
    (
      #"[{"id": "d", "report": "E-1", "at": 3, "by": "Kay", "decision": "reject"}]"#,
      "decision 1, because: is missing"
    ),
    (
      #"[{"id": "d", "report": "E-1", "at": 3, "by": "Kay", "decision": "approve", "because": "x"}]"#,
      #"decision 1, because: is for "reject" only"#
    ),
    (
      #"[{"id": "d", "report": "E-1", "at": 3, "as": "cook", "by": "Kay", "decision": "approve"}]"#,
      #"decision 1, as: expected "manager" or "director", found "cook""#
    ),
  ])
  func mistakesInDecisionsAreNamed(_ text: String, _ problem: String) {
    #expect(throws: InputFileError(file: "d.json", problem: problem)) { try decisions(text) }
  }

  @Test func whatHappensIsSortedByTime() throws {
    let one = ExpenseReport(id: "1", employee: "a", purpose: "b", amount: Money(cents: 1))
    let two = ExpenseReport(id: "2", employee: "a", purpose: "b", amount: Money(cents: 1))
    let yes = Decision(id: "d", desk: Desk(reportID: "1", role: .manager), by: "Kay")
    let agenda = Agenda(
      [
        ExpenseRequest(report: one, submitted: .hours(2), submittedAgain: .hours(3)),
        ExpenseRequest(report: two, submitted: .hours(1)),
      ],
      [TimedDecision(decision: yes, at: .hours(2)), TimedDecision(decision: yes, at: .zero)])
    #expect(
      agenda.items.map(\.item) == [.decide(yes), .submit(two), .submit(one), .decide(yes), .submit(one)])
  }
}
