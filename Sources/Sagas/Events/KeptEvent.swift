/// A published event: what happened, and its place among all events.
final class KeptEvent: Sendable {
  /// Its place in the order of all events of the bus, from 1.
  let number: UInt64
  /// Nobody else has it, as long as the event is kept.
  let id: String
  /// The name of its type.
  let name: String
  /// The one saga it is for; `nil` for all.
  let target: String?
  let time: Timestamp
  let content: Content

  enum Content: Sendable {
    case value(any SagaEvent)
    /// As the store has it: its type is not known here, or cannot read it.
    case bytes([UInt8])
  }

  init(number: UInt64, id: String, name: String, target: String?, time: Timestamp, content: Content) {
    self.number = number
    self.id = id
    self.name = name
    self.target = target
    self.time = time
    self.content = content
  }

  /// `nil` where its type is not known here, or cannot read it.
  var value: (any SagaEvent)? {
    if case .value(let value) = content { value } else { nil }
  }

  /// The same event, now that its type is known; itself where that cannot read it.
  func read(as type: EventType, _ codec: any Codec) -> KeptEvent {
    guard case .bytes(let bytes) = content, let value = try? type.decode(bytes, codec) else { return self }
    return KeptEvent(number: number, id: id, name: name, target: target, time: time, content: .value(value))
  }
}
