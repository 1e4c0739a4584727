#if canImport(SQLite3) || canImport(CSQLite)
extension Schema {
  /// Puts what is not to be kept behind the end of a saga into pages that nothing else is in.
  ///
  /// A row shares its page with others, and is moved from page to page as those come and go; each time a copy may stay
  /// where it was, which nobody overwrites later. What does not fit into the page of its row stands in pages of its
  /// own, and stays there until it is deleted, and overwritten with that: so it has a page of nothing before it.
  static let secrets = """
    PRAGMA secure_delete = ON;
    CREATE TABLE secret (
      saga INTEGER NOT NULL,          -- saga.seq
      number INTEGER NOT NULL,        -- journal.number
      room BLOB NOT NULL,             -- as many zeros as fit into the page of the row
      bytes BLOB NOT NULL,            -- what journal.bytes has without the results that are not to be kept
      PRIMARY KEY (saga, number)
    );
    INSERT INTO secret (saga, number, room, bytes)
    SELECT saga, number, zeroblob((SELECT page_size FROM pragma_page_size)), bytes FROM journal
    WHERE redacted IS NOT NULL;
    -- From now on it says that there is a secret.
    UPDATE journal SET bytes = redacted, redacted = 1 WHERE redacted IS NOT NULL;
    """
}
#endif
