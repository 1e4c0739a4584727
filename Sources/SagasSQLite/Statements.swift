#if canImport(SQLite3) || canImport(CSQLite)

/// The statements that are run often.
final class Statements {
  let begin: Statement
  let commit: Statement
  let head: Statement
  let insertSaga: Statement
  let updateSaga: Statement
  let definition: Statement
  let insertDefinition: Statement
  let insertDefinitionStep: Statement
  let insertRecord: Statement
  let insertSecret: Statement
  let record: Statement
  let isToRedact: Statement
  let redact: Statement
  let deleteSecrets: Statement
  let saga: Statement
  let records: Statement
  let ended: Statement
  let deleteRecords: Statement
  let deleteSaga: Statement
  let event: Statement
  let insertEvent: Statement
  let deleteEvent: Statement
  let rememberID: Statement
  let usedID: Statement

  init(_ connection: Connection) throws(SQLiteFailure) {
    begin = try connection.prepare("BEGIN IMMEDIATE")
    commit = try connection.prepare("COMMIT")
    head = try connection.prepare(
      """
      SELECT seq, writer, created, status, (SELECT number + count FROM journal WHERE saga = seq
        ORDER BY number DESC LIMIT 1)
      FROM saga WHERE id = ?
      """)
    insertSaga = try connection.prepare(
      """
      INSERT INTO saga (seq, id, name, version, status, writer, created, ended, planned, input, output, error,
        metadata, run, definition, ways_out)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    updateSaga = try connection.prepare(
      """
      UPDATE saga SET status = ?, ended = coalesce(ended, ?), output = coalesce(?, output),
        error = coalesce(?, error), ways_out = ? WHERE seq = ?
      """)
    definition = try connection.prepare("SELECT seq FROM definition WHERE outline = ?")
    insertDefinition = try connection.prepare("INSERT INTO definition (outline) VALUES (?)")
    insertDefinitionStep = try connection.prepare(
      "INSERT INTO definition_step (definition, step, place, slot, reads) VALUES (?, ?, ?, ?, ?)")
    insertRecord = try connection.prepare(
      "INSERT INTO journal (saga, number, count, time, bytes, changes, redacted) VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    insertSecret = try connection.prepare(
      """
      INSERT INTO secret (saga, number, room, bytes)
      VALUES (?, ?, zeroblob((SELECT page_size FROM pragma_page_size)), ?)
      """)
    isToRedact = try connection.prepare("SELECT 1 FROM journal WHERE saga = ? AND redacted IS NOT NULL")
    redact = try connection.prepare(
      "UPDATE journal SET redacted = NULL WHERE saga = ? AND redacted IS NOT NULL")
    deleteSecrets = try connection.prepare("DELETE FROM secret WHERE saga = ?")
    // The bytes of a record, with what is not kept behind the end as long as it is there.
    let bytes = """
      CASE WHEN redacted IS NULL THEN bytes
        ELSE (SELECT s.bytes FROM secret s WHERE s.saga = journal.saga AND s.number = journal.number) END
      """
    record = try connection.prepare("SELECT \(bytes) FROM journal WHERE saga = ? AND number = ?")
    saga = try connection.prepare("SELECT seq, status FROM saga WHERE id = ?")
    records = try connection.prepare("SELECT \(bytes) FROM journal WHERE saga = ? ORDER BY number")
    ended = try connection.prepare("SELECT seq, id FROM saga WHERE ended < ? ORDER BY ended LIMIT ?")
    deleteRecords = try connection.prepare("DELETE FROM journal WHERE saga = ?")
    rememberID = try connection.prepare(
      """
      INSERT INTO used_id (id, runs) SELECT id, run FROM saga WHERE seq = ? AND run > 0
      ON CONFLICT (id) DO UPDATE SET runs = excluded.runs
      """)
    usedID = try connection.prepare("SELECT runs FROM used_id WHERE id = ?")
    deleteSaga = try connection.prepare("DELETE FROM saga WHERE seq = ?")
    event = try connection.prepare("SELECT 1 FROM event WHERE number = ?")
    insertEvent = try connection.prepare(
      "INSERT INTO event (number, name, id, saga, payload, published) VALUES (?, ?, ?, ?, ?, ?)")
    deleteEvent = try connection.prepare("DELETE FROM event WHERE number = ?")
  }
}
#endif
