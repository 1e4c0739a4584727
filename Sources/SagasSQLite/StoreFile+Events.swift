#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

extension StoreFile {
  /// Writes an event; returns why it is refused. Within a transaction.
  func add(_ event: EventRecord, by writer: UInt64) throws -> SagaError? {
    guard eventWriter == writer else { return .eventsTakenOver() }
    let number = Int64(bitPattern: event.number)
    guard number > 0, try !hasEvent(number) else {
      return SagaError(.storeFailed, "there is an event of number \(event.number)")
    }
    let statement = statements.insertEvent
    statement.bind(number, at: 1)
    statement.bind(event.name, at: 2)
    statement.bind(event.id, at: 3)
    statement.bind(event.sagaID, at: 4)
    if String(validating: event.bytes, as: UTF8.self) != nil {
      statement.bind(text: event.bytes, at: 5)
    } else {
      statement.bind(blob: event.bytes, at: 5)
    }
    statement.bind(event.time.nanoseconds, at: 6)
    try statement.run()
    return nil
  }

  private func hasEvent(_ number: Int64) throws -> Bool {
    statements.event.bind(number, at: 1)
    defer { statements.event.reset() }
    return try statements.event.step()
  }

  /// Deletes events; returns why that is refused. Within a transaction.
  func remove(_ numbers: [UInt64], by writer: UInt64) throws -> SagaError? {
    guard eventWriter == writer else { return .eventsTakenOver() }
    for number in numbers {
      statements.deleteEvent.bind(Int64(bitPattern: number), at: 1)
      try statements.deleteEvent.run()
    }
    return nil
  }

  /// Hands over the events; see ``SagaStore/claimEvents(for:)``.
  func claimEvents(for writer: UInt64) throws -> StoredEvents {
    do {
      let query = try connection.prepare(
        "SELECT number, name, id, saga, payload, published FROM event ORDER BY number")
      var stored = StoredEvents()
      while try query.step() {
        stored.events.append(
          EventRecord(
            number: UInt64(bitPattern: query.number(0)), id: query.text(2), name: query.text(1),
            sagaID: query.isNull(3) ? nil : query.text(3),
            time: Timestamp(nanoseconds: query.number(5)), bytes: query.bytes(4)))
      }
      // Knows the numbers of deleted events too.
      let last = try connection.number("SELECT seq FROM sqlite_sequence WHERE name = 'event'")
      stored.lastNumber = UInt64(bitPattern: last)
      eventWriter = writer
      return stored
    } catch {
      throw named(error)
    }
  }
}
#endif
