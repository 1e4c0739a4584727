#if canImport(SQLite3) || canImport(CSQLite)
extension Schema {
  /// Has beside a record what is to stand there once its saga has ended.
  static let redaction = """
    ALTER TABLE journal ADD COLUMN redacted BLOB;
    CREATE INDEX journal_to_redact ON journal (saga) WHERE redacted IS NOT NULL;
    """
}
#endif
