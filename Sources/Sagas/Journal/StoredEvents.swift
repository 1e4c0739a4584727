/// The events of a store, as it hands them over.
public struct StoredEvents: Sendable {
  /// All that are kept, in the order of their numbers.
  public var events: [EventRecord]
  /// The highest number that any event of this store ever had, kept or not; 0 where there was none.
  public var lastNumber: UInt64

  /// The events of a store; none by default.
  public init(events: [EventRecord] = [], lastNumber: UInt64 = 0) {
    self.events = events
    self.lastNumber = lastNumber
  }
}
