/// Waits until an event is published that belongs to this saga.
///
/// ```swift
/// WaitForEvent("approval", \.decision, on: \.orderID, equals: \.orderID)
///   .timeout(.hours(24))
///   .failing { $0.approved ? nil : ApprovalRejected(by: $0.by) }
/// ```
///
/// The event is put into a slot, or only waited for. Which events belong to the saga is said by a pair of
/// properties, one of the event and one of the `State`, that must be equal:
/// - `on: \.orderID, equals: \.orderID`: a property of the `State`, usually of its input;
/// - `on: \.ticketID, equalsResult: \.ticket`: the result of a step before it. Where that slot is empty the wait fails
///   with ``SagaError/Code/missing``;
/// - `on: \.sagaID`: a `String` that must be the saga's own id;
/// - `for: ApprovalDecided.self`, without `on:`: events published to this saga alone.
///
/// An event that was published before the saga has come here is not lost: a saga takes events from its creation on,
/// and with `since: .retention` older ones that are still kept. It takes each event once, and each event ends one of
/// its waits, the one that began first. While the saga waits it is data: no task, no timer of its own; it goes on
/// waiting after a crash. What happens first counts: the event, the timeout, or a cancel; the others change nothing.
///
/// Several kinds of events, and time, are alternatives of one wait, each with what is made of it:
///
/// ```swift
/// WaitForEvent("decision", \.decision) {
///   On(Approved.self, \.orderID, equals: \.orderID) { .approved(by: $0.by) }
///   On(Rejected.self, \.orderID, equals: \.orderID) { .rejected($0.reason) }
///   After(.hours(24)) { _ in .nobodyAnswered }
/// }
/// ```
///
/// A wait is never undone and never tried again by itself: where it fails (by its timeout, by ``failing(_:)``, by an
/// alternative that throws), the saga does.
public struct WaitForEvent<State: Sendable, Value: Codable & Sendable>: Flow {
  var definition: WaitDefinition

  /// What it adds to the plan of the saga.
  public var node: Node<State> { Node(.wait(definition)) }

  init(_ definition: WaitDefinition) { self.definition = definition }

  /// Waits for any of several kinds of events, or for time to pass.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the value of the alternative goes, as in `\.decision`.
  ///   - since: which events are taken.
  ///   - alternatives: at least one ``On``, each for another kind of event or key, and at most one ``After``.
  public init(
    _ name: String, _ slot: Slot<State, Value>, since: EventHistory = .creation,
    @WaitBuilder<State, Value> alternatives: () -> [WaitAlternative<State, Value>]
  ) {
    let alternatives = alternatives()
    let times = alternatives.compactMap(\.time)
    self.init(
      WaitDefinition(
        name: name,
        code: WaitCode(
          slot: SlotAccess(slot), coding: ValueCoding(Value.self), sinceRetention: since == .retention,
          alternatives: alternatives.compactMap(\.source), afterTime: times.first?.judge),
        after: times.map(\.delay)))
  }
}

extension WaitForEvent where Value: SagaEvent {
  /// Waits for an event whose property equals one of the `State`.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the event goes.
  ///   - field: the property of the event.
  ///   - key: the property of the `State` that it must equal.
  ///   - since: which events are taken.
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Key> & Sendable,
    equals key: KeyPath<State, Key> & Sendable, since: EventHistory = .creation
  ) {
    self.init(name, SlotAccess(slot), .keyed(on: field, .property(key)), since)
  }

  /// Waits for an event whose property equals the result of a step before it.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the event goes.
  ///   - field: the property of the event.
  ///   - result: the slot whose value it must equal. The wait fails with ``SagaError/Code/missing`` when it is empty.
  ///   - since: which events are taken.
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, Key> & Sendable,
    equalsResult result: KeyPath<State, Key?> & Sendable, since: EventHistory = .creation
  ) {
    self.init(name, SlotAccess(slot), .keyed(on: field, .result(result)), since)
  }

  /// Waits for an event whose property equals the saga's own id.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the event goes.
  ///   - field: the property of the event.
  ///   - since: which events are taken.
  public init(
    _ name: String, _ slot: Slot<State, Value>, on field: KeyPath<Value, String> & Sendable,
    since: EventHistory = .creation
  ) {
    self.init(name, SlotAccess(slot), .identified(by: field), since)
  }

  /// Waits for an event that is published to this saga alone.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the event goes.
  ///   - type: the type of the event.
  ///   - since: which events are taken.
  public init(
    _ name: String, _ slot: Slot<State, Value>, for type: Value.Type, since: EventHistory = .creation
  ) {
    self.init(name, SlotAccess(slot), .directed(Value.self), since)
  }

  /// Waits for an event whose property equals one of the `State`, and keeps nothing of it.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - type: the type of the event.
  ///   - field: the property of the event.
  ///   - key: the property of the `State` that it must equal.
  ///   - since: which events are taken.
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, for type: Value.Type, on field: KeyPath<Value, Key> & Sendable,
    equals key: KeyPath<State, Key> & Sendable, since: EventHistory = .creation
  ) {
    self.init(name, nil, .keyed(on: field, .property(key)), since)
  }

  /// Waits for an event whose property equals the result of a step before it, and keeps nothing of it.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - type: the type of the event.
  ///   - field: the property of the event.
  ///   - result: the slot whose value it must equal. The wait fails with ``SagaError/Code/missing`` when it is empty.
  ///   - since: which events are taken.
  public init<Key: Hashable & Codable & Sendable>(
    _ name: String, for type: Value.Type, on field: KeyPath<Value, Key> & Sendable,
    equalsResult result: KeyPath<State, Key?> & Sendable, since: EventHistory = .creation
  ) {
    self.init(name, nil, .keyed(on: field, .result(result)), since)
  }

  /// Waits for an event whose property equals the saga's own id, and keeps nothing of it.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - type: the type of the event.
  ///   - field: the property of the event.
  ///   - since: which events are taken.
  public init(
    _ name: String, for type: Value.Type, on field: KeyPath<Value, String> & Sendable,
    since: EventHistory = .creation
  ) {
    self.init(name, nil, .identified(by: field), since)
  }

  /// Waits for an event that is published to this saga alone, and keeps nothing of it.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - type: the type of the event.
  ///   - since: which events are taken.
  public init(_ name: String, for type: Value.Type, since: EventHistory = .creation) {
    self.init(name, nil, .directed(Value.self), since)
  }

  private init(_ name: String, _ slot: SlotAccess?, _ source: EventSource, _ since: EventHistory) {
    self.init(
      WaitDefinition(
        name: name,
        code: WaitCode(
          slot: slot, coding: ValueCoding(Value.self), sinceRetention: since == .retention,
          alternatives: [source])))
  }
}
