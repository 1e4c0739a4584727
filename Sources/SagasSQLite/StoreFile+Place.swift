#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif
import Sagas

extension StoreFile {
  /// Throws when the file is not where it was opened, or what belongs to it is gone: the system goes on taking what is
  /// written to it, and nobody would find it again; without the lock another process could write as well.
  func checkPlace() throws(SagaError) {
    // One in memory has no place.
    guard let lock else { return }
    var hasMoved: Int32 = 0
    sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    if hasMoved != 0 { throw .moved(path, "the file") }
    if hasLog, fileSize(of: path + "-wal") == nil { throw .moved(path, "its -wal file") }
    if !lock.isThere { throw .moved(path, "its -lock file") }
  }
}
#endif
