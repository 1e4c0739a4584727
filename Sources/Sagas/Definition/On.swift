/// One kind of event that ends a ``WaitForEvent`` with alternatives, and the value it comes to.
///
/// ```swift
/// On(Approved.self, \.orderID, equals: \.orderID) { .approved(by: $0.by) }
/// ```
///
/// The closure is asked once, when the event is taken, and its value is recorded; it must not take long, as the saga
/// stands still meanwhile. If it throws, the wait fails with what it throws.
public struct On<State: Sendable, Value: Codable & Sendable>: Sendable {
  let alternative: WaitAlternative<State, Value>

  private init<Event: SagaEvent>(
    _ source: EventSource, _ value: @escaping @Sendable (Event) throws -> Value
  ) {
    alternative = WaitAlternative(
      source: source.judged { event in
        let event: Event = try EventType.expect(event)
        return .value(try value(event))
      })
  }

  /// An event whose property equals one of the `State`.
  public init<Event: SagaEvent, Key: Hashable & Codable & Sendable>(
    _ type: Event.Type, _ field: KeyPath<Event, Key> & Sendable, equals key: KeyPath<State, Key> & Sendable,
    value: @escaping @Sendable (Event) throws -> Value
  ) {
    self.init(.keyed(on: field, .property(key)), value)
  }

  /// An event whose property equals the result of a step before the wait.
  ///
  /// Where that slot is empty, the wait fails with ``SagaError/Code/missing``.
  public init<Event: SagaEvent, Key: Hashable & Codable & Sendable>(
    _ type: Event.Type, _ field: KeyPath<Event, Key> & Sendable,
    equalsResult result: KeyPath<State, Key?> & Sendable,
    value: @escaping @Sendable (Event) throws -> Value
  ) {
    self.init(.keyed(on: field, .result(result)), value)
  }

  /// An event whose property equals the saga's own id.
  public init<Event: SagaEvent>(
    _ type: Event.Type, _ field: KeyPath<Event, String> & Sendable,
    value: @escaping @Sendable (Event) throws -> Value
  ) {
    self.init(.identified(by: field), value)
  }

  /// An event that is published to this saga alone.
  public init<Event: SagaEvent>(
    _ type: Event.Type, value: @escaping @Sendable (Event) throws -> Value
  ) {
    self.init(.directed(Event.self), value)
  }
}

extension On {
  /// Not available: what is compared must be of one type.
  @available(
    *, unavailable,
    message: "the property of the event and the one of the State it must equal have to be of one type"
  )
  public init<Event: SagaEvent, Field, Key>(
    _ type: Event.Type, _ field: KeyPath<Event, Field> & Sendable, equals key: KeyPath<State, Key> & Sendable,
    value: @escaping @Sendable (Event) throws -> Value
  ) {
    alternative = WaitAlternative()
  }

  /// Not available: a slot is compared by `equalsResult:`.
  @available(
    *, unavailable, message: "this is a slot, empty until its step has completed: write equalsResult: \\.slot"
  )
  public init<Event: SagaEvent, Key: Hashable & Codable & Sendable>(
    _ type: Event.Type, _ field: KeyPath<Event, Key> & Sendable, equals key: KeyPath<State, Key?> & Sendable,
    value: @escaping @Sendable (Event) throws -> Value
  ) {
    alternative = WaitAlternative()
  }
}
