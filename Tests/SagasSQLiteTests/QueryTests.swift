#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// The queries that the README prints, through SQLite's own interface and, where it is installed, the shell.
@Suite("Documented queries")
struct QueryTests {
  struct Order: Saga {
    struct State: Codable, Sendable {
      let total: Int
      var receipt: String?
    }
    struct Closed: Error {}
    struct Paid: SagaEvent {
      static let name = "Paid"
      let cents: Int
    }
    var body: some Flow<State> {
      Step("charge", \.receipt) { "r-\($0.total)" }
        .compensate { _ in throw Closed() }
        .compensationRetry(.fixed(retries: 1, every: .zero))
      Step("send") { _ in throw Closed() }
    }
  }

  /// The lines of the README that call the shell, without its name and the file's.
  private static func documented() throws -> [String] {
    let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      let prefix = #"sqlite3 sagas.db ""#
      return line.hasPrefix(prefix) && line.hasSuffix("\"")
        ? String(line.dropFirst(prefix.count).dropLast()) : nil
    }
  }

  private func rows(_ path: String, _ sql: String) throws -> [String] {
    try StoreTables(path: path).rows(sql).map { $0.map { $0 ?? "" }.joined(separator: "|") }
  }

  /// What the shell prints; `nil` where it is not installed.
  private func shell(_ path: String, _ sql: String) throws -> [String]? {
    let shell = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let shell else { return nil }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: shell)
    process.arguments = ["-batch", path, sql]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return text.split(separator: "\n").map(String.init)
  }

  @Test func giveWhatTheySay() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Order())
    let run = try await sagas.start(Order.self, .init(total: 7), id: "order-1")
    #expect(await run.settled == .stuck)
    _ = try await sagas.events.publish(Order.Paid(cents: 7), to: "order-1", id: "e1")
    let closed = "SagasSQLiteTests.QueryTests.Order.Closed"
    let expected = [
      [
        "order-1|stuck|\(closed)|" + #"retryCompensation, skipCompensation "charge", abandon"#
      ],
      [
        #"charge|compensationFailed|1|{"input":{"total":7},"results":{}}|r-7|"#,
        #"send|failed|1|{"input":{"total":7},"results":{"charge":"r-7"}}||"# + closed,
      ],
      ["charge|failed|2|\(closed)"],
      nil,
      nil,
    ]
    let documented = try Self.documented()
    #expect(documented.count == expected.count)
    for (sql, expected) in zip(documented, expected) {
      // While the store has the file open.
      let found = try rows(file.path, sql)
      if let expected { #expect(found.sorted() == expected, "\(sql)") }
      #expect(!found.isEmpty, "\(sql)")
      if let printed = try shell(file.path, sql) { #expect(printed == found, "\(sql)") }
    }
    let event = try #require(try rows(file.path, documented[4]).first)
    #expect(event.hasPrefix(#"1|Paid|order-1|{"cents":7}|2"#), "\(event)")
    let journal = try rows(file.path, documented[3])
    #expect(journal.first?.hasPrefix("0|") == true)
    #expect(journal.contains { $0.contains(#""step":"charge","status":"completed""#) }, "\(journal)")
    #expect(
      try rows(file.path, "SELECT input, parent IS NULL FROM sagas") == [#"{"total":7}|1"#])
    await store.close()
  }

  @Test func noStore_isNotShown() throws {
    let file = try TemporaryFile()
    #expect(throws: SagaError.self) { try StoreTables(path: file.path) }
    try Connection(path: file.path, readOnly: false).execute("CREATE TABLE birds (name TEXT)")
    #expect { try StoreTables(path: file.path) } throws: { ($0 as? SagaError)?.code == .storeUnreadable }
    let later = Schema.migrations.count + 1
    try Connection(path: file.path, readOnly: false).execute(
      "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(later)")
    #expect { try StoreTables(path: file.path) } throws: { ($0 as? SagaError)?.code == .storeTooNew }
    try Connection(path: file.path, readOnly: false).execute("PRAGMA user_version = 2")
    #expect { try StoreTables(path: file.path) } throws: { "\($0)".contains("has format 2") }
  }
}
#endif
