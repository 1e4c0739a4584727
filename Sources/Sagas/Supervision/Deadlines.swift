/// The one deadline heap of an engine, and the one task that sleeps until the earliest of them.
final class Deadlines: Sendable {
  typealias Ticket = DeadlineHeap<SagaInstance>.Ticket

  private struct State {
    var heap = DeadlineHeap<SagaInstance>()
    /// Until when the sleeper sleeps; `nil` when there is none.
    var sleepsUntil: Timestamp?
    var sleeper: Task<Void, Never>?
    /// Counts sleepers, so that one that was replaced knows it.
    var generation: UInt64 = 0
  }

  private let runtime: Runtime
  private let ready: ReadyQueue
  private let state = Lock(State())

  init(runtime: Runtime, ready: ReadyQueue) {
    self.runtime = runtime
    self.ready = ready
  }

  /// The earliest deadline.
  var earliest: Timestamp? { state.withLock { $0.heap.earliest } }

  /// How many sagas have a deadline.
  var count: Int { state.withLock { $0.heap.count } }

  /// Has a saga look at its timers at that time. Each saga keeps one ticket, for the earliest of its own.
  func schedule(_ saga: SagaInstance, at time: Timestamp) -> Ticket {
    let (ticket, generation, replaced) = state.withLock { state -> (Ticket, UInt64?, Task<Void, Never>?) in
      let ticket = state.heap.insert(saga, at: time)
      guard state.sleepsUntil.map({ time < $0 }) ?? true else { return (ticket, nil, nil) }
      state.sleepsUntil = time
      state.generation += 1
      defer { state.sleeper = nil }
      return (ticket, state.generation, state.sleeper)
    }
    replaced?.cancel()
    if let generation { wake(at: time, generation) }
    return ticket
  }

  func cancel(_ ticket: Ticket) { state.withLock { _ = $0.heap.remove(ticket) } }

  /// Sends the sleeper home; a deadline that is put in after this calls a new one.
  func stop() {
    let sleeper = state.withLock { state in
      state.sleepsUntil = nil
      state.generation += 1
      defer { state.sleeper = nil }
      return state.sleeper
    }
    sleeper?.cancel()
  }

  private func wake(at time: Timestamp, _ generation: UInt64) {
    let task = runtime.spawn("saga deadlines") { await self.sleep(until: time, generation) }
    state.withLock { state in
      if state.generation == generation, state.sleepsUntil != nil { state.sleeper = task }
    }
  }

  private func sleep(until first: Timestamp, _ generation: UInt64) async {
    var next = first
    while true {
      do { try await runtime.clock.sleep(until: next) } catch { return }  // replaced by an earlier one
      let now = runtime.clock.now
      let (due, upcoming) = state.withLock { state -> ([SagaInstance], Timestamp?) in
        guard state.generation == generation else { return ([], nil) }
        let due = state.heap.popDue(now).map(\.element)
        state.sleepsUntil = state.heap.earliest
        if state.sleepsUntil == nil { state.sleeper = nil }
        return (due, state.sleepsUntil)
      }
      for saga in due { ready.submit(Job(saga: saga, work: .timers)) }
      guard let upcoming else { return }
      next = upcoming
    }
  }
}
