/// One kind of event that a node listens for.
///
/// Its closures take the State the node sees (``SagaData/keyView(of:_:_:)``), so that nothing keeps the key in memory.
struct EventSource: Sendable {
  let type: EventType
  /// The property that is compared; `nil` for events that are published to one saga.
  let field: EventField?
  /// The key the node listens for at its place; throws what an empty slot throws. `nil` without a field.
  let key: (@Sendable (AnyStateBox, StepRun) throws -> EventKey)?
  /// Whether ``key`` may throw, so that it has to be asked when the node is reached.
  let asksKey: Bool
  /// Whether the event is what the node listens for: by `==` of the key's type, never by its bytes or its hash.
  /// Without a field, whether it is of the type.
  let matches: @Sendable (any SagaEvent, AnyStateBox, StepRun) -> Bool
  /// What the event makes of the node; `nil` where it is done, with the event as its value.
  var judge: (@Sendable (any SagaEvent) throws -> Judgement)?

  /// The same with a closure that decides what the event makes of the node.
  func judged(_ judge: @escaping @Sendable (any SagaEvent) throws -> Judgement) -> EventSource {
    var copy = self
    copy.judge = judge
    return copy
  }
}

extension EventSource {
  /// Events that are published to one saga.
  static func directed<Event: SagaEvent>(_ type: Event.Type) -> EventSource {
    EventSource(
      type: EventType(type), field: nil, key: nil, asksKey: false, matches: { event, _, _ in event is Event })
  }

  /// Events whose property equals what the saga has.
  static func keyed<Event: SagaEvent, State: Sendable, Key: Hashable & Sendable>(
    on field: KeyPath<Event, Key> & Sendable, _ source: EventKeySource<State, Key>
  ) -> EventSource {
    keyed(on: field, asksKey: source.mayFail) { try source.key(in: $0, $1) }
  }

  /// Events whose property equals the saga's own id.
  static func identified<Event: SagaEvent>(by field: KeyPath<Event, String> & Sendable) -> EventSource {
    keyed(on: field, asksKey: false) { _, run in run.sagaID }
  }

  private static func keyed<Event: SagaEvent, Key: Hashable & Sendable>(
    on field: KeyPath<Event, Key> & Sendable, asksKey: Bool,
    _ key: @escaping @Sendable (AnyStateBox, StepRun) throws -> Key
  ) -> EventSource {
    EventSource(
      type: EventType(Event.self), field: EventField(field),
      key: { box, run in EventKey(try key(box, run)) },
      asksKey: asksKey,
      matches: { event, box, run in
        guard let event = event as? Event, let key = try? key(box, run) else { return false }
        return event[keyPath: field] == key
      })
  }
}
