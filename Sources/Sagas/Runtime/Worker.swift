/// A task that takes jobs off the ready queue, one after the other. The one that runs a step is that step's task.
final class Worker: Sendable {
  private struct State {
    var task: Task<Void, Never>?
    var isCancelled = false
  }

  private let state = Lock(State())

  /// Its task was cancelled, be it by the step it ran: it is spent, and must not begin anything else. Asked by that
  /// task alone.
  var isSpent: Bool { Task.isCancelled || state.withLock { $0.isCancelled } }

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
