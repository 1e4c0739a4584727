extension Sequential {
  /// Ends these parts by an event: as soon as it is published the saga fails with the error it means.
  ///
  /// ```swift
  /// Sequential {
  ///   Step("reserve", \.reservation) { try await inventory.reserve($0.cart) }.compensate(inventory.release)
  ///   WaitForEvent("payment", \.payment, on: \.orderID, equals: \.orderID)
  /// }
  /// .failing(on: OrderWithdrawn.self, \.orderID, equals: \.orderID) { Withdrawn(by: $0.customer) }
  /// ```
  ///
  /// The saga listens from when it has come to the first of the parts until the last has settled. An event that was
  /// published since the saga's creation counts too; then none of the parts begins. What is in flight is asked to
  /// stop and waited for, as with any failure. Given more than once, each of the events ends it. Not behind a
  /// ``Pivot``, where nothing can be undone any more: there it is refused at registration.
  /// - Parameters:
  ///   - type: the type of the event.
  ///   - field: the property of the event.
  ///   - key: the property of the `State` that it must equal, as it was when the saga came to the first of the parts.
  ///   - error: the error it means. Asked once and recorded; must not take long, as the saga stands still meanwhile.
  ///     If it throws, what it throws is the failure.
  /// - Returns: the parts with that declaration.
  public func failing<Event: SagaEvent, Key: Hashable & Codable & Sendable>(
    on type: Event.Type, _ field: KeyPath<Event, Key> & Sendable, equals key: KeyPath<State, Key> & Sendable,
    error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    guarded(by: .keyed(on: field, .property(key)), error)
  }

  /// Ends these parts by an event whose property equals the result of a step before them.
  ///
  /// As ``failing(on:_:equals:error:)``. Where that slot is empty, the saga fails here with
  /// ``SagaError/Code/missing``.
  public func failing<Event: SagaEvent, Key: Hashable & Codable & Sendable>(
    on type: Event.Type, _ field: KeyPath<Event, Key> & Sendable,
    equalsResult result: KeyPath<State, Key?> & Sendable,
    error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    guarded(by: .keyed(on: field, .result(result)), error)
  }

  /// Ends these parts by an event whose property equals the saga's own id.
  ///
  /// As ``failing(on:_:equals:error:)``.
  public func failing<Event: SagaEvent>(
    on type: Event.Type, _ field: KeyPath<Event, String> & Sendable,
    error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    guarded(by: .identified(by: field), error)
  }

  /// Ends these parts by an event that is published to this saga alone.
  ///
  /// As ``failing(on:_:equals:error:)``.
  public func failing<Event: SagaEvent>(
    on type: Event.Type, error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    guarded(by: .directed(Event.self), error)
  }

  private func guarded<Event: SagaEvent>(
    by source: EventSource, _ error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    let judged = source.judged { event in
      let event: Event = try EventType.expect(event)
      return .failure(try error(event))
    }
    var (definition, pieces): (WaitDefinition, [NodeTree]) =
      switch node.tree {
      case .guarded(let definition, let pieces): (definition, pieces)
      case .sequential(let pieces): (WaitDefinition(code: .none, isFailing: true), pieces)
      case let tree: (WaitDefinition(code: .none, isFailing: true), [tree])
      }
    definition.code.alternatives.append(judged)
    return Sequential(tree: .guarded(definition, pieces))
  }
}

extension Sequential {
  /// Not available: what is compared must be of one type.
  @available(
    *, unavailable,
    message: "the property of the event and the one of the State it must equal have to be of one type"
  )
  public func failing<Event: SagaEvent, Field, Key>(
    on type: Event.Type, _ field: KeyPath<Event, Field> & Sendable,
    equals key: KeyPath<State, Key> & Sendable,
    error: @escaping @Sendable (Event) throws -> any Error
  ) -> Sequential {
    self
  }

  /// Not available: an event that means no error does not end anything.
  @available(
    *, unavailable,
    message: """
      every such event ends the scope, so it must be an Error that is returned; for some of them only use \
      WaitForEvent with .failing { event in error or nil }
      """
  )
  public func failing<Event: SagaEvent, Key, Value>(
    on type: Event.Type, _ field: KeyPath<Event, Key> & Sendable, equals key: KeyPath<State, Key> & Sendable,
    error: @escaping @Sendable (Event) throws -> Value
  ) -> Sequential {
    self
  }
}
