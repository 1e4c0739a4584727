/// The changes of one saga's status that its interceptors have not been told yet.
struct StatusFeed: Sendable {
  private var last: SagaStatus
  private var untold: [(from: SagaStatus, to: SagaStatus)] = []
  private var isTelling = false

  init(_ status: SagaStatus) { last = status }

  /// Takes a status that has become durable; whether it must be seen to that it is told.
  mutating func note(_ status: SagaStatus) -> Bool {
    guard status != last else { return false }
    untold.append((last, status))
    last = status
    defer { isTelling = true }
    return !isTelling
  }

  /// Takes what is to be told by now; empty at the end of telling.
  mutating func take() -> [(from: SagaStatus, to: SagaStatus)] {
    defer { untold = [] }
    isTelling = !untold.isEmpty
    return untold
  }
}
