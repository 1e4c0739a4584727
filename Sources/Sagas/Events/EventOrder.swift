/// The order of all events: their numbers, their ids, and which are on their way to the store.
struct EventOrder {
  /// An event that is not durable yet.
  struct Pending {
    let event: KeptEvent
    let topic: EventTopic
    let publisher: CheckedContinuation<Verdict, any Error>
    /// Others that publish under the same id, and wait for what becomes of this one.
    var rivals: [CheckedContinuation<Verdict, any Error>] = []
    var outcome: Result<Void, any Error>?
  }

  /// What became of the attempt to publish.
  enum Verdict {
    case published(PublishReceipt, isKept: Bool)
    /// An event of the id is kept.
    case duplicate
    /// Whoever had the id has failed: it is free again.
    case free
    /// The events of the store have to be loaded first.
    case closed
  }

  /// Whether the events of the store are here.
  var isOpen = false
  /// Who waits for them to be loaded; `nil` when nobody loads them.
  var visitors: [CheckedContinuation<Bool, Never>]?
  /// The last number that was given, whether or not the event came to be.
  var last: UInt64 = 0
  /// The number of the last event that was published. Behind it, other engines may give numbers anew.
  var published: UInt64 = 0
  /// The time of the last event: it never goes back.
  var time = Timestamp(nanoseconds: .min)
  /// The orchestrator is being shut down: sagas that leave want what is there when they come back.
  var isClosing = false
  /// Sagas that are parked, with the number of the last event before each: nothing behind that is let go.
  var parked: [String: UInt64] = [:]
  /// How many recoveries are under way.
  var recoveries = 0
  /// Up to this number nothing is let go: sagas that want it may not have been recovered yet.
  var floor: UInt64 = 0
  /// Numbers by the ids of events that are kept or on their way.
  var ids: [String: UInt64] = [:]
  var pending = AscendingQueue<Pending>()
  /// Somebody is bringing out what is durable, in order.
  var isDraining = false
  /// Which sagas were started on an event, by its number, each with the number of the record that says so.
  var starts: [UInt64: [(saga: String, number: UInt64)]] = [:]

  /// A number for an event of that time.
  mutating func next(at time: Timestamp) -> (number: UInt64, time: Timestamp) {
    last += 1
    self.time = max(self.time, time)
    return (last, self.time)
  }

  /// The place of a pending event.
  func pendingPlace(_ number: UInt64) -> Int? {
    let place = pending.place(of: number) { $0.event.number }
    return place < pending.endIndex && pending[place].event.number == number ? place : nil
  }

  /// The first event on its way, if it is known what became of it.
  mutating func takeSettled() -> (pending: Pending, outcome: Result<Void, any Error>)? {
    guard let first = pending.first, let outcome = first.outcome else {
      isDraining = false
      return nil
    }
    pending.removeFirst()
    switch outcome {
    case .success: published = max(published, first.event.number)
    case .failure: if ids[first.event.id] == first.event.number { ids[first.event.id] = nil }
    }
    return (first, outcome)
  }

  /// Forgets an event; the numbers of all records that belonged to it.
  mutating func forget(_ event: KeptEvent) -> [UInt64] {
    if ids[event.id] == event.number { ids[event.id] = nil }
    return [event.number] + (starts.removeValue(forKey: event.number) ?? []).map(\.number)
  }
}
