#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// A record on its way into the file, with what is told about it.
struct PendingWrite: Sendable {
  let record: JournalRecord
  /// Made by whoever appends, to keep it off the store's thread.
  let changes: [UInt8]?
  let metadata: [UInt8]
  let whenDurable: @Sendable (Result<Void, any Error>) -> Void

  init(_ record: JournalRecord, _ whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void) {
    self.record = record
    self.whenDurable = whenDurable
    changes = record.details.flatMap { $0.steps.isEmpty ? nil : JSONText.text(of: $0.steps) }
    metadata = record.details?.creation.map { JSONText.text(of: $0.metadata) } ?? Array("{}".utf8)
  }
}
#endif
