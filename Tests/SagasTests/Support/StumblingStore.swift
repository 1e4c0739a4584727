import Sagas

/// A store that fails to write certain records, so many times.
final class StumblingStore: SagaStore {
  private let inner: any SagaStore
  private let isMeant: @Sendable (JournalRecord) -> Bool
  private let failures = Lock(0)

  /// - Parameter isMeant: which records of sagas that were taken over it may fail to write.
  init(_ inner: any SagaStore, _ isMeant: @escaping @Sendable (JournalRecord) -> Bool) {
    self.inner = inner
    self.isMeant = isMeant
  }

  /// How many writes are still to fail.
  var left: Int { failures.withLock { $0 } }

  func fail(times: Int) { failures.withLock { $0 = times } }

  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    let fails =
      record.takenOverAt > 0 && isMeant(record)
      && failures.withLock { left in
        defer { left = max(left - 1, 0) }
        return left > 0
      }
    guard fails else { return inner.append(record, whenDurable: whenDurable) }
    whenDurable(.failure(Busy()))
    return .pending
  }

  func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }

  func claim(_ id: String, for writer: UInt64) async throws -> StoredSaga? {
    try await inner.claim(id, for: writer)
  }

  func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }

  func occupancy(of id: String) async throws -> Occupancy { try await inner.occupancy(of: id) }
}
