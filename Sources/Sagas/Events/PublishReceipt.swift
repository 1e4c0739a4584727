/// Collects what becomes of one published event: an answer from everybody it was offered to.
final class PublishReceipt: Sendable {
  private struct State {
    var open: Int
    var deliveries: [(saga: String, since: Timestamp, place: Int)] = []
    var started: [String] = []
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Lock<State>

  /// - Parameter offers: how many answers will come.
  init(offers: Int) { state = Lock(State(open: offers)) }

  /// A saga that has been waiting since some time has taken the event.
  func take(_ saga: String, since: Timestamp, place: Int) {
    answer { $0.deliveries.append((saga, since, place)) }
  }

  /// A saga was started on the event.
  func start(_ saga: String) { answer { $0.started.append(saga) } }

  /// Somebody wanted nothing of it.
  func refuse() { answer { _ in } }

  private func answer(_ body: (inout sending State) -> Void) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      body(&state)
      state.open -= 1
      guard state.open == 0 else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when everybody has answered.
  func complete(_ report: inout PublishReport) async {
    await withCheckedContinuation { continuation in
      let isComplete = state.withLock { state in
        if state.open > 0 { state.waiter = continuation }
        return state.open == 0
      }
      if isComplete { continuation.resume() }
    }
    let (deliveries, started) = state.withLock { ($0.deliveries, $0.started) }
    report.deliveredTo = deliveries.sorted { ($0.since, $0.place) < ($1.since, $1.place) }.map(\.saga)
    report.started = started.sorted()
  }
}
