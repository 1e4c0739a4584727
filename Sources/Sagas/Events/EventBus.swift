#if canImport(FoundationEssentials)
public import struct FoundationEssentials.Data
#else
public import struct Foundation.Data
#endif

/// Where events are published, for the sagas of an orchestrator to wait for.
///
/// ```swift
/// try await sagas.events.publish(ApprovalDecided(orderID: "order-1", approved: true, by: "Ada"))
/// ```
///
/// Publishing is broadcast: every saga with a wait that the event belongs to sees it, once, and it ends one of its
/// waits, the one that began first. An event is kept for sagas that come to their wait later: until
/// ``SagaOrchestrator/Configuration/eventRetention`` has passed, and as long as there is a live saga that began before
/// it and whose definition names its type. Kept events have an order, in which each saga takes them.
///
/// An event is as durable as the store. After a crash it is there for whoever has not taken it yet; who has recorded
/// that it took it, does not take it again.
public actor EventBus {
  nonisolated let board: EventBoard

  init(_ board: EventBoard) { self.board = board }

  /// Publishes an event to all sagas that wait for it, now or later.
  ///
  /// Returns once the event is durable and each saga that was waiting for it has recorded what became of it. Publishing
  /// costs no more when many sagas wait for other events.
  /// - Parameters:
  ///   - event: what happened.
  ///   - id: for publishing it again without harm, as after an error: as long as an event of this id is kept, another
  ///     one is refused, and the report says so. Made up when `nil`.
  ///
  /// Throws ``SagaError``: `storeFailed` when the event may not have been kept, `takenOver` when another orchestrator
  /// has the store now, `unsupported` by a store for sagas alone, `notEncodable`, or `alreadyRegistered` when another
  /// type has the name. May be called from any number of tasks; cancelling the calling task changes nothing.
  @discardableResult
  public nonisolated func publish<Event: SagaEvent>(
    _ event: Event, id: String? = nil
  ) async throws -> PublishReport {
    let (type, topic) = try board.topic(of: Event.self)
    return try await board.publish(event, type, in: topic, to: nil, id: id)
  }

  /// Publishes an event to one saga: no other sees it.
  ///
  /// It ends a wait for events that are published to the saga, or one whose key it has. A saga that has ended, or that
  /// is not there, takes nothing; that is no error. Otherwise as ``publish(_:id:)``.
  @discardableResult
  public nonisolated func publish<Event: SagaEvent>(
    _ event: Event, to sagaID: String, id: String? = nil
  ) async throws -> PublishReport {
    let (type, topic) = try board.topic(of: Event.self)
    return try await board.publish(event, type, in: topic, to: sagaID, id: id)
  }

  /// Publishes an event whose type is not known here, by its name, as JSON.
  ///
  /// The name is known once a saga that waits for such events was registered, or after ``register(_:)``. Throws what
  /// ``publish(_:id:)`` throws, ``SagaError`` `notRegistered` for an unknown name, and `undecodableInput`, which says
  /// where in the JSON something is missing or wrong.
  @discardableResult
  public nonisolated func publish(
    named name: String, json: String, to sagaID: String? = nil, id: String? = nil
  ) async throws -> PublishReport {
    guard let topic = board.knownTopic(named: name), let type = topic.type else {
      throw SagaError.unknownEvent(name)
    }
    let event: any SagaEvent
    do {
      event = try type.decode(Array(json.utf8), JSONCodec())
    } catch {
      throw SagaError.undecodableEvent(name, cause: error)
    }
    return try await board.publish(event, type, in: topic, to: sagaID, id: id)
  }

  /// Publishes an event by name with JSON data; see `publish(named:json:)`.
  @discardableResult
  public nonisolated func publish(
    named name: String, json: Data, to sagaID: String? = nil, id: String? = nil
  ) async throws -> PublishReport {
    try await publish(named: name, json: String(decoding: json, as: UTF8.self), to: sagaID, id: id)
  }

  /// Makes a type of events known by its name, for `publish(named:json:)`. Sagas that wait for it do so too.
  ///
  /// Throws ``SagaError`` `alreadyRegistered` when another type has the name; registering a type twice is harmless.
  public func register<Event: SagaEvent>(_ type: Event.Type) throws {
    _ = try board.topic(of: type)
  }

  /// The events of one type as they are published, from now on: for screens and logs, not for what must not be missed.
  public nonisolated func events<Event: SagaEvent>(of type: Event.Type) -> EventStream<Event> {
    EventStream { [board] in
      let mailbox = EventMailbox(limit: 256)
      // Where another type has the name, nothing comes: the name alone leads to no event of this type.
      (try? board.topic(of: type))?.1.add(mailbox)
      return mailbox
    }
  }
}
