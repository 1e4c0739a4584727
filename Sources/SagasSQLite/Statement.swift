#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif

/// A prepared statement: bind by number from 1, read columns by number from 0.
final class Statement {
  private let handle: OpaquePointer
  private let connection: Connection
  /// Why a value could not be bound: it would be NULL, or the one of before, and nobody would notice.
  private var refusal: Int32?

  // SQLite copies what it is given: the caller's memory may be gone when the statement runs.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  init(_ handle: OpaquePointer, of connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  // MARK: Binding

  func bind(_ value: Int64?, at place: Int32) {
    note(value.map { sqlite3_bind_int64(handle, place, $0) } ?? sqlite3_bind_null(handle, place))
  }

  func bind(_ value: String?, at place: Int32) {
    guard var value else {
      note(sqlite3_bind_null(handle, place))
      return
    }
    value.withUTF8 { bindText($0, at: place) }
  }

  /// Text that is UTF-8 already.
  func bind(text: [UInt8]?, at place: Int32) {
    guard let text else {
      note(sqlite3_bind_null(handle, place))
      return
    }
    text.withUnsafeBufferPointer { bindText($0, at: place) }
  }

  private func bindText(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int32) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else {
      note(sqlite3_bind_text(handle, place, "", 0, Self.copied))
      return
    }
    let characters = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
    note(
      sqlite3_bind_text64(
        handle, place, characters, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8)))
  }

  func bind(blob: [UInt8]?, at place: Int32) {
    guard let blob else {
      note(sqlite3_bind_null(handle, place))
      return
    }
    if blob.isEmpty {
      note(sqlite3_bind_zeroblob(handle, place, 0))
    } else {
      note(sqlite3_bind_blob64(handle, place, blob, UInt64(blob.count), Self.copied))
    }
  }

  private func note(_ code: Int32) {
    if code != SQLITE_OK, refusal == nil { refusal = code }
  }

  // MARK: Running

  /// Goes to the next row; `false` when there is none.
  func step() throws(SQLiteFailure) -> Bool {
    if let refusal {
      self.refusal = nil
      sqlite3_reset(handle)
      throw SQLiteFailure(code: refusal, message: String(cString: sqlite3_errstr(refusal)))
    }
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else {
      let failure = connection.failure(code)
      sqlite3_reset(handle)
      throw failure
    }
    return false
  }

  /// Runs a statement that gives nothing, and makes it ready to run again.
  func run() throws(SQLiteFailure) {
    _ = try step()
    reset()
  }

  func reset() { sqlite3_reset(handle) }

  // MARK: Columns

  func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// How many columns a row has.
  var columns: Int32 { sqlite3_column_count(handle) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}
#endif
