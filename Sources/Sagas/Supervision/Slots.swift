/// The slots of an engine that limits how many of its sagas run at once.
final class Slots: Sendable {
  typealias Pool = SlotPool<SagaInstance>

  private let ready: ReadyQueue
  private let pool: Lock<Pool>

  init(limit: Int, ready: ReadyQueue) {
    self.ready = ready
    pool = Lock(Pool(limit: limit))
  }

  /// How many slots no saga has.
  var free: Int { pool.withLock { $0.free } }

  /// How many sagas wait for a slot.
  var waiting: Int { pool.withLock { $0.waiting } }

  /// Takes a slot for a saga, or a place in line; when its turn comes, the saga is told by a job, and has the slot.
  func claim(_ saga: SagaInstance, _ line: Pool.Line) -> Pool.Answer {
    pool.withLock { $0.claim(saga, line) }
  }

  /// Gives a slot back.
  func release() {
    if let next = pool.withLock({ $0.release() }) { ready.submit(Job(saga: next, work: .slot)) }
  }

  /// Gives up a place in line. A slot that is on its way already arrives all the same, and has to be given back.
  func withdraw(_ ticket: Pool.Ticket) { pool.withLock { _ = $0.withdraw(ticket) } }
}
