/// Holds what one listener has not read yet. Handing something over never waits.
final class SupervisorMailbox: Sendable {
  /// How many are kept; then the oldest is dropped.
  static let limit = 256

  private struct State {
    /// A ring, once it is full.
    var pending: [SupervisorEvent] = []
    /// The place of the oldest.
    var first = 0
    var count = 0
    var waiter: CheckedContinuation<SupervisorEvent?, Never>?
    var isFinished = false

    mutating func append(_ event: SupervisorEvent) {
      if count < pending.count {
        pending[(first + count) % pending.count] = event
        count += 1
      } else if pending.count < SupervisorMailbox.limit {
        pending = Array(pending[first...] + pending[..<first]) + [event]
        first = 0
        count += 1
      } else {
        pending[first] = event
        first = (first + 1) % pending.count
      }
    }

    mutating func popFirst() -> SupervisorEvent? {
      guard count > 0 else { return nil }
      let event = pending[first]
      first = (first + 1) % pending.count
      count -= 1
      if count == 0 {
        pending = []
        first = 0
      }
      return event
    }
  }

  private let state = Lock(State())

  func push(_ event: SupervisorEvent) {
    let waiter = state.withLock { state -> CheckedContinuation<SupervisorEvent?, Never>? in
      guard !state.isFinished else { return nil }
      if let waiter = state.waiter.take() { return waiter }
      state.append(event)
      return nil
    }
    waiter?.resume(returning: event)
  }

  /// Ends the sequence behind what is pending.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      return state.waiter.take()
    }
    waiter?.resume(returning: nil)
  }

  /// The next one; `nil` at the end, or when the calling task is cancelled.
  func next() async -> SupervisorEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> SupervisorEvent?? in
          if let event = state.popFirst() { return .some(event) }
          if state.isFinished || Task.isCancelled { return .some(nil) }
          state.waiter = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiter.take() }?.resume(returning: nil)
    }
  }
}
