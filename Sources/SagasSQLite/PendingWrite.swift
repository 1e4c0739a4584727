#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// Something on its way into the file, with what is told about it.
struct PendingWrite: Sendable {
  enum Content: Sendable {
    /// What a saga has decided; the steps it changed and the saga's metadata come as the tables have them.
    case record(JournalRecord, changes: [UInt8]?, metadata: [UInt8])
    case event(EventRecord, writer: UInt64)
    /// Events, by their numbers, that are not kept any longer.
    case removal([UInt64], writer: UInt64)
  }

  let content: Content
  let whenDurable: @Sendable (Result<Void, any Error>) -> Void

  /// The texts of each record are made here, by whoever appends, to keep that off the store's thread.
  init(_ record: JournalRecord, _ whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void) {
    content = .record(
      record, changes: record.details.flatMap { $0.steps.isEmpty ? nil : JSONText.text(of: $0.steps) },
      metadata: record.details?.creation.map { JSONText.text(of: $0.metadata) } ?? Array("{}".utf8))
    self.whenDurable = whenDurable
  }

  init(
    _ event: EventRecord, by writer: UInt64,
    _ whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) {
    content = .event(event, writer: writer)
    self.whenDurable = whenDurable
  }

  init(removing numbers: [UInt64], by writer: UInt64) {
    content = .removal(numbers, writer: writer)
    whenDurable = { _ in }
  }
}
#endif
