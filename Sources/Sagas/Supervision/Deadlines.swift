/// The one deadline heap of an engine, and the one task that sleeps until the earliest of them.
final class Deadlines: Sendable {
  /// Stands for one deadline, until that has come or was cancelled.
  struct Ticket: Sendable {
    fileprivate let place: DeadlineHeap<SagaInstance>.Ticket
    fileprivate let isHeld: Bool
  }

  private struct State {
    var heap = DeadlineHeap<SagaInstance>()
    /// Until when the sleeper sleeps; `nil` when there is none.
    var sleepsUntil: Timestamp?
    var sleeper: Task<Void, Never>?
    /// Counts sleepers, so that one that was replaced knows it.
    var generation: UInt64 = 0
    /// How many recoveries are under way, and when the first of them began.
    var recoveries = 0
    var heldUntil = Timestamp(nanoseconds: .min)
    /// What fell due before that.
    var overdue = DeadlineHeap<SagaInstance>()
  }

  private let runtime: Runtime
  private let ready: ReadyQueue
  private let state = Lock(State())

  init(runtime: Runtime, ready: ReadyQueue) {
    self.runtime = runtime
    self.ready = ready
  }

  /// The earliest deadline.
  var earliest: Timestamp? { state.withLock { $0.overdue.earliest ?? $0.heap.earliest } }

  /// How many sagas have a deadline.
  var count: Int { state.withLock { $0.heap.count + $0.overdue.count } }

  /// Has a saga look at its timers at that time. Each saga keeps one ticket, for the earliest of its own.
  func schedule(_ saga: SagaInstance, at time: Timestamp) -> Ticket {
    let (ticket, generation, replaced) = state.withLock { state -> (Ticket, UInt64?, Task<Void, Never>?) in
      if state.recoveries > 0, time <= state.heldUntil {
        return (Ticket(place: state.overdue.insert(saga, at: time), isHeld: true), nil, nil)
      }
      let ticket = Ticket(place: state.heap.insert(saga, at: time), isHeld: false)
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

  func cancel(_ ticket: Ticket) {
    state.withLock { state in
      _ = ticket.isHeld ? state.overdue.remove(ticket.place) : state.heap.remove(ticket.place)
    }
  }

  // MARK: Recovery

  /// Holds back what fell due before now, while sagas are brought back one after the other: it is to come in the order
  /// of its time, not in that of the sagas.
  func hold() {
    let now = runtime.clock.now
    state.withLock { state in
      if state.recoveries == 0 { state.heldUntil = now }
      state.recoveries += 1
    }
  }

  /// Has what was held back decided, in order.
  func release() async {
    let due = state.withLock { state in
      state.recoveries -= 1
      return state.recoveries > 0 ? [] : state.overdue.popDue(state.heldUntil).map(\.element)
    }
    for saga in due { await saga.fire() }
  }

  // MARK: Sleeping

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
