/// A ``SagaEvent`` type that the engine does not know.
struct EventType: Sendable {
  let name: String
  let identity: ObjectIdentifier
  let encode: @Sendable (any SagaEvent, any Codec) throws -> [UInt8]
  let decode: @Sendable ([UInt8], any Codec) throws -> any SagaEvent

  init<Event: SagaEvent>(_ type: Event.Type) {
    name = type.name
    identity = ObjectIdentifier(type)
    encode = { event, codec in try codec.encode(try Self.expect(event, as: Event.self)) }
    decode = { bytes, codec in try codec.decode(Event.self, from: bytes) }
  }

  /// The event as what it is; throws where the engine mixes up types.
  static func expect<Event: SagaEvent>(_ event: any SagaEvent, as type: Event.Type = Event.self) throws
    -> Event
  {
    guard let event = event as? Event else {
      throw SagaError(.wrongType, "is a \(Swift.type(of: event)), not a \(type)")
    }
    return event
  }
}

extension EventType: Hashable {
  static func == (a: EventType, b: EventType) -> Bool { a.identity == b.identity }
  func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}
