/// The events of one engine: kept, numbered, and brought to the sagas that wait for them.
///
/// Three things behind locks of their own, taken in this order: the order of events, their topics, their shelves. A
/// saga that begins to wait touches a shelf alone.
final class EventBoard: Sendable {
  let runtime: Runtime
  let store: any SagaStore
  let codec: any Codec
  /// Whether events have to be encoded.
  let keepsBytes: Bool
  /// Tells this engine's events from those of another one on the same store.
  let writer: UInt64
  let ready: ReadyQueue
  private let retention: Duration
  let shelves = EventTopic.Shelves()
  let order = Lock(EventOrder())
  private let topics = Lock<[String: EventTopic]>([:])
  /// Spares asking a type for its name, which by default is made anew each time.
  private let topicsOfTypes = Lock<[ObjectIdentifier: (EventType, EventTopic)]>([:])

  init(
    store: any SagaStore, keepsBytes: Bool, writer: UInt64, configuration: SagaOrchestrator.Configuration,
    runtime: Runtime, ready: ReadyQueue
  ) {
    self.store = store
    self.keepsBytes = keepsBytes
    self.writer = writer
    self.runtime = runtime
    self.ready = ready
    codec = configuration.codec
    retention = configuration.eventRetention
  }

  // MARK: Topics

  /// The topic of a name; made when it is asked for.
  func topic(named name: String) -> EventTopic {
    topics.withLock { topics in
      if let topic = topics[name] { return topic }
      let topic = EventTopic(name: name)
      topics[name] = topic
      return topic
    }
  }

  /// The topic of a name, if anybody has spoken of it.
  func knownTopic(named name: String) -> EventTopic? { topics.withLock { $0[name] } }

  /// A type, and its topic.
  ///
  /// Throws ``SagaError`` `alreadyRegistered` where its name belongs to another type.
  func topic<Event: SagaEvent>(of type: Event.Type) throws -> (EventType, EventTopic) {
    if let known = topicsOfTypes.withLock({ $0[ObjectIdentifier(type)] }) { return known }
    let erased = EventType(type)
    let topic = topic(named: erased.name)
    try topic.learn(erased, nil, shelves, codec)
    topicsOfTypes.withLock { $0[ObjectIdentifier(type)] = (erased, topic) }
    return (erased, topic)
  }

  /// Learns by what a definition looks for events. Throws as ``topic(of:)`` does.
  func learn(_ program: SagaProgram) throws {
    for source in program.eventSources {
      try topic(named: source.type.name).learn(source.type, source.field, shelves, codec)
    }
  }

  // MARK: Live sagas

  /// A saga of this program begins: from now on what is published is kept for it. Returns the number of the last
  /// event before it.
  func enter(_ program: SagaProgram) -> UInt64 {
    guard !program.eventNames.isEmpty else { return 0 }
    return order.withLock { order in
      for name in program.eventNames { topic(named: name).enter(order.published) }
      return order.published
    }
  }

  /// A saga goes on that began when this was the number of the last event.
  func enter(_ program: SagaProgram, mark: UInt64) {
    for name in program.eventNames { topic(named: name).enter(mark) }
  }

  /// A saga has ended, or is not run here any more.
  func leave(_ program: SagaProgram, mark: UInt64) {
    for name in program.eventNames { topic(named: name).leave(mark) }
  }

  /// A saga cannot be run as it is, and wants what comes behind this number once it can.
  func park(_ id: String, mark: UInt64) { order.withLock { $0.parked[id] = mark } }

  /// A saga is not parked any more.
  func unpark(_ id: String) { order.withLock { $0.parked[id] = nil } }

  /// From now on nothing is let go: sagas leave that have not ended.
  func close() { order.withLock { $0.isClosing = true } }

  // MARK: Growth

  /// Lets go of events that nobody may want any more; whether this number was among them.
  func purge(_ number: UInt64) -> Bool {
    let limit = runtime.clock.now.advanced(by: .zero - retention)
    let (floor, oldestParked, isClosing) = order.withLock { ($0.floor, $0.parked.values.min(), $0.isClosing) }
    if isClosing { return false }
    var removed: [KeptEvent] = []
    for topic in topics.withLock({ Array($0.values) }) {
      removed += topic.purge(publishedUntil: limit, after: floor, upTo: oldestParked ?? .max, shelves)
    }
    guard !removed.isEmpty else { return false }
    let numbers = order.withLock { order in removed.flatMap { order.forget($0) } }
    store.removeEvents(numbers.sorted(), by: writer)
    return removed.contains { $0.number == number }
  }
}
