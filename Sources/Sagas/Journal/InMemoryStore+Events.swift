/// What was published.
extension InMemoryStore {
  /// Keeps an event; it is as durable as it gets when this returns.
  public func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    let event = encoding ? event.withoutValue : event
    let refusal = state.withLock { state -> SagaError? in
      guard state.eventWriter == writer else { return .eventsTakenOver() }
      guard state.events[event.number] == nil else {
        return SagaError(.storeFailed, "there is an event of number \(event.number)")
      }
      state.events[event.number] = event
      state.lastEvent = max(state.lastEvent, event.number)
      return nil
    }
    guard let refusal else { return .durable }
    whenDurable(.failure(refusal))
    return .pending
  }

  /// Hands over all events; see ``SagaStore/claimEvents(for:)``.
  public func claimEvents(for writer: UInt64) async throws -> StoredEvents {
    state.withLock { state in
      state.eventWriter = writer
      return StoredEvents(
        events: state.events.values.sorted { $0.number < $1.number }, lastNumber: state.lastEvent)
    }
  }

  /// Forgets events.
  public func removeEvents(_ numbers: [UInt64], by writer: UInt64) {
    state.withLock { state in
      guard state.eventWriter == writer else { return }
      for number in numbers { state.events[number] = nil }
    }
  }
}
