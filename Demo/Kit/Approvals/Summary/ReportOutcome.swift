/// What became of a report, in a few words.
enum ReportOutcome: String, CaseIterable, Sendable {
  case passed = "paid without asking anybody"
  case approvedByManager = "approved by the manager, and paid"
  case approvedByDirector = "approved by the director, and paid"
  case rejected = "rejected, and undone"
  case undecided = "decided by nobody in time, and undone"
  case unpaid = "approved, but could not be paid: undone"
  case stopped = "stopped on the way, and undone"
  case notSubmitted = "not handed in"
  case unfinished = "not ended"

  init(_ result: ReportResult) {
    switch (result.status, result.ruling) {
    case (nil, _): self = result.submittedAt == nil ? .notSubmitted : .unfinished
    case (.completed, nil): self = .passed
    case (.completed, _): self = result.director == nil ? .approvedByManager : .approvedByDirector
    case (.compensated, .approved): self = .unpaid
    case (.compensated, .rejected): self = .rejected
    case (.compensated, .nobody) where result.director != nil: self = .undecided
    case (.compensated, _): self = .stopped
    default: self = .unfinished
    }
  }

  var isPaid: Bool { self == .passed || self == .approvedByManager || self == .approvedByDirector }
}
