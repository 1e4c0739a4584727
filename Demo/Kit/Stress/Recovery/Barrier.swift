import Sagas

/// Holds whoever comes until it is opened.
final class Barrier: Sendable {
  private struct State {
    var isOpen = false
    var arrivals = 0
    var held: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Lock(State())
  private let all: AsyncStream<Void>
  private let reached: AsyncStream<Void>.Continuation
  private let limit: Int

  /// - Parameter limit: how many come.
  init(_ limit: Int) {
    self.limit = limit
    (all, reached) = AsyncStream<Void>.makeStream()
  }

  /// Comes to it, and waits until it is open.
  func wait() async {
    await withCheckedContinuation { continuation in
      let (isOpen, isLast) = state.withLock { state in
        state.arrivals += 1
        if !state.isOpen { state.held.append(continuation) }
        return (state.isOpen, state.arrivals == limit)
      }
      if isLast { reached.finish() }
      if isOpen { continuation.resume() }
    }
  }

  /// Returns when all have come.
  func waitForAll() async {
    for await _ in all {}
  }

  /// Lets everybody go on who has come, and whoever comes.
  func open() {
    let held = state.withLock { state in
      state.isOpen = true
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }
}
