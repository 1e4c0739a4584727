#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// The tables of a store for whoever only wants to look, also while a process writes to it. Changes nothing.
package struct StoreTables {
  private let path: String
  private let connection: Connection

  /// Throws ``SagaError`` when there is no store of the format this version writes.
  package init(path: String) throws {
    self.path = path
    do {
      connection = try Connection(path: path, readOnly: true)
      guard try connection.number("PRAGMA application_id") == Schema.applicationID else {
        throw SagaError.notAStore(path)
      }
      let version = try connection.number("PRAGMA user_version")
      if version > Schema.migrations.count {
        throw SagaError.tooNew(path, version: version, known: Schema.migrations.count)
      }
      if version < Schema.migrations.count {
        throw SagaError.tooOld(path, version: version, known: Schema.migrations.count)
      }
    } catch let failure as SQLiteFailure {
      throw SagaError(failure, path)
    }
  }

  /// What a query gives, as text; `nil` for NULL.
  package func rows(_ sql: String, _ values: String?...) throws -> [[String?]] {
    do {
      let query = try connection.prepare(sql)
      for (index, value) in values.enumerated() { query.bind(value, at: Int32(index + 1)) }
      var rows: [[String?]] = []
      while try query.step() {
        rows.append((0..<query.columns).map { query.isNull($0) ? nil : query.text($0) })
      }
      return rows
    } catch {
      throw SagaError(error, path)
    }
  }
}
#endif
