import Foundation

/// The books of the payment provider in a file of their own: the provider is somebody else, and what it has booked
/// stays booked, whatever becomes of the shop.
final class PaymentBooks: Sendable {
  private let path: String
  private let descriptor: Int32

  /// The books beside the file of the sagas: `shop.db-payments`, say.
  ///
  /// Throws ``DemoStoreError``.
  init(beside path: String) throws(DemoStoreError) {
    self.path = path + "-payments"
    descriptor = open(self.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DemoStoreError(message: "\(self.path): cannot be written; make its directory writable")
    }
  }

  deinit { close(descriptor) }

  /// What was booked before.
  ///
  /// Throws ``DemoStoreError`` when the file holds something else.
  func entries() throws(DemoStoreError) -> [LedgerEntry] {
    let bytes = FileManager.default.contents(atPath: path).map(Array.init) ?? []
    // Of a line that has no end, the process that wrote it was told nothing.
    let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? []
    if whole.count < bytes.count { _ = ftruncate(descriptor, off_t(whole.count)) }
    var entries: [LedgerEntry] = []
    for line in String(decoding: whole, as: UTF8.self).split(separator: "\n") {
      guard let entry = LedgerEntry(line: line) else {
        throw DemoStoreError(message: "\(path): line \(entries.count + 1) is no booking; name another store")
      }
      entries.append(entry)
    }
    return entries
  }

  /// Books; whether it could be written.
  func append(_ entry: LedgerEntry) -> Bool {
    let bytes = Array(entry.line.utf8)
    return write(descriptor, bytes, bytes.count) == bytes.count
  }
}

extension LedgerEntry {
  /// As it stands in the books.
  fileprivate var line: String { "\(kind.rawValue)\t\(amount.cents)\t\(key)\n" }

  fileprivate init?(line: some StringProtocol) {
    let parts = line.split(separator: "\t")
    guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let cents = Int(parts[1]) else {
      return nil
    }
    self.init(kind: kind, key: String(parts[2]), amount: Money(cents: cents))
  }
}
