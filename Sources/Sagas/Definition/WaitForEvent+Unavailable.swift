// Spellings that suggest themselves and are not there, each with a message that says what to write instead.

extension WaitForEvent where Value: SagaEvent {
  /// Not available: what is compared must be of one type.
  @available(
    *, unavailable,
    message: "the property of the event and the one of the State it must equal have to be of one type"
  )
  public init<Field, Key>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Field> & Sendable,
    equals key: KeyPath<State, Key> & Sendable, since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: a slot is compared by `equalsResult:`.
  @available(
    *, unavailable, message: "this is a slot, empty until its step has completed: write equalsResult: \\.slot"
  )
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Key> & Sendable,
    equals key: KeyPath<State, Key?> & Sendable, since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: what is compared must be of one type.
  @available(
    *, unavailable,
    message: "the property of the event and the slot whose value it must equal have to be of one type"
  )
  public init<Field, Key>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Field> & Sendable,
    equalsResult key: KeyPath<State, Key> & Sendable, since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: the saga's id is a `String`.
  @available(
    *, unavailable,
    message: """
      without equals: the property is compared with the saga's own id, so it must be a String; write \
      on: \\.key, equals: \\.property of the State
      """
  )
  public init<Field>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Field> & Sendable,
    since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: which events belong to the saga must be said.
  @available(
    *, unavailable,
    message: """
      which events belong to the saga? write on: \\.key, equals: \\.key, or for: Event.self for those that are \
      published to this saga
      """
  )
  public init(_ name: String, _ slot: Slot<State, Value>, since: EventHistory = .creation) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: what is compared must be of one type.
  @available(
    *, unavailable,
    message: "the property of the event and the one of the State it must equal have to be of one type"
  )
  public init<Field, Key>(
    _ name: String, for type: Value.Type, on field: KeyPath<Value, Field> & Sendable,
    equals key: KeyPath<State, Key> & Sendable, since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }

  /// Not available: a slot is compared by `equalsResult:`.
  @available(
    *, unavailable, message: "this is a slot, empty until its step has completed: write equalsResult: \\.slot"
  )
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, for type: Value.Type, on field: KeyPath<Value, Key> & Sendable,
    equals key: KeyPath<State, Key?> & Sendable, since: EventHistory = .creation
  ) {
    self.init(WaitDefinition(code: .none))
  }
}

extension WaitForEvent {
  /// Not available: a wait is not tried again.
  @available(
    *, unavailable,
    message: "a wait is not tried again: it waits until its event comes, or its .timeout passes"
  )
  public func retry(_ policy: RetryPolicy) -> Self { self }

  /// Not available: a wait does nothing that could be undone.
  @available(
    *, unavailable, message: "a wait does nothing that could be undone; undo what a step does about its event"
  )
  public func compensate(_ undo: @escaping @Sendable (Value) async throws -> Void) -> Self { self }

  /// Not available: time is an alternative.
  @available(
    *, unavailable,
    message: """
      a wait is not optional; to go on without the event make time an outcome: \
      WaitForEvent("name", \\.slot) { On(...) { ... }; After(.hours(24)) { _ in ... } }
      """
  )
  public func optional() -> Self { self }
}
