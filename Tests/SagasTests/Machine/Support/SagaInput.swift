@testable import Sagas

/// What can be said about a saga as a whole; one column of the table.
enum SagaInput: String, CaseIterable, Sendable {
  case create, admit, recover, cancel, cancelKeeping, sagaTimedOut, unwindTimedOut, retryCompensation, abandon
  case suspend, resume, resumeFrom, compensate

  var event: Event {
    switch self {
    case .create: .create
    case .admit: .admit
    case .recover: .recover
    case .cancel: .cancel
    case .cancelKeeping: .cancel(compensating: false)
    case .sagaTimedOut: .sagaTimedOut
    case .unwindTimedOut: .unwindTimedOut
    case .retryCompensation: .retryCompensation
    case .abandon: .abandon
    case .suspend: .suspend
    case .resume: .resume
    case .resumeFrom: .resumeFrom(1)
    case .compensate: .compensate
    }
  }
}
