@testable import Sagas

/// What can be said about a saga as a whole; one column of the table.
enum SagaInput: String, CaseIterable, Sendable {
  case create, admit, recover, cancel

  var event: Event {
    switch self {
    case .create: .create
    case .admit: .admit
    case .recover: .recover
    case .cancel: .cancel
    }
  }
}
