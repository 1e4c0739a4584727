#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif

/// One connection to a database, for one thread at a time.
final class Connection {
  /// What a file is opened for.
  enum Mode {
    case writing, reading
    /// Looks at no lock and no `-wal` file, and leaves nothing beside the file.
    case readingWhatNobodyChanges
  }

  private(set) var handle: OpaquePointer?

  convenience init(path: String, readOnly: Bool) throws(SQLiteFailure) {
    try self.init(path: path, mode: readOnly ? .reading : .writing)
  }

  init(path: String, mode: Mode) throws(SQLiteFailure) {
    let (name, flags) =
      switch mode {
      case .writing: (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      case .reading: (path, SQLITE_OPEN_READONLY)
      case .readingWhatNobodyChanges:
        (Self.address(of: path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
      }
    let code = sqlite3_open_v2(name, &handle, SQLITE_OPEN_NOMUTEX | flags, nil)
    guard code == SQLITE_OK else {
      let failure = failure(code)
      close()
      throw failure
    }
    sqlite3_extended_result_codes(handle, 1)
    // Somebody with a shell may hold the file for a moment.
    sqlite3_busy_timeout(handle, 2_000)
  }

  deinit { close() }

  /// The path of a file as a URI.
  private static func address(of path: String) -> String {
    let plain = Set("/-._~".utf8)
    return path.utf8.reduce(into: "file:") { address, byte in
      let character = Character(UnicodeScalar(byte))
      if plain.contains(byte) || character.isASCII && (character.isLetter || character.isNumber) {
        address.append(character)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        address += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }

  /// The file, with all links followed.
  var path: String { sqlite3_db_filename(handle, "main").map { String(cString: $0) } ?? "" }

  var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

  /// Whether texts are kept as they are bound and read here.
  var isUTF8: Bool {
    get throws(SQLiteFailure) {
      let statement = try prepare("PRAGMA encoding")
      defer { statement.reset() }
      return try statement.step() && statement.text(0) == "UTF-8"
    }
  }

  /// Whether no transaction is open.
  var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Runs statements that give nothing.
  func execute(_ sql: String) throws(SQLiteFailure) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code) }
  }

  func prepare(_ sql: String) throws(SQLiteFailure) -> Statement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code) }
    return Statement(statement, of: self)
  }

  /// The first number a query gives.
  func number(_ sql: String) throws(SQLiteFailure) -> Int64 {
    let statement = try prepare(sql)
    defer { statement.reset() }
    return try statement.step() ? statement.number(0) : 0
  }

  func failure(_ code: Int32) -> SQLiteFailure {
    SQLiteFailure(code: code, message: handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory")
  }

  /// Closes it; statements that are still there keep it open until they go.
  func close() {
    if let handle { sqlite3_close_v2(handle) }
    handle = nil
  }
}
#endif
