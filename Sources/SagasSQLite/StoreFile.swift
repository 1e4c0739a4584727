#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Sagas

/// The database file of a store, over one connection; for one thread at a time.
final class StoreFile {
  /// What is known of a saga that is written to, so that it need not be read each time.
  struct Head {
    let seq: Int64
    let creator: UInt64
    let startedAt: Timestamp
    var status: SagaStatus
    /// The number of the next entry.
    var next: UInt64
  }

  let path: String
  let connection: Connection
  let statements: Statements
  let retention: SQLiteStore.Retention
  let faults: StoreFaults
  /// Outlives the connection: see ``StoreDesk``.
  let lock: FileLock?

  /// Heads of sagas, as many as fit; what is not here is read.
  var heads: [String: Head] = [:]
  /// The definitions whose steps are in the file, with their numbers there.
  var definitions: [SagaOutline: Int64] = [:]
  /// The place of the next new saga. Not used twice, whatever is deleted.
  var nextSeq: Int64
  /// Every saga up to this place that has not ended belongs to `claimer`; a later one to its creator.
  var claimed: (upTo: Int64, by: UInt64)?
  /// Who may add events.
  var eventWriter: UInt64?
  /// Who has claimed a saga by itself since, by the saga's place.
  var claimedAlone: [Int64: UInt64] = [:]
  /// With which entry a saga was taken over last in this process, by the saga's place; none of an earlier process
  /// writes.
  var takenOver: [Int64: UInt64] = [:]
  /// The latest time in any record: what counts as now.
  var now = Timestamp(nanoseconds: 0)
  /// How many finished sagas there are, where their number is limited.
  var finished = 0
  /// Whether something was written, so that there is a `-wal` file.
  private(set) var hasLog = false

  /// Opens the file to write, and makes it what this version of the library works with.
  init(
    path: String, durability: SQLiteStore.SyncLevel, retention: SQLiteStore.Retention, faults: StoreFaults
  ) throws {
    self.retention = retention
    self.faults = faults
    if isDirectory(path) { throw SagaError.directory(path) }
    try Self.look(at: path)
    do throws(SQLiteFailure) {
      connection = try Connection(path: path, readOnly: false)
    } catch {
      throw SagaError(error, path)
    }
    self.path = connection.path.isEmpty ? path : connection.path
    lock = connection.path.isEmpty ? nil : try FileLock(beside: connection.path)
    do {
      try Self.prepare(connection, path, durability)
      statements = try Statements(connection)
      nextSeq = try connection.number("SELECT max(seq) FROM saga") + 1
      if retention.count != nil {
        finished = Int(try connection.number("SELECT count(*) FROM saga WHERE ended IS NOT NULL"))
      }
    } catch let error as SQLiteFailure {
      throw SagaError(error, path)
    }
  }

  /// Opens a file to read that another one, which is there, writes.
  init(reading path: String) throws {
    self.path = path
    retention = .all
    faults = StoreFaults()
    lock = nil
    nextSeq = 0
    do throws(SQLiteFailure) {
      connection = try Connection(path: path, readOnly: true)
      statements = try Statements(connection)
    } catch {
      throw SagaError(error, path)
    }
  }

  /// Refuses a file of a later format, or of somebody else, before it is opened to write and a lock is made beside it.
  ///
  /// Whoever may write, and closes, brings what a killed process has left in the `-wal` file into the file; who only
  /// reads leaves both as they are, but makes files beside them. So where there is no such `-wal` file, the file is
  /// read as one that nobody changes. By SQLite in any case: where a process has the file open, its locks go with the
  /// first descriptor that anybody else in it closes. What this does not see shows later.
  private static func look(at path: String) throws {
    guard
      let file = realpath(path, nil).map({ pointer in
        defer { free(pointer) }
        return String(cString: pointer)
      }), isFile(file)
    else { return }
    let hasLog = fileSize(of: file + "-wal") ?? 0 > 0
    guard let connection = try? Connection(path: file, mode: hasLog ? .reading : .readingWhatNobodyChanges),
      let application = try? connection.number("PRAGMA application_id"),
      let version = try? connection.number("PRAGMA user_version"),
      let tables = try? connection.number("SELECT count(*) FROM sqlite_master")
    else { return }
    if application == Schema.applicationID, version > Schema.migrations.count {
      throw SagaError.tooNew(path, version: version, known: Schema.migrations.count)
    }
    if application != Schema.applicationID, application != 0 || tables > 0 { throw SagaError.notAStore(path) }
  }

  /// Looks at what is there before anything is changed, then changes what has to be.
  private static func prepare(
    _ connection: Connection, _ path: String, _ durability: SQLiteStore.SyncLevel
  ) throws {
    let version = try connection.number("PRAGMA user_version")
    let application = try connection.number("PRAGMA application_id")
    let isEmpty = try connection.number("SELECT count(*) FROM sqlite_master") == 0
    guard application == Schema.applicationID || isEmpty && application == 0 && version == 0 else {
      throw SagaError.notAStore(path)
    }
    guard version >= 0, try connection.isUTF8 else { throw SagaError.notAStore(path) }
    guard version <= Schema.migrations.count else {
      throw SagaError.tooNew(path, version: version, known: Schema.migrations.count)
    }
    if connection.isReadOnly {
      throw SagaError(SQLiteFailure(code: SQLITE_READONLY, message: "opened read-only"), path)
    }
    let mode = try connection.prepare("PRAGMA journal_mode = WAL")
    guard try mode.step(), mode.text(0) == "wal" || connection.path.isEmpty else {
      throw SagaError.noWriteAheadLog(path)
    }
    mode.reset()
    // Apple's disks take a plain sync for a hint; elsewhere the second setting says nothing.
    try connection.execute(
      durability == .full
        ? "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON"
        : "PRAGMA synchronous = NORMAL")
    try connection.execute(
      "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000")
    for (number, migration) in Schema.migrations.enumerated().dropFirst(Int(version)) {
      do throws(SQLiteFailure) {
        try connection.execute("BEGIN IMMEDIATE")
        try connection.execute(migration)
        try connection.execute(
          "PRAGMA user_version = \(number + 1); PRAGMA application_id = \(Schema.applicationID); COMMIT")
      } catch {
        if !connection.isIdle { try? connection.execute("ROLLBACK") }
        throw error
      }
    }
    try connection.execute("PRAGMA secure_delete = FAST")
  }

  /// Runs a transaction that writes: all of it, or nothing.
  func transaction<Value>(_ body: () throws -> Value) throws -> Value {
    let time = now
    do {
      try checkPlace()
      try statements.begin.run()
      let value = try body()
      try faults.beforeCommit()
      try statements.commit.run()
      hasLog = true
      try faults.afterCommit()
      return value
    } catch {
      if !connection.isIdle { try? connection.execute("ROLLBACK") }
      now = time
      heads.removeAll()
      definitions.removeAll()
      if retention.count != nil {
        // Not known is none: then none is deleted.
        finished = Int((try? connection.number("SELECT count(*) FROM saga WHERE ended IS NOT NULL")) ?? 0)
      }
      throw named(error)
    }
  }

  /// A failure of SQLite's as an error of this store.
  func named(_ error: any Error) -> any Error {
    (error as? SQLiteFailure).map { SagaError($0, path) } ?? error
  }
}

/// Whether there is a directory at a path.
private func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether there is a file at a path, and nothing else that can be opened.
private func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// How large a file is; `nil` where there is none.
func fileSize(of path: String) -> Int64? {
  var status = stat()
  return stat(path, &status) == 0 ? Int64(status.st_size) : nil
}
#endif
