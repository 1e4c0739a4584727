#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

extension StoreFile {
  /// Keeps an event; its place, or `nil` where one of that type and id is kept already.
  func add(_ event: StoredEvent) throws -> Int64? {
    try transaction {
      let query = try connection.prepare("SELECT 1 FROM event WHERE name = ? AND id = ?")
      query.bind(event.name, at: 1)
      query.bind(event.id, at: 2)
      let isKnown = try query.step()
      query.reset()
      if isKnown { return nil }
      let statement = try connection.prepare(
        "INSERT INTO event (name, key, id, payload, published) VALUES (?, ?, ?, ?, ?)")
      statement.bind(event.name, at: 1)
      statement.bind(event.key, at: 2)
      statement.bind(event.id, at: 3)
      if String(validating: event.payload, as: UTF8.self) != nil {
        statement.bind(text: event.payload, at: 4)
      } else {
        statement.bind(blob: event.payload, at: 4)
      }
      statement.bind(event.time.nanoseconds, at: 5)
      try statement.run()
      return try connection.number("SELECT last_insert_rowid()")
    }
  }

  /// The events behind a place, in the order of their publishing; of one type and key, where these are given.
  func events(name: String?, key: String?, after place: Int64, limit: Int) throws -> [StoredEvent] {
    do {
      var conditions = ["seq > ?"]
      if name != nil { conditions.append("name = ?") }
      if key != nil { conditions.append("key = ?") }
      let query = try connection.prepare(
        "SELECT seq, name, key, id, payload, published FROM event "
          + "WHERE \(conditions.joined(separator: " AND ")) ORDER BY seq LIMIT ?")
      query.bind(place, at: 1)
      var next: Int32 = 2
      for text in [name, key] where text != nil {
        query.bind(text, at: next)
        next += 1
      }
      query.bind(Int64(limit), at: next)
      var events: [StoredEvent] = []
      while try query.step() {
        var event = StoredEvent(
          name: query.text(1), key: query.text(2), id: query.text(3), payload: query.bytes(4),
          time: Timestamp(nanoseconds: query.number(5)))
        event.place = query.number(0)
        events.append(event)
      }
      return events
    } catch {
      throw named(error)
    }
  }

  /// Deletes the events at these places.
  func deleteEvents(at places: [Int64]) throws {
    try transaction {
      let statement = try connection.prepare("DELETE FROM event WHERE seq = ?")
      for place in places {
        statement.bind(place, at: 1)
        try statement.run()
      }
    }
  }
}
#endif
