import Foundation
import Testing

/// The fixtures of one format: what a version of the library has left in its stores.
struct FixtureFolder: Sendable, CustomTestStringConvertible {
  /// `records` for logs as text, `sqlite` for a file of that store.
  let kind: String
  let format: Int

  var name: String { "\(kind)-\(format)" }
  var testDescription: String { name }
  var path: String { Self.root + "/" + name }
  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  func path(of scenario: String) -> String {
    path + "/" + scenario.replacingOccurrences(of: " ", with: "-") + ".log"
  }

  /// The file of the SQLite store.
  var database: String { path + "/sagas.db" }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fixtures").standardizedFileURL.path

  /// All there are of a kind, the oldest first.
  static func all(_ kind: String) -> [FixtureFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { $0.hasPrefix(kind + "-") }.compactMap { Int($0.dropFirst(kind.count + 1)) }.sorted()
      .map { FixtureFolder(kind: kind, format: $0) }
  }

  /// Makes the folder; throws where it is there.
  func create() throws {
    try FileManager.default.createDirectory(atPath: Self.root, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }
}
