import Foundation

/// A place for a store, which goes with what stands there.
final class TemporaryFile: Sendable {
  let directory: String
  var path: String { directory + "/sagas.db" }

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/sagas-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
    directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  func read() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
