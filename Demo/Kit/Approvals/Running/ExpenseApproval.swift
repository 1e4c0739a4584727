import Sagas

/// Paying an expense report back: the saga of this demo.
struct ExpenseApproval: Saga {
  let treasury: Treasury
  var policy = ApprovalPolicy()

  struct State: Codable, Sendable {
    let report: ExpenseReport
    var hold: Hold?, manager: Ruling?, director: Ruling?, payout: Payout?

    var managersDesk: Desk { Desk(reportID: report.id, role: .manager) }
    var directorsDesk: Desk { Desk(reportID: report.id, role: .director) }
    /// What counts: the director's word where it was asked for.
    var ruling: Ruling { director ?? manager ?? .nobody }
  }

  var body: some Flow<State> {
    Step("reserve the money", \.hold) {
      try await treasury.reserve($0.report.amount, key: $0.run.idempotencyKey)
    }
    .compensate { try await treasury.release(key: $0.key) }
    .compensateUnknown { try await treasury.release(key: $0.idempotencyKey) }
    .compensationTimeout(policy.patience)

    When("needs a decision", { [limit = policy.limit] in $0.report.amount > limit }) {
      WaitForEvent("manager decides", \.manager, since: .retention) {
        On(Approved.self, \.desk, equals: \.managersDesk) { .approved(by: $0.by, decision: $0.decision) }
        On(Rejected.self, \.desk, equals: \.managersDesk) {
          .rejected(by: $0.by, because: $0.because, decision: $0.decision)
        }
        After(policy.managersTime) { _ in .nobody }
      }
      When("manager did not decide", { try $0.manager == .nobody }) {
        WaitForEvent("director decides", \.director, since: .retention) {
          On(Approved.self, \.desk, equals: \.directorsDesk) { .approved(by: $0.by, decision: $0.decision) }
          On(Rejected.self, \.desk, equals: \.directorsDesk) {
            .rejected(by: $0.by, because: $0.because, decision: $0.decision)
          }
          After(policy.directorsTime) { _ in .nobody }
        }
      }
      When("not approved", { !$0.ruling.isApproval }) {
        Fail("turn it down") { NotApproved($0.ruling) }
      }
    }

    Step("pay out", \.payout) { try await treasury.payOut($0.hold) }
      // Somebody closes the office while the bank is at it: it may have paid.
      .undo(after: [.completed, .unknown]) { _, undo in try await treasury.callBack(undo.hold) }
      .compensationTimeout(policy.patience)
  }
}
