/// The property of an event that says which sagas it is for.
struct EventField: Sendable {
  let keyPath: any AnyKeyPath & Sendable
  /// The hash of the property's value; the same number as ``EventKey/hash`` of an equal key, in this process.
  let hash: @Sendable (any SagaEvent) -> UInt64

  init<Event: SagaEvent, Key: Hashable>(_ keyPath: KeyPath<Event, Key> & Sendable) {
    self.keyPath = keyPath
    hash = { event in (event as? Event).map { EventKey($0[keyPath: keyPath]).hash } ?? 0 }
  }
}

extension EventField: Hashable {
  static func == (a: EventField, b: EventField) -> Bool {
    (a.keyPath as AnyKeyPath) == (b.keyPath as AnyKeyPath)
  }
  func hash(into hasher: inout Hasher) { hasher.combine(keyPath as AnyKeyPath) }
}
