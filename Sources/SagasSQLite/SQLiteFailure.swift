#if canImport(SQLite3) || canImport(CSQLite)

/// What SQLite itself said; the cause of a ``SagaError`` of a store.
public struct SQLiteFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// SQLite's extended result code, as in its documentation.
  public let code: Int32
  /// SQLite's own words.
  public let message: String

  /// SQLite's primary result code.
  public var primaryCode: Int32 { code & 0xFF }

  /// SQLite's code and words.
  public var description: String { "SQLite error \(code): \(message)" }
}
#endif
