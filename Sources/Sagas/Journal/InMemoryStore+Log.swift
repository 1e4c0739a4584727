extension InMemoryStore {
  /// A saga whose records are kept as bytes.
  struct Log {
    let place: UInt64
    let name: String
    let version: Int
    let startedAt: Timestamp
    let run: UInt32
    var writer: UInt64
    /// With which entry it was taken over last; 0 where it never was.
    var takenOverAt: UInt64 = 0
    var status: SagaStatus
    var endedAt: Timestamp?
    var records: [(number: UInt64, bytes: [UInt8], redacted: [UInt8]?)] = []
    /// The number of the next entry.
    var count: UInt64 = 0

    var hasEnded: Bool { endedAt != nil }
    var bytes: [[UInt8]] { records.map(\.bytes) }

    /// Lets go of what is not kept behind the end.
    mutating func redact() {
      for index in records.indices {
        guard let redacted = records[index].redacted else { continue }
        records[index].bytes = redacted
        records[index].redacted = nil
      }
    }
  }
}

extension StoredSaga {
  init(_ id: String, _ log: InMemoryStore.Log) {
    self.init(id: id, records: log.bytes, place: log.place, status: log.status)
  }
}
