#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif
import Sagas

extension SagaError.Code {
  /// Another process has the file open as its store.
  public static let storeInUse = SagaError.Code("storeInUse")
  /// The file was written by a newer version of this library.
  public static let storeTooNew = SagaError.Code("storeTooNew")
  /// The file is not a store, or is damaged.
  public static let storeUnreadable = SagaError.Code("storeUnreadable")
  /// The file may not be written.
  public static let storeReadOnly = SagaError.Code("storeReadOnly")
  /// There is no room left for what is to be written.
  public static let storeFull = SagaError.Code("storeFull")
  /// Somebody else, a shell perhaps, keeps the file locked.
  public static let storeBusy = SagaError.Code("storeBusy")
  /// The store was closed.
  public static let storeClosed = SagaError.Code("storeClosed")
}

/// The wording of the store's errors, in one place.
extension SagaError {
  static func inUse(_ path: String, by process: String?) -> SagaError {
    let who = process.map { "process \($0)" } ?? "another process"
    return SagaError(
      .storeInUse,
      "\(who) has the store '\(path)' open, and one at a time may write to it; end that one, give each process a "
        + "file of its own, or read it with the sqlite3 shell")
  }

  static func tooNew(_ path: String, version: Int64, known: Int) -> SagaError {
    SagaError(
      .storeTooNew,
      "the store '\(path)' has format \(version), this version of the library knows formats up to \(known); "
        + "nothing was changed; update the library")
  }

  static func tooOld(_ path: String, version: Int64, known: Int) -> SagaError {
    SagaError(
      .storeUnreadable,
      "the store '\(path)' has format \(version), what is shown here are those of format \(known); "
        + "it becomes one when a process opens it with SQLiteStore")
  }

  static func notAStore(_ path: String) -> SagaError {
    SagaError(
      .storeUnreadable,
      "'\(path)' is a database of something else; nothing was changed; give the store a file of its own")
  }

  static func directory(_ path: String) -> SagaError {
    SagaError(.storeFailed, "'\(path)' is a directory; name a file in it")
  }

  static func noFile(_ path: String) -> SagaError {
    SagaError(
      .invalidArgument,
      "'\(path)' is no file; name one, or use InMemoryStore for sagas that need not survive the process")
  }

  static func noWriteAheadLog(_ path: String) -> SagaError {
    SagaError(
      .storeFailed,
      "the file system of '\(path)' does not support SQLite's write-ahead log; put the file on a local disk")
  }

  static func moved(_ path: String, _ what: String) -> SagaError {
    SagaError(
      .storeFailed,
      "the store '\(path)': \(what) was moved, deleted or replaced while the store was open; nothing is written as long "
        + "as that is so, because nobody would find it again; put it back, or end this process and start it again"
    )
  }

  static func closed(_ path: String) -> SagaError {
    SagaError(.storeClosed, "the store '\(path)' was closed; make a new one")
  }

  static func noThread(_ code: Int32) -> SagaError {
    SagaError(.storeFailed, "the system gave the store no thread (error \(code))")
  }

  static func lockFailed(_ path: String, _ code: Int32) -> SagaError {
    SagaError(
      .storeFailed, "'\(path)-lock' cannot be written (error \(code)); make the directory writable")
  }

  /// What SQLite's failure means for whoever uses the store.
  init(_ failure: SQLiteFailure, _ path: String) {
    switch failure.primaryCode {
    case SQLITE_FULL:
      self.init(.storeFull, "there is no room left for the store '\(path)'; make some", cause: failure)
    case SQLITE_BUSY, SQLITE_LOCKED:
      self.init(
        .storeBusy, "another process keeps the store '\(path)' locked; end its transaction", cause: failure)
    case SQLITE_READONLY, SQLITE_PERM:
      self.init(
        .storeReadOnly, "the store '\(path)' may not be written; change its permissions", cause: failure)
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      self.init(
        .storeUnreadable,
        "'\(path)' is not a database, or is damaged; name another file, or restore this one", cause: failure)
    case SQLITE_CANTOPEN:
      self.init(
        .storeFailed, "the store '\(path)' cannot be opened; its directory must exist and be writable",
        cause: failure)
    default:
      self.init(.storeFailed, "the store '\(path)' could not be used: \(failure)", cause: failure)
    }
  }
}
#endif
