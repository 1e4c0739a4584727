#if canImport(SQLite3) || canImport(CSQLite)
@testable import SagasSQLite

extension TemporaryFile {
  /// A file of an earlier format, with the sagas of this one.
  func older(format: Int) throws -> TemporaryFile {
    let older = try TemporaryFile()
    let connection = try Connection(path: older.path, readOnly: false)
    for migration in Schema.migrations.prefix(format) { try connection.execute(migration) }
    try connection.execute(
      "PRAGMA user_version = \(format); PRAGMA application_id = \(Schema.applicationID);"
        + "ATTACH '\(path)' AS newer")
    for table in ["saga", "journal"] {
      let columns = try connection.prepare("SELECT group_concat(name) FROM pragma_table_info('\(table)')")
      _ = try columns.step()
      let names = columns.text(0)
      columns.reset()
      try connection.execute("INSERT INTO main.\(table) (\(names)) SELECT \(names) FROM newer.\(table)")
    }
    connection.close()
    return older
  }
}
#endif
