#if canImport(Glibc)
import Foundation

/// A file system of two megabytes, in memory; only the superuser of a whole machine can have one.
final class SmallFileSystem: Sendable {
  let directory: String
  private var ballast: String { directory + "/ballast" }

  init?() {
    var template = Array((NSTemporaryDirectory() + "/sagas-small-XXXXXX").utf8CString)
    guard geteuid() == 0, mkdtemp(&template) != nil else { return nil }
    directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard mount("tmpfs", directory, "tmpfs", 0, "size=2m") == 0 else {
      rmdir(directory)
      return nil
    }
  }

  /// Whether this machine lets us have one.
  static let isPossible = SmallFileSystem() != nil

  deinit {
    // Whoever is still there keeps it until it goes.
    umount2(directory, Int32(MNT_DETACH))
    rmdir(directory)
  }

  /// Leaves no room at all.
  func fill() {
    let file = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(file) }
    for size in [65_536, 4_096, 1] {
      let bytes = [UInt8](repeating: 0, count: size)
      while write(file, bytes, size) > 0 {}
    }
  }

  func free() { unlink(ballast) }
}
#endif
