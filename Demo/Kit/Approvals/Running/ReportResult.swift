import Sagas

/// How one report ended, by its saga's own account.
struct ReportResult: Sendable {
  let report: ExpenseReport
  /// `nil` when it was not handed in.
  let submittedAt: Timestamp?
  /// `nil` when there was no saga for it.
  var status: SagaStatus?
  var endedAt: Timestamp?
  /// What waiting for the manager came to, and when; and since when it had waited.
  var manager: (ruling: Ruling, at: Timestamp?, since: Timestamp?)?
  /// What waiting for the director came to, and when; and since when it had waited.
  var director: (ruling: Ruling, at: Timestamp?, since: Timestamp?)?
  var payout: Payout?
  /// Why it was not paid, in words.
  var reason: String?
  /// What was undone, in the order in which it was.
  var undone: [String] = []
  /// What may still stand in the world.
  var unresolved: [String] = []

  /// What counts: the director's word where it was asked for.
  var ruling: Ruling? { director?.ruling ?? manager?.ruling }

  /// The decisions its saga has taken, in order.
  var decisions: [String] { [manager, director].compactMap { $0?.ruling.decision } }

  /// A report without a saga.
  init(_ report: ExpenseReport, submittedAt: Timestamp?, error: (any Error)? = nil) {
    self.report = report
    self.submittedAt = submittedAt
    reason = error.map(describe)
  }

  /// From what the library knows of a saga that has settled.
  init(_ report: ExpenseReport, submittedAt: Timestamp?, saga: SagaReport, failure: SagaFailure?) {
    self.report = report
    self.submittedAt = submittedAt
    status = saga.status
    endedAt = saga.endedAt
    manager = Self.ruling("manager decides", saga)
    director = Self.ruling("director decides", saga)
    payout = saga.result(of: "pay out", as: Payout.self)
    reason = (failure?.error ?? saga.error).map(describe)
    undone = saga.compensatedSteps
    unresolved = saga.unresolved.map { "\($0.step) (\(describe($0.reason)))" }
  }

  private static func ruling(
    _ step: String, _ saga: SagaReport
  ) -> (ruling: Ruling, at: Timestamp?, since: Timestamp?)? {
    saga.result(of: step, as: Ruling.self).map {
      ($0, saga.step(step)?.endedAt, saga.step(step)?.startedAt)
    }
  }
}
