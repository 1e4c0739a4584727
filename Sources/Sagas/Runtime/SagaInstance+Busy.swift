/// What only a saga has that is at work, is watched, or has left: made when something is put into it, and let go when
/// nothing is left of it, so that a saga that waits has none of it.
extension SagaInstance {
  struct Busy: Sendable, Emptiable {
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

    /// Nothing is in it that would be missed.
    var isEmpty: Bool {
      flights.isEmpty && timers.isEmpty && ticket == nil && unwritten.isEmpty && !isHeld && outbox.isEmpty
        && slot.isNone && telling == nil && watchers == nil && newcomers.isEmpty && feed == nil
        && retirement == nil
    }
  }

  /// Lets go of it when nothing is left of it.
  func rest() {
    if aside.value?.isEmpty == true { aside.value = nil }
  }

  var flights: [Flight] {
    _read { yield aside.orNone.flights }
    _modify { yield &aside.orNone.flights }
  }

  var timers: [SagaTimer] {
    _read { yield aside.orNone.timers }
    _modify { yield &aside.orNone.timers }
  }

  var ticket: (ticket: Deadlines.Ticket, time: Timestamp)? {
    _read { yield aside.orNone.ticket }
    _modify { yield &aside.orNone.ticket }
  }

  var unwritten: [UnwrittenRecord] {
    _read { yield aside.orNone.unwritten }
    _modify { yield &aside.orNone.unwritten }
  }

  var isHeld: Bool {
    _read { yield aside.orNone.isHeld }
    _modify { yield &aside.orNone.isHeld }
  }

  var outbox: [Job] {
    _read { yield aside.orNone.outbox }
    _modify { yield &aside.orNone.outbox }
  }

  var slot: SlotHold {
    _read { yield aside.orNone.slot }
    _modify { yield &aside.orNone.slot }
  }

  var telling: FailureTelling? {
    _read { yield aside.orNone.telling }
    _modify { yield &aside.orNone.telling }
  }

  var watchers: UpdateHub? {
    _read { yield aside.orNone.watchers }
    _modify { yield &aside.orNone.watchers }
  }

  var newcomers: [CheckedContinuation<Void, Never>] {
    _read { yield aside.orNone.newcomers }
    _modify { yield &aside.orNone.newcomers }
  }

  var feed: StatusFeed? {
    _read { yield aside.orNone.feed }
    _modify { yield &aside.orNone.feed }
  }

  var retirement: SagaError? {
    _read { yield aside.orNone.retirement }
    _modify { yield &aside.orNone.retirement }
  }
}
