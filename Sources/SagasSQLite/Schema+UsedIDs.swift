#if canImport(SQLite3) || canImport(CSQLite)
extension Schema {
  /// Remembers how often an id was used, when its saga is deleted: idempotency keys are made of that.
  static let usedIDs = """
    ALTER TABLE saga ADD COLUMN run INTEGER DEFAULT 1;  -- which use of its id it is; 0 where nobody chose the id
    CREATE TABLE used_id (
      id TEXT PRIMARY KEY,
      runs INTEGER NOT NULL             -- how many sagas had it that are gone
    ) WITHOUT ROWID;
    """
}
#endif
