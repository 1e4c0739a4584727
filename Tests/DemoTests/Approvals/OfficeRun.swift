import Sagas
import SagasTesting

@testable import DemoKit

/// One run of the approvals in virtual time, and all accounts of it.
struct OfficeRun: Sendable {
  let office: Office
  let results: [ReportResult]
  let ledger: [TreasuryEntry]
  let submissions: [SubmissionNote]
  let decisions: [DecisionNote]

  /// Works off an agenda, under the schedule of a simulation.
  init(_ simulation: Simulation, _ requests: [ExpenseRequest], _ decisions: [TimedDecision]) async throws {
    try await self.init(Office(requests: requests, runtime: simulation.runtime), Agenda(requests, decisions))
  }

  /// Works off an agenda in an office that may have been open before.
  init(_ office: Office, _ agenda: Agenda) async throws {
    self.office = office
    let board = ReportBoard(office)
    try await office.work(off: agenda, board)
    results = await office.results(board)
    ledger = await office.treasury.ledger
    submissions = await office.minutes.submissions
    self.decisions = await office.minutes.decisions
  }

  var audit: ApprovalAudit { audit() }

  /// The audit, of forged accounts if wanted.
  func audit(ledger: [TreasuryEntry]? = nil, decisions: [DecisionNote]? = nil) -> ApprovalAudit {
    ApprovalAudit(
      ledger: ledger ?? self.ledger, results: results, submissions: submissions,
      decisions: decisions ?? self.decisions, limit: office.policy.limit)
  }

  func outcome(_ id: String) -> ReportOutcome? {
    results.first { $0.report.id == id }.map(ReportOutcome.init)
  }

  func fate(_ decision: String) -> [DecisionFate] {
    audit.fates.filter { $0.note.decision.id == decision }.map(\.fate)
  }

  /// The summary, without colours.
  func summary(_ audit: ApprovalAudit) -> [String] {
    ApprovalSummary(
      results: results, submissions: submissions, audit: audit, time: office.time, policy: office.policy,
      style: Style(isColoured: false)
    ).lines(at: office.clock.now, elapsed: .seconds(2))
  }
}
