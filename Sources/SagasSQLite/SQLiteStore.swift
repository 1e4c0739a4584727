#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// Keeps sagas in an SQLite file: they survive the end of their process, however it ends.
///
/// ```swift
/// let sagas = SagaOrchestrator(store: try SQLiteStore(path: "sagas.db"))
/// try await sagas.register(Checkout(payments: payments, orders: orders))
/// try await sagas.recover()
/// ```
///
/// One transaction takes all that sagas have decided while the last one was written, so many of them at once cost
/// little more than one. A saga whose records cannot be written (the disk is full, the file is locked) is held: nothing
/// of it acts, and it goes on by itself once they can.
///
/// One process at a time writes to a file; others may read it. A file that is moved or deleted while it is open is
/// written to no more, and its sagas wait until it is back; give it one name, as a hard link of it is another file to
/// SQLite. These are made for the `sqlite3` shell:
///
/// - the view `sagas`: `id`, `name`, `version`, `status`, `current_steps`, `progress` (0…1), `input`, `output`,
///   `error`, `metadata`, `parent`, `created`, `updated`, `ended`, and `ways_out`, the verbs that end its standing
///   still where it is suspended or stuck;
/// - the view `steps`: `saga`, `step`, `status`, `attempts`, `input`, `result`, `error`, `started`, `due` (when its
///   wait ends or its next attempt begins), `ended`, for each step that has been reached, or never will be;
/// - the view `compensations`: `saga`, `step`, `status`, `attempts`, `error`, `due` (when the next attempt begins), for
///   each step that is to be undone;
/// - the view `events`: `number`, `name`, `id`, `saga`, `payload`, `published`, for each event that is kept;
/// - the table `used_id`: `id`, `runs`, for each id somebody has chosen: how many sagas had it that are deleted. It is
///   kept for ever, because idempotency keys are made of it;
/// - the table `journal`, a row for each decision: `saga` (`seq` in the table `saga`), `number`, `count`, `time` in
///   nanoseconds since 1970, `bytes` for the library, `changes`, the steps it changed, and `redacted`, 1 where the
///   table `secret` has the bytes with the results that are not kept behind the end.
///
/// Inputs, results and outputs are JSON where the codec is ``JSONCodec``, a result that is a text the text itself; with
/// another codec they are NULL. A step is given the State; its `input` is what that is made of, as `{"input": …,
/// "results": {"step": …}}`: the saga's input, and the results of the steps before it that it can read, but for
/// redacted ones. It is NULL where no attempt has begun, as of a wait, and in sagas that were started before there was
/// this column. `parent` is always NULL. No saga is `parked` here: that is a matter of a process that cannot run it,
/// and in the file it has the status it was left in.
public final class SQLiteStore: SagaStore {
  /// What a record has survived when it counts as durable.
  public enum SyncLevel: Sendable, Hashable {
    /// The loss of power too: each transaction waits for the disk.
    case full
    /// The end of the process, also by a crash. What was decided just before the loss of power may be lost, and is
    /// then as if it had not been decided.
    case normal
  }

  /// How long finished sagas are kept. They are deleted a few at a time, beside what is written anyway.
  public struct Retention: Sendable, Hashable {
    /// How long after its end a saga is deleted; `nil` for never. It is the times of the records that count.
    public var age: Duration?
    /// How many finished sagas are kept, the ones that ended last; `nil` for any number.
    public var count: Int?

    /// Deletes a finished saga that is too old, or one too many.
    public init(age: Duration? = nil, count: Int? = nil) {
      self.age = age
      self.count = count
    }

    /// Finished sagas are kept until ``SQLiteStore/forget(_:)``.
    public static let all = Retention()

    /// Finished sagas are kept that long.
    public static func age(_ age: Duration) -> Retention { Retention(age: age) }

    /// So many finished sagas are kept.
    public static func last(_ count: Int) -> Retention { Retention(count: count) }
  }

  /// The file.
  public let path: String
  /// Its tables are for people too.
  public var wantsDetails: Bool { true }

  let writer: StoreDesk
  private let reader: StoreDesk

  /// Opens a file, and makes it when there is none.
  ///
  /// - Parameters:
  ///   - path: the file; beside it stand `-wal`, `-shm` and `-lock`. Not on a network file system.
  ///   - durability: what a record has survived when it counts as durable.
  ///   - retention: how long finished sagas are kept; 30 days by default.
  ///
  /// Throws ``SagaError``, and changes none of the sagas then: `storeInUse` when a process, this one included, has it
  /// open; `storeTooNew` when a newer version of the library has written it; `storeUnreadable` when it is something
  /// else; `storeReadOnly`, `storeFull`, `storeBusy`, `storeFailed`, `invalidArgument`.
  public convenience init(
    path: String, durability: SyncLevel = .full, retention: Retention = .age(.days(30))
  ) throws {
    if path.isEmpty || path == ":memory:" { throw SagaError.noFile(path) }
    try self.init(path: path, durability: durability, retention: retention, faults: StoreFaults())
  }

  /// - Parameter isThreaded: `false` for tests that decide about the order of everything: the caller does the work.
  package init(
    path: String, durability: SyncLevel = .full, retention: Retention = .age(.days(30)),
    faults: StoreFaults, isThreaded: Bool = true
  ) throws {
    let writer = try StoreDesk(
      StoreFile(path: path, durability: durability, retention: retention, faults: faults),
      isThreaded: isThreaded)
    do {
      reader = isThreaded ? try StoreDesk(StoreFile(reading: writer.path), isThreaded: true) : writer
    } catch {
      writer.stop()
      throw error
    }
    self.writer = writer
    self.path = writer.path
  }

  deinit {
    writer.stop()
    reader.stop()
  }

  /// Writes what was appended, lets go of the file, and takes nothing more.
  ///
  /// Returns once another process may open it. Sagas that still run are held from then on.
  public func close() async {
    await reader.close()
    await writer.close()
  }

  // MARK: Records

  /// Queues a record for the next transaction; see ``SagaStore/append(_:whenDurable:)``.
  public func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    writer.write(PendingWrite(record, whenDurable))
  }

  /// Hands over every saga that has not ended; see ``SagaStore/claim(for:)``.
  public func claim(for writer: UInt64) async throws -> [StoredSaga] {
    try await self.writer.perform { try $0.claim(for: writer) }
  }

  /// Hands over one saga; see ``SagaStore/claim(_:for:)``.
  public func claim(_ id: String, for writer: UInt64) async throws -> StoredSaga? {
    try await self.writer.perform { try $0.claim(id, for: writer) }
  }

  /// A saga, ended or not, as long as it is kept.
  public func load(_ id: String) async throws -> StoredSaga? {
    try await reader.perform { try $0.load(id) }
  }

  /// What there is of an id; see ``SagaStore/occupancy(of:)``.
  public func occupancy(of id: String) async throws -> Occupancy {
    try await reader.perform { try $0.occupancy(of: id) }
  }

  // MARK: Finding

  /// Sagas that meet a filter; see ``SagaStore/list(_:limit:after:)``. Does not keep anybody from writing.
  public func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) async throws -> [StoredSaga] {
    try await reader.perform { try $0.list(filter, limit: limit, after: place) }
  }

  /// How many sagas meet a filter; see ``SagaStore/count(_:)``. Does not keep anybody from writing.
  public func count(_ filter: SagaFilter) async throws -> [SagaStatus: Int] {
    try await reader.perform { try $0.count(filter) }
  }

  /// Deletes a saga that has ended; returns once that is durable.
  public func forget(_ id: String) async throws {
    try await writer.perform { try $0.forget(id) }
  }

  // MARK: Events

  /// Queues an event for the next transaction; see ``SagaStore/append(_:by:whenDurable:)``.
  public func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    self.writer.write(PendingWrite(event, by: writer, whenDurable))
  }

  /// Hands over all events that are kept; see ``SagaStore/claimEvents(for:)``.
  public func claimEvents(for writer: UInt64) async throws -> StoredEvents {
    try await self.writer.perform { try $0.claimEvents(for: writer) }
  }

  /// Queues the deletion of events for one of the next transactions.
  public func removeEvents(_ numbers: [UInt64], by writer: UInt64) {
    _ = self.writer.write(PendingWrite(removing: numbers, by: writer))
  }

  // MARK: Tests

  /// Lets the file grow by no more than so many pages, as a full disk does; `nil` for any number.
  package func limitGrowth(toPages pages: Int?) async throws {
    try await writer.perform { file in
      let size = try file.connection.number("PRAGMA page_count")
      let limit = pages.map { size + Int64($0) } ?? 4_294_967_294
      _ = try file.connection.number("PRAGMA max_page_count = \(limit)")
    }
  }
}
#endif
