import Sagas

/// What is known of one order on the screen.
struct OrderRow: Sendable {
  let id: String
  let customer: String
  /// `nil` before it has come in.
  var status: SagaStatus?
  /// 0…1.
  var progress = 0.0
  /// What it is at, or why it ended.
  var doing = ""
  /// Whether nothing more will change.
  var isDone = false

  /// An order that has not come in.
  init(_ request: OrderRequest) {
    id = request.id
    customer = request.customer.name
  }

  /// Whether it has come in and has not ended.
  var isActive: Bool { status != nil && !isDone }

  /// Its status in a word.
  var statusText: String { status?.rawValue ?? (isDone ? "not started" : "") }

  mutating func apply(_ update: SagaUpdate) {
    status = update.status
    progress = update.progress
    doing = Self.doing(update)
  }

  mutating func apply(_ result: OrderResult) {
    status = result.status
    isDone = true
    if result.status == .completed { progress = 1 }
    doing = (result.reason.map { [$0] } ?? result.tolerated).joined(separator: "; ")
  }

  /// `charge payment, 2 of 5, 12.50 EUR`, say.
  static func doing(_ update: SagaUpdate) -> String {
    if update.status == .stuck {
      let failed = update.steps.filter { $0.status == .compensationFailed }.map(\.name)
      return "cannot undo " + failed.joined(separator: ", ")
    }
    guard let step = update.currentSteps.first else { return "" }
    let isUndoing = update.steps.contains { $0.name == step && $0.status == .compensating }
    let prefix = isUndoing ? "undo " : update.status == .compensating ? "stop " : ""
    var parts = [prefix + step]
    if update.attempt > 1 {
      parts.append(
        // More than planned when somebody had it tried again.
        update.attempts >= update.attempt
          ? "\(update.attempt) of \(update.attempts)" : "attempt \(update.attempt)")
    }
    if prefix.isEmpty, let message = update.message { parts.append(message) }
    return parts.joined(separator: ", ")
  }
}
