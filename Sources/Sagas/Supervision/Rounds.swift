import Synchronization

/// The tasks that do a supervisor's duties: one for each duty that is needed, none for those that are not.
///
/// They sleep nearly always, and do not keep the supervisor, or the engine, alive.
final class Rounds: Sendable {
  private struct State {
    /// By duty; a task begins to be under way before it is known.
    var isUnderWay = [Bool](repeating: false, count: Duty.allCases.count)
    var tasks = [Task<Void, Never>?](repeating: nil, count: Duty.allCases.count)
    var isOver = false
  }

  private let runtime: Runtime
  private let state = Lock(State())
  /// One bit for each duty that is under way.
  private let underWay = Atomic<Int>(0)

  init(runtime: Runtime) { self.runtime = runtime }

  /// Has a duty done again and again, as long as it is needed; nothing changes where it is already.
  func begin(_ duty: Duty, every interval: Duration, by supervisor: SagaSupervisor) {
    guard underWay.load(ordering: .acquiring) & 1 << duty.rawValue == 0 else { return }
    let begins = state.withLock { state in
      guard !state.isOver, !state.isUnderWay[duty.rawValue] else { return false }
      set(duty, true, &state)
      return true
    }
    guard begins else { return }
    let task = runtime.spawn("saga supervisor") { [clock = runtime.clock, weak supervisor] in
      while true {
        do {
          try await clock.sleep(until: clock.now.advanced(by: interval))
        } catch {
          return self.end(duty)
        }
        guard await supervisor?.goOn(with: duty) == true else { return }
      }
    }
    let isOver = state.withLock { state in
      if state.isUnderWay[duty.rawValue] { state.tasks[duty.rawValue] = task }
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  /// Whether a duty goes on: as long as it is needed. Whoever needs it later has to begin it again.
  func goesOn(_ duty: Duty, while isNeeded: () -> Bool) -> Bool {
    state.withLock { state in
      let isNeeded = isNeeded()
      if !isNeeded { set(duty, false, &state) }
      return isNeeded
    }
  }

  /// Ends all duties, for good.
  func end() {
    let tasks = state.withLock { state in
      state.isOver = true
      return state.tasks.compactMap { $0 }
    }
    for task in tasks { task.cancel() }
  }

  private func end(_ duty: Duty) {
    state.withLock { set(duty, false, &$0) }
  }

  private func set(_ duty: Duty, _ isUnderWay: Bool, _ state: inout State) {
    state.isUnderWay[duty.rawValue] = isUnderWay
    state.tasks[duty.rawValue] = nil
    let bits = state.isUnderWay.enumerated().reduce(0) { $1.element ? $0 | 1 << $1.offset : $0 }
    underWay.store(bits, ordering: .releasing)
  }
}
