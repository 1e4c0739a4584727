#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// A published event as a store keeps it.
package struct StoredEvent: Sendable, Hashable {
  /// The place in the order of publishing; the store gives it.
  package var place: Int64 = 0
  /// The name of the event's type.
  package var name: String
  /// What it is about.
  package var key: String
  /// Tells it from the others of its type.
  package var id: String
  /// Its value, encoded.
  package var payload: [UInt8]
  /// When it was published.
  package var time: Timestamp

  package init(name: String, key: String, id: String, payload: [UInt8], time: Timestamp) {
    self.name = name
    self.key = key
    self.id = id
    self.payload = payload
    self.time = time
  }
}
#endif
