@testable import Sagas

// What most tables mean.
extension Event {
  static var cancel: Event { .cancel(compensating: true) }
  static var recover: Event { .recover(byHand: false) }
}

extension Entry {
  static func failing(_ cause: Cause) -> Entry { .failing(cause, then: .unwind) }
}
