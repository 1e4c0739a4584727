import Sagas

/// A clock that stands still until it is told to move.
///
/// Moved by hand, with ``advance(by:)``, under the ordinary executor; or moved by a ``SimulationExecutor`` that owns
/// it, which jumps to the next deadline whenever nothing is left to run.
///
/// Moving the clock by hand resumes the sleepers that are due and returns; it does not run them: they go on at their
/// own pace, like all tasks. So wait for what they do before moving on: an ``EventLog``, a ``Gate``, or, for code
/// that sleeps again and again, ``waitForSleepers(atLeast:)``. And wait for a sleeper to have fallen asleep before
/// moving the clock over its deadline, if that deadline is counted from `now`.
package final class VirtualClock: SagaClock {
  private struct State: Sendable {
    var now: Timestamp
    var sleepers = DeadlineHeap<Sleeper>()
    var tickets: [UInt64: DeadlineHeap<Sleeper>.Ticket] = [:]
    var lastID: UInt64 = 0
    /// Sleepers that were cancelled before they had come to sleep.
    var cancelled: Set<UInt64> = []
    var isShutDown = false
  }

  private struct Sleeper: Sendable {
    let id: UInt64
    let continuation: CheckedContinuation<Void, any Error>
  }

  /// 2025-01-01 00:00 UTC: where virtual time starts unless told otherwise.
  package static let start = Timestamp(nanoseconds: 1_735_689_600_000_000_000)

  private let monitor: Monitor<State>

  /// A clock that shows `now`.
  package init(now: Timestamp = VirtualClock.start) {
    monitor = Monitor(State(now: now))
  }

  /// The time the clock shows.
  package var now: Timestamp { monitor.state.now }

  /// How many tasks are asleep.
  package var sleeperCount: Int { monitor.state.sleepers.count }

  /// The earliest point in time somebody sleeps until.
  package var nextDeadline: Timestamp? { monitor.state.sleepers.earliest }

  /// Waits until at least `count` tasks are asleep; `false` when the calling task was cancelled before that.
  @discardableResult
  package func waitForSleepers(atLeast count: Int) async -> Bool {
    await monitor.wait { $0.sleepers.count >= count }
  }

  /// Moves the clock on and resumes all whose deadline it passes, the earliest first.
  ///
  /// Returns at once; what was resumed may not have run yet.
  package func advance(by duration: Duration) {
    move { $0.now.advanced(by: duration) }
  }

  /// Moves the clock to the earliest deadline and resumes all that sleep until then; `false` when nobody sleeps.
  @discardableResult
  package func advanceToNextDeadline() -> Bool {
    move { $0.sleepers.earliest }
  }

  /// Sleeps until the clock was moved to `deadline`.
  package func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    if monitor.state.isShutDown {
      // Whoever takes no notice of the error and comes again must let others, and the end, have their turn.
      await Task.yield()
      throw CancellationError()
    }
    let id = monitor.change { state in
      state.lastID += 1
      return state.lastID
    }
    defer {
      monitor.change { state in
        state.tickets[id] = nil
        state.cancelled.remove(id)
      }
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer = monitor.change { state -> Result<Void, any Error>? in
          if state.cancelled.contains(id) { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.tickets[id] = state.sleepers.insert(Sleeper(id: id, continuation: continuation), at: deadline)
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let sleeper = monitor.change { state -> Sleeper? in
        guard let ticket = state.tickets[id] else {
          state.cancelled.insert(id)
          return nil
        }
        return state.sleepers.remove(ticket)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Ends all sleeps, present and future, as if their tasks had been cancelled.
  ///
  /// For the end of a simulation, so that tasks which would sleep for ever do not stay behind.
  func shutDown() {
    let sleepers = monitor.change { state in
      state.isShutDown = true
      return state.sleepers.popDue(Timestamp(nanoseconds: .max))
    }
    for sleeper in sleepers { sleeper.element.continuation.resume(throwing: CancellationError()) }
  }

  /// Moves the clock, never back, to where `target` says, and resumes whoever is due then.
  @discardableResult
  private func move(to target: @Sendable (State) -> Timestamp?) -> Bool {
    let due = monitor.change { state -> [Sleeper]? in
      guard let target = target(state) else { return nil }
      state.now = max(state.now, target)
      return state.sleepers.popDue(state.now).map(\.element)
    }
    for sleeper in due ?? [] { sleeper.continuation.resume() }
    return due != nil
  }
}
