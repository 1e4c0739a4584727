#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The first bytes of a database file, which can be read without SQLite: by its file format they say what the file is.
struct FileHead {
  /// `PRAGMA application_id`.
  let application: Int64
  /// `PRAGMA user_version`.
  let version: Int64

  /// `nil` where there is no database.
  init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    guard read(descriptor, &bytes, 100) == 100, bytes.starts(with: "SQLite format 3\0".utf8) else {
      return nil
    }
    func number(_ place: Int) -> Int64 { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int64($1) } }
    application = number(68)
    version = number(60)
  }
}
#endif
