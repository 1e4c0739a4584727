import Sagas

/// What the sagas of a run say of themselves at its end.
struct Audit: Codable, Sendable {
  struct Step: Codable, Sendable {
    let name: String
    let status: StepStatus
    let attempts: Int
  }

  struct Unsettled: Codable, Sendable {
    let step: String
    let reason: Unresolved.Reason
  }

  struct Entry: Codable, Sendable {
    let id: String
    let status: SagaStatus
    let steps: [Step]
    let compensated: [String]
    let unresolved: [Unsettled]
    /// The numbers of the words it took, by its waits.
    var words: [Int?]
  }

  var entries: [Entry] = []
}

extension Audit.Entry {
  init(_ report: SagaReport) {
    id = report.id
    status = report.status
    steps = report.steps.map { Audit.Step(name: $0.name, status: $0.status, attempts: $0.attempts) }
    compensated = report.compensatedSteps
    words = ["first word", "second word"].map { report.result(of: $0, as: Word.self)?.number }
    unresolved = report.unresolved.map { Audit.Unsettled(step: $0.step, reason: $0.reason) }
  }
}
