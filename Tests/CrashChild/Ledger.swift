#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A file of lines that are only ever added, outside of the store: what has happened in the world.
///
/// A line is there once `write` returns, whatever becomes of the process: the system has it.
final class Ledger: Sendable {
  struct Unreadable: Error { let path: String }

  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Unreadable(path: path) }
  }

  deinit { close(descriptor) }

  func write(_ line: LedgerLine) {
    let bytes = line.bytes
    #if canImport(Darwin)
    _ = Darwin.write(descriptor, bytes, bytes.count)
    #elseif canImport(Glibc)
    _ = Glibc.write(descriptor, bytes, bytes.count)
    #elseif canImport(Musl)
    _ = Musl.write(descriptor, bytes, bytes.count)
    #endif
    Pulse.beat()
  }

  /// All lines of a file. Throws when one is damaged.
  static func read(_ path: String) throws -> [LedgerLine] {
    guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var lines: [LedgerLine] = []
    var buffer = [UInt8](repeating: 0, count: LedgerLine.length)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return lines }
      guard count == buffer.count, let line = LedgerLine(buffer) else { throw Unreadable(path: path) }
      lines.append(line)
    }
  }
}
