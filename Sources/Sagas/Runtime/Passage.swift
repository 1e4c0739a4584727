/// The way inward of one interceptor: open for one call, and closed once the interceptor has come back.
final class Passage: Sendable {
  private struct State {
    var isOpen = true
    /// A call went in and has not come out.
    var isInside = false
    /// How the call came out; `nil` when there was none.
    var result: Result<Void, any Error>?
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Lock(State())

  /// Whether the caller may go in.
  func enter() -> Bool {
    state.withLock { state in
      guard state.isOpen else { return false }
      state.isOpen = false
      state.isInside = true
      return true
    }
  }

  /// The call comes out.
  func leave(with error: (any Error)?) {
    let waiter = state.withLock { state in
      state.isInside = false
      state.result = error.map { .failure($0) } ?? .success(())
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Lets nobody in any more and waits for who is inside; `nil` when nobody ever was.
  func close() async -> Result<Void, any Error>? {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        state.isOpen = false
        if state.isInside { state.waiter = continuation }
        return !state.isInside
      }
      if isEmpty { continuation.resume() }
    }
    return state.withLock { $0.result }
  }
}
