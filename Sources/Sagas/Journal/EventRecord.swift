/// A published event, as a store keeps it.
public struct EventRecord: Sendable {
  /// The place of the event in the order of all events, from 1; not all numbers are in use.
  public let number: UInt64
  /// Nobody else among the events that are kept has it.
  public let id: String
  /// The name of its type.
  public let name: String
  /// The id of the one saga it was published to; `nil` for all.
  public let sagaID: String?
  /// When it was published.
  public let time: Timestamp
  /// The event, encoded by the codec; empty in a store that keeps values.
  public let bytes: [UInt8]
  /// The event itself, for a store that keeps values.
  let value: (any SagaEvent)?

  /// An event as a store hands it back.
  public init(number: UInt64, id: String, name: String, sagaID: String?, time: Timestamp, bytes: [UInt8]) {
    self.init(number: number, id: id, name: name, sagaID: sagaID, time: time, bytes: bytes, value: nil)
  }

  init(
    number: UInt64, id: String, name: String, sagaID: String?, time: Timestamp, bytes: [UInt8],
    value: (any SagaEvent)?
  ) {
    self.number = number
    self.id = id
    self.name = name
    self.sagaID = sagaID
    self.time = time
    self.bytes = bytes
    self.value = value
  }

  /// As a store of bytes keeps it.
  var withoutValue: EventRecord {
    EventRecord(number: number, id: id, name: name, sagaID: sagaID, time: time, bytes: bytes)
  }
}
