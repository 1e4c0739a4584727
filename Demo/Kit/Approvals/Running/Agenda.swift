/// What happens from outside, in the order of its times.
struct Agenda: Sendable {
  /// One thing that happens.
  enum Item: Codable, Hashable, Sendable {
    case submit(ExpenseReport)
    case decide(Decision)

    /// The id under which it is published: what comes twice counts once.
    var eventID: String {
      switch self {
      case .submit(let report): "submission of \(report.id)"
      case .decide(let decision): decision.id
      }
    }
  }

  private(set) var items: [(at: Duration, item: Item)]

  /// Reports come before decisions of the same time, and otherwise what stands first in its file.
  init(_ requests: [ExpenseRequest], _ decisions: [TimedDecision]) {
    var all: [(at: Duration, item: Item)] = []
    for request in requests {
      all.append((request.submitted, .submit(request.report)))
      if let again = request.submittedAgain { all.append((again, .submit(request.report))) }
    }
    for decision in decisions { all.append((decision.at, .decide(decision.decision))) }
    items = all.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}
