/// Holds the events one reader has not read yet: a bounded number, the newest. Handing one over never waits.
final class EventMailbox: Sendable {
  private struct State {
    var pending = AscendingQueue<KeptEvent>()
    var waiter: CheckedContinuation<KeptEvent?, Never>?
  }

  private let limit: Int
  private let state = Lock(State())

  init(limit: Int) { self.limit = limit }

  func push(_ event: KeptEvent) {
    let waiter = state.withLock { state -> CheckedContinuation<KeptEvent?, Never>? in
      if let waiter = state.waiter {
        state.waiter = nil
        return waiter
      }
      if state.pending.count >= limit { state.pending.removeFirst() }
      state.pending.append(event)
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// The next event of that type; `nil` when the calling task is cancelled.
  func next<Event: SagaEvent>(as type: Event.Type) async -> Event? {
    while let event = await next() {
      if let event = event.value as? Event { return event }
    }
    return nil
  }

  /// The next event; `nil` when the calling task is cancelled.
  private func next() async -> KeptEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> KeptEvent?? in
          if let event = state.pending.first {
            state.pending.removeFirst()
            return .some(event)
          }
          if Task.isCancelled { return .some(nil) }
          state.waiter = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(returning: nil)
    }
  }
}
