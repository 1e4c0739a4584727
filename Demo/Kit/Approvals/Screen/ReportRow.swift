import Sagas

/// What is known of one report on the screen.
struct ReportRow: Sendable {
  let id: String
  let employee: String
  let amount: Money
  /// `nil` before it has been handed in.
  var status: SagaStatus?
  /// Whose decision it waits for.
  var waitsFor: Role?
  /// Since when, in virtual time.
  var since = ""
  /// What it is at, or why it ended.
  var doing = ""
  /// Whether nothing more will change.
  var isDone = false

  /// A report that has not been handed in.
  init(_ report: ExpenseReport) {
    id = report.id
    employee = report.employee
    amount = report.amount
  }

  /// Whether it has been handed in and has not ended.
  var isActive: Bool { status != nil && !isDone }

  /// Its status in a word.
  var statusText: String { status?.rawValue ?? "" }

  /// - Parameter now: the virtual time.
  mutating func apply(_ update: SagaUpdate, now: String) {
    let waitsFor = Role.allCases.first { update.currentSteps.contains(Self.step(of: $0)) }
    if waitsFor != self.waitsFor { since = now }
    self.waitsFor = waitsFor
    status = update.status
    doing = waitsFor.map { "for \($0.rawValue) since \(since)" } ?? OrderRow.doing(update)
  }

  /// From what the library knows of a saga that has not ended.
  mutating func apply(_ saga: SagaReport, _ time: OfficeTime) {
    status = saga.status
    waitsFor = Role.allCases.first { saga.step(Self.step(of: $0))?.status == .waiting }
    guard let waitsFor, let began = saga.step(Self.step(of: waitsFor))?.startedAt else { return }
    since = time.text(began)
    doing = "for \(waitsFor.rawValue) since \(since)"
  }

  /// The step in which a saga waits for somebody.
  private static func step(of role: Role) -> String { "\(role.rawValue) decides" }

  mutating func apply(_ result: ReportResult) {
    status = result.status
    waitsFor = nil
    isDone = true
    switch result.ruling {
    case .approved(let name, _)? where result.status == .completed: doing = "approved by \(name)"
    case nil where result.status == .completed: doing = "needed nobody"
    case nil where result.submittedAt == nil: doing = "not handed in"
    default: doing = result.reason ?? ""
    }
  }
}
