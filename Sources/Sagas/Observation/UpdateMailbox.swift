/// Holds the states one reader has not read yet. Handing one over never waits and takes constant time.
final class UpdateMailbox: Sendable {
  /// What happens when a reader falls behind.
  enum Overflow: Sendable {
    /// Keep this many, drop the oldest.
    case keepNewest(Int)
    /// Keep the newest of each saga, at the place of its first unread one.
    case keepNewestPerSaga
  }

  private struct State {
    var pending: [SagaUpdate] = []
    /// How many of `pending` have been read.
    var read = 0
    /// How many were read and have left `pending`.
    var dropped = 0
    /// The number, counted over all times, of each saga's unread state.
    var numbers: [String: Int] = [:]
    var waiter: CheckedContinuation<SagaUpdate?, Never>?
    var isFinished = false

    mutating func append(_ update: SagaUpdate, perSaga: Bool) {
      if perSaga {
        if let number = numbers[update.id] {
          pending[number - dropped] = update
          return
        }
        numbers[update.id] = dropped + pending.count
      }
      pending.append(update)
    }

    mutating func popFirst() -> SagaUpdate? {
      guard read < pending.count else { return nil }
      let first = pending[read]
      numbers[first.id] = nil
      read += 1
      if read * 2 > pending.count {
        pending.removeFirst(read)
        dropped += read
        read = 0
      }
      return first
    }
  }

  private let overflow: Overflow
  private let state = Lock(State())

  init(_ overflow: Overflow) { self.overflow = overflow }

  func push(_ update: SagaUpdate) {
    let waiter = state.withLock { state -> CheckedContinuation<SagaUpdate?, Never>? in
      guard !state.isFinished else { return nil }
      if let waiter = state.waiter {
        state.waiter = nil
        return waiter
      }
      switch overflow {
      case .keepNewest(let limit):
        if state.pending.count - state.read >= limit { _ = state.popFirst() }
        state.append(update, perSaga: false)
      case .keepNewestPerSaga:
        state.append(update, perSaga: true)
      }
      return nil
    }
    waiter?.resume(returning: update)
  }

  /// Ends the sequence behind what is pending.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  /// The next state; `nil` at the end, or when the calling task is cancelled.
  func next() async -> SagaUpdate? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> SagaUpdate?? in
          if let update = state.popFirst() { return .some(update) }
          if state.isFinished || Task.isCancelled { return .some(nil) }
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
