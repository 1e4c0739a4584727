#if !canImport(SQLite3) && !canImport(CSQLite)
import Sagas

/// Stands here where SQLite was not found when this package was built: whoever uses it is told what to install.
@available(
  *, unavailable,
  message: """
    SQLite's header was not found when this package was built: install it (apt-get install libsqlite3-dev, \
    dnf install sqlite-devel) and build again from clean
    """
)
public final class SQLiteStore: SagaStore {
  /// What a record has survived when it counts as durable.
  public enum SyncLevel: Sendable { case full, normal }

  /// How long finished sagas are kept.
  public enum Retention: Sendable {
    case all, age(Duration), last(Int)
  }

  /// Opens a file.
  public init(path: String, durability: SyncLevel = .full, retention: Retention = .all) throws {}

  /// Lets go of the file.
  public func close() async {}

  /// Keeps nothing.
  public func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability { .pending }

  /// Has nothing.
  public func claim(for writer: UInt64) async throws -> [StoredSaga] { [] }

  /// Has nothing.
  public func load(_ id: String) async throws -> StoredSaga? { nil }
}
#endif
