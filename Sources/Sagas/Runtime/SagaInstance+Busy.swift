/// What only a saga has that is at work, is watched, or has left: a saga that rests has none of it.
extension SagaInstance {
  struct Busy: Sendable {
    /// Attempts decided on that have not come back, those given up included.
    var flights: [Flight] = []
    var timers: [SagaTimer] = []
    /// The saga's place in the engine's deadline heap, for the earliest of its timers.
    var ticket: (ticket: Deadlines.Ticket, time: Timestamp)?
    /// Records that are not durable yet, with what is to be done once they are.
    var unwritten: [UnwrittenRecord] = []
    /// A write has failed: nothing is offered to the store until the time for another try.
    var isHeld = false
    /// Jobs that became ready in this turn.
    var outbox: [Job] = []
    var slot = SlotHold.none
    var telling: FailureTelling?
    var watchers: UpdateHub?
    /// Wait for it to be created, or not.
    var newcomers: [CheckedContinuation<Void, Never>] = []
    /// What interceptors are to be told, where there are any.
    var feed: StatusFeed?
    /// Why it does not act any more, although it has not ended.
    var retirement: SagaError?

    static let none = Busy()

    /// Nothing is in it that would be missed: neither would a place in the heap without a timer, nor a hub that nobody
    /// reads any more.
    var isIdle: Bool {
      flights.isEmpty && timers.isEmpty && unwritten.isEmpty && !isHeld && outbox.isEmpty && slot.isNone
        && telling == nil && newcomers.isEmpty && feed == nil && retirement == nil && watchers?.isRead != true
    }
  }

  /// Packs what is needed again only when something happens, where nothing but an event or a command can happen.
  func rest() {
    guard !memory.isPacked, machine.mayRest, memory.work.pointee.busy.isIdle else { return }
    if let ticket { engine.deadlines.cancel(ticket.ticket) }
    memory.pack(since: info.startedAt)
  }

  /// Expects that it does something soon.
  func wake() { memory.unpack(since: info.startedAt, program.plan) }

  // Nothing large is yielded to be read: of a value that is handed over by its address, Swift 6.3.1 may read a part when
  // the coroutine that yielded it has ended, and its memory is gone. And the pointer stands by itself below: built for
  // ThreadSanitizer, it fails where what it points at is yielded from the property at once.

  /// What decides. Reading it of a saga that rests makes it anew; writing wakes the saga.
  var machine: SagaMachine {
    get { memory.atWork?.pointee.machine ?? memory.unpacked(since: info.startedAt, program.plan) }
    _modify {
      wake()
      let work = memory.work
      yield &work.pointee.machine
    }
  }

  /// To be written. Reading it of a saga that rests gives what there is then: nothing.
  private var busy: Busy {
    get { memory.atWork?.pointee.busy ?? Busy.none }
    _modify {
      wake()
      let work = memory.work
      yield &work.pointee.busy
    }
  }

  var flights: [Flight] {
    get { memory.atWork?.pointee.busy.flights ?? [] }
    _modify { yield &busy.flights }
  }

  var timers: [SagaTimer] {
    get { memory.atWork?.pointee.busy.timers ?? [] }
    _modify { yield &busy.timers }
  }

  var ticket: (ticket: Deadlines.Ticket, time: Timestamp)? {
    get { memory.atWork?.pointee.busy.ticket }
    _modify { yield &busy.ticket }
  }

  var unwritten: [UnwrittenRecord] {
    get { memory.atWork?.pointee.busy.unwritten ?? [] }
    _modify { yield &busy.unwritten }
  }

  var isHeld: Bool {
    get { memory.atWork?.pointee.busy.isHeld ?? false }
    _modify { yield &busy.isHeld }
  }

  var outbox: [Job] {
    get { memory.atWork?.pointee.busy.outbox ?? [] }
    _modify { yield &busy.outbox }
  }

  var slot: SlotHold {
    get { memory.atWork?.pointee.busy.slot ?? .none }
    _modify { yield &busy.slot }
  }

  var telling: FailureTelling? {
    get { memory.atWork?.pointee.busy.telling }
    _modify { yield &busy.telling }
  }

  var watchers: UpdateHub? {
    get { memory.atWork?.pointee.busy.watchers }
    _modify { yield &busy.watchers }
  }

  var newcomers: [CheckedContinuation<Void, Never>] {
    get { memory.atWork?.pointee.busy.newcomers ?? [] }
    _modify { yield &busy.newcomers }
  }

  var feed: StatusFeed? {
    get { memory.atWork?.pointee.busy.feed }
    _modify { yield &busy.feed }
  }

  var retirement: SagaError? {
    get { memory.atWork?.pointee.busy.retirement }
    _modify { yield &busy.retirement }
  }
}

extension SagaMachine {
  /// Whether it waits for somebody: not for a time or for what runs, and not only until its record is closed.
  fileprivate var mayRest: Bool {
    active == 0 && resting == 0 && phase != .new && phase != .created && !phase.isTerminal && isPackable
  }
}
