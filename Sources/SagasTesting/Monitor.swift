import Sagas

/// A state, and tasks that wait until it is as they need it.
///
/// What the waiting things of the test kit are made of. No wall clock: whoever waits is resumed by the very change
/// that makes its condition true.
final class Monitor<State: Sendable>: Sendable {
  private struct Waiter: Sendable {
    let id: UInt64
    let holds: @Sendable (State) -> Bool
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct Contents: Sendable {
    var state: State
    var waiters: [Waiter] = []
    var lastID: UInt64 = 0
    /// Waiters that were cancelled before they had come to wait.
    var cancelled: Set<UInt64> = []
  }

  private let contents: Lock<Contents>

  init(_ state: State) {
    contents = Lock(Contents(state: state))
  }

  /// The state as it is.
  var state: State { contents.withLock { $0.state } }

  /// Changes the state, then resumes everybody whose condition it now meets, in the order in which they came.
  @discardableResult
  func change<Result: Sendable>(_ body: @Sendable (inout State) -> Result) -> Result {
    let (result, ready) = contents.withLock { contents in
      let result = body(&contents.state)
      let state = contents.state
      let ready = contents.waiters.filter { $0.holds(state) }
      if !ready.isEmpty { contents.waiters.removeAll { waiter in ready.contains { $0.id == waiter.id } } }
      return (result, ready)
    }
    for waiter in ready { waiter.continuation.resume(returning: true) }
    return result
  }

  /// Suspends until the condition holds: `true`; or until the calling task is cancelled: `false`.
  @discardableResult
  func wait(until holds: @escaping @Sendable (State) -> Bool) async -> Bool {
    let id = contents.withLock { contents in
      contents.lastID += 1
      return contents.lastID
    }
    defer { contents.withLock { _ = $0.cancelled.remove(id) } }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = contents.withLock { contents -> Bool? in
          if holds(contents.state) { return true }
          if contents.cancelled.contains(id) { return false }
          contents.waiters.append(Waiter(id: id, holds: holds, continuation: continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = contents.withLock { contents -> Waiter? in
        guard let place = contents.waiters.firstIndex(where: { $0.id == id }) else {
          contents.cancelled.insert(id)
          return nil
        }
        return contents.waiters.remove(at: place)
      }
      waiter?.continuation.resume(returning: false)
    }
  }
}
