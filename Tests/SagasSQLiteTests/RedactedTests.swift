#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

/// Promise 11: what is redacted is not in the file any more, byte by byte.
@Suite("11 Redacted results, in a file", .timeLimit(.minutes(5)))
struct RedactedTests {
  static let secret = "tok-5ecret-0042"

  struct Order: Saga {
    let log: EventLog
    let gate: Gate
    /// How large the secret is made.
    let size: Int

    struct State: Codable, Sendable { var token: String? }

    var body: some Flow<State> {
      Step("token", \.token) { _ in String(repeating: RedactedTests.secret, count: size) }.redacted()
      Step("use") { context in
        _ = try context.token
        log.append("use")
        await gate.wait()
      }
    }

    func output(_ s: Context<State>) -> Bool { true }
  }

  /// The file, and what stands beside it.
  private func contents(_ file: TemporaryFile) throws -> Data {
    try ["", "-wal"].reduce(into: Data()) { all, suffix in
      if FileManager.default.fileExists(atPath: file.path + suffix) {
        all += try Data(contentsOf: URL(fileURLWithPath: file.path + suffix))
      }
    }
  }

  private func holdsSecret(_ file: TemporaryFile) throws -> Bool {
    try contents(file).range(of: Data(Self.secret.utf8)) != nil
  }

  @Test(arguments: [1, 2_000])
  func itIsInTheFileAsLongAsItIsNeeded_andNotBehindTheEnd(size: Int) async throws {
    let file = try TemporaryFile()
    let order = Order(log: EventLog(), gate: Gate(), size: size)
    var store = try SQLiteStore(path: file.path)
    var sagas = SagaOrchestrator(store: store)
    try await sagas.register(order)
    for n in 0..<20 { _ = try await sagas.start(Order.self, .init(), id: "s\(n)") }
    await order.log.waitFor("use", times: 20)
    let tables = try StoreTables(path: file.path)
    #expect(
      try tables.rows("SELECT step FROM steps WHERE step = 'token' AND status = 'completed'").count == 20)
    #expect(try tables.rows("SELECT step FROM steps WHERE result LIKE '%5ecret%'").isEmpty)
    #expect(try tables.rows("SELECT saga FROM secret WHERE instr(bytes, '\(Self.secret)') > 0").count == 20)
    #expect(try tables.rows("SELECT saga FROM journal WHERE instr(bytes, '\(Self.secret)') > 0").isEmpty)
    await store.close()
    #expect(try holdsSecret(file))

    // Another process sees them to their end.
    order.gate.open()
    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    try await sagas.register(order)
    try await sagas.recover()
    for n in 0..<20 {
      let run = try #require(try await sagas.handle(Order.self, "s\(n)"))
      #expect(await run.outcome.isSuccess)
    }
    for table in ["journal", "saga", "secret"] {
      let found = try tables.rows("SELECT * FROM \(table)").flatMap { $0 }
      #expect(!found.contains { $0?.contains(Self.secret) == true })
    }
    #expect(try tables.rows("SELECT saga FROM journal WHERE redacted IS NOT NULL").isEmpty)
    #expect(try tables.rows("SELECT saga FROM secret").isEmpty)
    try Connection(path: file.path, readOnly: false).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try !holdsSecret(file))
    await store.close()
    #expect(try !holdsSecret(file))

    // Whoever looks later finds the saga, without it.
    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    try await sagas.register(order)
    let report = try #require(try await sagas.report("s3"))
    guard case .completed(let value)? = report.step("token")?.effect else { throw CancellationError() }
    #expect(value.isRedacted && report.status == .completed && report.steps.count == 2)
    await store.close()
  }

  @Test func theEndAndItsRedaction_areOneTransaction() async throws {
    struct Refused: Error {}
    let file = try TemporaryFile()
    let order = Order(log: EventLog(), gate: Gate(), size: 1)
    let fails = Monitored()
    var faults = StoreFaults()
    faults.beforeCommit = { if fails.isOn { throw Refused() } }
    let store = try SQLiteStore(path: file.path, faults: faults)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(order)
    let run = try await sagas.start(Order.self, .init(), id: "a")
    await order.log.waitFor("use")
    fails.isOn = true
    order.gate.open()
    await fails.waitForUse()
    let tables = try StoreTables(path: file.path)
    #expect(try tables.rows("SELECT status FROM saga") == [["running"]])
    #expect(try tables.rows("SELECT saga FROM secret WHERE instr(bytes, '\(Self.secret)') > 0").count == 1)
    fails.isOn = false
    #expect(await run.outcome.isSuccess)
    #expect(try tables.rows("SELECT saga FROM secret").isEmpty)
    await store.close()
  }

  /// Before there was a table of its own for it, it stood in the journal, with what takes its place beside it.
  @Test func theSecretOfAnOlderFile_isThereAsLongAsItIsNeeded() throws {
    let file = try TemporaryFile()
    let older = try Connection(path: file.path, readOnly: false)
    for migration in Schema.migrations.prefix(5) { try older.execute(migration) }
    try older.execute(
      """
      PRAGMA user_version = 5; PRAGMA application_id = \(Schema.applicationID);
      INSERT INTO saga (seq, id, name, version, status, writer, created, planned, metadata)
      VALUES (1, 'a', 's', 1, 'running', 1, 1, 1, '{}');
      INSERT INTO journal (saga, number, count, time, bytes) VALUES (1, 0, 1, 1, x'07');
      INSERT INTO journal (saga, number, count, time, bytes, redacted)
      VALUES (1, 1, 1, 1, CAST('\(Self.secret)' AS BLOB), x'08');
      """)
    older.close()
    let store = try StoreFile(path: file.path, durability: .normal, retention: .all, faults: StoreFaults())
    #expect(try store.load("a")?.records == [[7], Array(Self.secret.utf8)])
    #expect(try store.connection.number("SELECT count(*) FROM journal WHERE bytes = x'08'") == 1)
    // Offered again, because its writing was reported as failed, it is known; another one is not.
    func write(_ number: UInt64, _ bytes: [UInt8], _ redacted: [UInt8]?, _ status: SagaStatus = .running)
      throws
    {
      let record = JournalRecord(
        sagaID: "a", sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
        firstNumber: number, count: 1, time: Timestamp(nanoseconds: 2), status: status, bytes: bytes,
        redacted: redacted)
      try store.write([PendingWrite(record) { _ in }])[0].get()
    }
    try write(1, Array(Self.secret.utf8), [8])
    #expect(throws: SagaError.self) { try write(1, [6], [8]) }
    try write(2, [9], nil, .completed)
    #expect(try store.load("a")?.records == [[7], [8], [9]])
    #expect(try store.connection.number("SELECT count(*) FROM secret") == 0)
  }

  /// Rows are moved from page to page as others come and go, and pages are left with what was in them.
  @Test(arguments: 0..<6)
  func deletionsLeaveNoCopyOfIt(history: Int) throws {
    let file = try TemporaryFile()
    let store = try StoreFile(
      path: file.path, durability: .normal, retention: .last(3), faults: StoreFaults())
    var random = SeededRandom(seed: UInt64(history))
    var live: [(id: String, next: UInt64)] = []
    var time: Int64 = 0
    func write(_ id: String, _ number: UInt64, _ status: SagaStatus, bytes: [UInt8], redacted: [UInt8]? = nil)
      throws
    {
      time += 1
      let record = JournalRecord(
        sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
        firstNumber: number, count: 1, time: Timestamp(nanoseconds: time), status: status, bytes: bytes,
        redacted: redacted)
      try store.write([PendingWrite(record) { _ in }])[0].get()
    }
    func noise(_ most: Int) -> [UInt8] {
      Array(repeating: 7, count: Int.random(in: 1...most, using: &random))
    }
    for number in 0..<400 {
      let id = "s\(number)"
      try write(id, 0, .running, bytes: noise(300))
      let secret = noise(1_500) + Array("\(Self.secret) of \(id)".utf8)
      try write(id, 1, .running, bytes: secret, redacted: noise(20))
      live.append((id, 2))
      while live.count > Int.random(in: 1...60, using: &random) {
        let saga = live.remove(at: Int.random(in: live.indices, using: &random))
        try write(saga.id, saga.next, .completed, bytes: noise(600))
      }
    }
    try store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try holdsSecret(file), "that of a live one")
    for saga in live { try write(saga.id, saga.next, .completed, bytes: noise(600)) }
    try store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(try store.connection.number("SELECT count(*) FROM saga") < 20)
    #expect(try !holdsSecret(file))
  }
}

/// Whether something fails, and whether it was asked.
private final class Monitored: Sendable {
  private let monitor = Gate()
  private let value = Lock(false)

  var isOn: Bool {
    get {
      value.withLock { isOn in
        if isOn { monitor.open() }
        return isOn
      }
    }
    set { value.withLock { $0 = newValue } }
  }

  func waitForUse() async { await monitor.wait() }
}
#endif
