import Sagas

/// How one checkout ended, by its saga's own account.
struct OrderResult: Sendable {
  let id: String
  let customer: String
  let total: Money
  /// `nil` when it was not started at all.
  let status: SagaStatus?
  /// The receipt the saga has in its journal.
  var receipt: Receipt?
  /// The step that failed first, and why, in words.
  var failedStep: String?
  var reason: String?
  /// What was undone, in the order in which it was.
  var undone: [String] = []
  /// What may still stand in the world.
  var unresolved: [String] = []
  /// Why the charge may still stand, where the saga says that it may.
  var chargeLeft: Unresolved.Reason?
  /// Failures that did not matter.
  var tolerated: [String] = []
  /// How somebody ended it, where it was stuck.
  var intervention: Intervention?

  /// Whether there is something to tell: anything but a success, or an order that never came in.
  var isRemarkable: Bool {
    status == nil ? reason != nil : status != .completed || !tolerated.isEmpty || !unresolved.isEmpty
  }

  /// Whether the saga says that it has taken its charge back.
  var saysUncharged: Bool { undone.contains(Checkout.payment) }

  /// Whether the saga says that somebody else has seen to its charge.
  var saysSeenTo: Bool { chargeLeft == .skipped }

  /// Whether the saga was given up, and says that its charge may stand.
  var saysCharged: Bool { status == .failed && chargeLeft == .undoFailed }
}

extension OrderResult {
  /// From what the library knows of a saga that has settled.
  init(
    _ request: OrderRequest, report: SagaReport, failure: SagaFailure?, intervention: Intervention? = nil
  ) {
    id = request.id
    customer = request.customer.name
    total = request.cart.total
    status = report.status
    receipt = report.result(of: Checkout.payment, as: Receipt.self)
    failedStep = failure?.step
    reason = (failure?.error ?? report.error).map(describe)
    undone = report.compensatedSteps
    unresolved = report.unresolved.map { "\($0.step) (\(describe($0.reason)))" }
    chargeLeft = report.unresolved.first { $0.step == Checkout.payment }?.reason
    self.intervention = intervention
    tolerated = report.failures.map { "\($0.step): \(describe($0.error))" }
  }

  /// An order whose saga was not started: the shop had closed, or starting it failed.
  init(_ request: OrderRequest, notStarted error: (any Error)?) {
    id = request.id
    customer = request.customer.name
    total = request.cart.total
    status = nil
    reason = error.map(describe)
  }
}

/// An error in words for a person.
func describe(_ error: any Error) -> String {
  switch error {
  case let error as StepTimedOut: "no answer within \(seconds(error.timeout))"
  case is SagaCancelled: "cancelled"
  // All errors of the demo may be read by anybody.
  case let error as RecordedError: printable(error.message)
  default: printable(String(describing: error))
  }
}

/// Why something is unresolved, in words for a person.
func describe(_ reason: Unresolved.Reason) -> String {
  switch reason {
  case .unknownEffect: "may have happened"
  case .undoFailed: "its undo failed"
  case .notUndone: "was not undone"
  case .skipped: "was left to somebody"
  case .undoImpossible: "cannot be undone"
  case .lateResult: "its result came too late"
  }
}

/// `0.4 s`, say.
func seconds(_ duration: Duration) -> String {
  let tenths = (duration + .milliseconds(50)) / .milliseconds(100)
  let whole = Int(max(tenths, 0))
  return "\(whole / 10).\(whole % 10) s"
}
