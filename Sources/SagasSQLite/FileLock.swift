#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Sagas

/// Keeps other writers off a file: a lock on a file beside it, which the system takes back when the process ends,
/// however it ends. A lock on the database itself would keep readers off too.
final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32

  init(beside path: String) throws(SagaError) {
    self.path = "\(path)-lock"
    descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .lockFailed(path, errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      var digits = [UInt8](repeating: 0, count: 20)
      let count = read(descriptor, &digits, digits.count)
      let process = String(decoding: digits.prefix(max(count, 0)), as: UTF8.self)
      throw .inUse(path, by: Int(process).map(String.init))
    }
    let process = Array(String(getpid()).utf8)
    // Only for the message to the next one.
    if ftruncate(descriptor, 0) == 0 { _ = write(descriptor, process, process.count) }
  }

  /// Whether the file is still there for others to find.
  var isThere: Bool {
    var (own, found) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &found) == 0 && own.st_ino == found.st_ino
      && own.st_dev == found.st_dev
  }

  deinit {
    // Runs for a lock that was refused, too.
    guard descriptor >= 0 else { return }
    // A process that is just being started has the descriptor too, and would keep the lock with it for a moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
#endif
