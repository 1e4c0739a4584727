/// A task that takes jobs off the ready queue, one after the other. The one that runs a step is that step's task.
final class Worker: Sendable {
  private struct State {
    var task: Task<Void, Never>?
    var isCancelled = false
  }

  private let state = Lock(State())

  /// Its task was cancelled: it is spent, and must not begin anything else.
  var isSpent: Bool { state.withLock { $0.isCancelled } }

  /// Cancels what the worker runs.
  func cancel() {
    let task = state.withLock { state in
      state.isCancelled = true
      return state.task
    }
    task?.cancel()
  }

  /// Takes its task; it may have begun, or been cancelled, before.
  func take(_ task: Task<Void, Never>) {
    let isCancelled = state.withLock { state in
      state.task = task
      return state.isCancelled
    }
    if isCancelled { task.cancel() }
  }
}
