import Foundation
import Sagas

/// What others than the sagas have noted, in a file of its own: it stays noted, whatever becomes of the process.
final class Books<Entry: BookEntry>: Sendable {
  private let path: String
  private let descriptor: Int32
  /// One line after the other.
  private let turn = Lock(())

  /// The books beside the file of the sagas: `shop.db-payments`, say.
  ///
  /// Throws ``DemoStoreError``.
  init(beside path: String) throws(DemoStoreError) {
    self.path = "\(path)-\(Entry.book)"
    descriptor = open(self.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DemoStoreError(message: "\(self.path): cannot be written; make its directory writable")
    }
  }

  deinit { close(descriptor) }

  /// What was noted before.
  ///
  /// Throws ``DemoStoreError`` when the file holds something else.
  func entries() throws(DemoStoreError) -> [Entry] {
    let bytes = FileManager.default.contents(atPath: path).map(Array.init) ?? []
    // Of a line that has no end, the process that wrote it was told nothing.
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
    if whole.count < bytes.count { _ = ftruncate(descriptor, off_t(whole.count)) }
    var entries: [Entry] = []
    for line in String(decoding: whole, as: UTF8.self).split(separator: "\n") {
      guard let entry = Entry(line: String(line)) else {
        throw DemoStoreError(message: "\(path): line \(entries.count + 1) is no entry; name another store")
      }
      entries.append(entry)
    }
    return entries
  }

  /// Notes; whether it could be written.
  func append(_ entry: Entry) -> Bool {
    let bytes = Array("\(entry.line)\n".utf8)
    return turn.withLock { _ in
      let count = write(descriptor, bytes, bytes.count)
      if count == bytes.count { return true }
      // Half a line would spoil the next one.
      if count > 0 { _ = ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(count)) }
      return false
    }
  }
}
