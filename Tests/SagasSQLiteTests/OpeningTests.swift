#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import Testing

@testable import SagasSQLite

/// What a store makes of the file it is given; what it cannot use it leaves as it is.
@Suite("Opening a store")
struct OpeningTests {
  private func expect(_ code: SagaError.Code, at path: String, says: String) {
    do {
      _ = try SQLiteStore(path: path)
      Issue.record("it was opened")
    } catch let error as SagaError {
      #expect(error.code == code && error.message.contains(says), "\(error)")
    } catch {
      Issue.record(error)
    }
  }

  @Test func oneAtATime_andTheNextWhenItIsClosed() async throws {
    let file = try TemporaryFile()
    let first = try SQLiteStore(path: file.path)
    expect(.storeInUse, at: file.path, says: "process \(getpid()) has the store")
    // By another name it is the same file.
    try FileManager.default.createSymbolicLink(
      atPath: file.directory + "/link.db", withDestinationPath: file.path)
    expect(.storeInUse, at: file.directory + "/link.db", says: "give each process a file of its own")
    await first.close()
    let second = try SQLiteStore(path: file.path)
    await second.close()
    await second.close()
  }

  @Test func aClosedOne_takesNothing() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    await store.close()
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    let error = await #expect(throws: SagaError.self) { try await sagas.run(Quick.self, .init(n: 1)) }
    #expect(error?.code == .storeClosed)
  }

  @Test func whileItIsOpen_othersMayRead() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    _ = try await sagas.run(Quick.self, .init(n: 1), id: "a")
    let other = try Connection(path: file.path, readOnly: true)
    #expect(try other.number("SELECT count(*) FROM sagas WHERE status = 'completed'") == 1)
    await store.close()
  }

  @Test func aDirectory() throws {
    let file = try TemporaryFile()
    expect(.storeFailed, at: file.directory, says: "is a directory")
  }

  @Test func aDirectoryThatIsNotThere() throws {
    let file = try TemporaryFile()
    expect(.storeFailed, at: file.directory + "/no/sagas.db", says: "its directory must exist")
  }

  @Test func noFile() {
    expect(.invalidArgument, at: "", says: "InMemoryStore")
    expect(.invalidArgument, at: ":memory:", says: "InMemoryStore")
  }

  @Test func somethingElse_isLeftAsItIs() throws {
    let file = try TemporaryFile()
    let text = Array(String(repeating: "This is not a database. ", count: 400).utf8)
    try file.write(text)
    expect(.storeUnreadable, at: file.path, says: "is not a database")
    #expect(try file.read() == text)
  }

  @Test func theDatabaseOfSomethingElse_isLeftAsItIs() throws {
    let file = try TemporaryFile()
    try Connection(path: file.path, readOnly: false).execute("CREATE TABLE birds (name TEXT)")
    let before = try file.read()
    expect(.storeUnreadable, at: file.path, says: "a file of its own")
    #expect(try file.read() == before)
  }

  @Test func aNewerFormat_isLeftAsItIs() async throws {
    let file = try TemporaryFile()
    await (try SQLiteStore(path: file.path)).close()
    let later = Schema.migrations.count + 1
    try Connection(path: file.path, readOnly: false).execute("PRAGMA user_version = \(later)")
    try FileManager.default.removeItem(atPath: file.path + "-lock")
    let before = try file.read()
    expect(.storeTooNew, at: file.path, says: "format \(later)")
    #expect(try file.read() == before)
    // And nothing is made beside it.
    #expect(try FileManager.default.contentsOfDirectory(atPath: file.directory) == ["sagas.db"])
  }

  /// A second one in the same process looks at the file too, and leaves the first one what it has: were its locks gone,
  /// whoever else closes the file would take its log away.
  @Test(arguments: ["sagas.db", "100% söt & #1?.db"])
  func whoLooks_takesNothingFromWhoWrites(name: String) async throws {
    let file = try TemporaryFile()
    let path = file.directory + "/" + name
    await (try SQLiteStore(path: path)).close()
    let store = try SQLiteStore(path: path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    _ = try await sagas.run(Quick.self, .init(n: 1), id: "a")
    try Connection(path: path, readOnly: false).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    #expect(FileManager.default.contents(atPath: path + "-wal")?.isEmpty == true)
    expect(.storeInUse, at: path, says: "has the store")
    // Another process that may write, and closes.
    await #expect(processExitsWith: .success) { [path = path as String] in
      let connection = try Connection(path: path, readOnly: false)
      guard try connection.number("SELECT count(*) FROM saga") == 1 else { exit(2) }
      connection.close()
    }
    #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    _ = try await sagas.run(Quick.self, .init(n: 2), id: "b")
    #expect(FileManager.default.contents(atPath: path + "-wal")?.isEmpty == false)
    await store.close()
  }

  /// What is somebody else's is not brought into its file either.
  @Test func theDatabaseOfSomethingElse_isLeftAsItIs_withItsLog() async throws {
    let file = try TemporaryFile()
    let connection = try Connection(path: file.path, readOnly: false)
    try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE birds (name TEXT)")
    let left = try TemporaryFile()
    for end in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: file.path + end, toPath: left.path + end)
    }
    let log = FileManager.default.contents(atPath: left.path + "-wal")
    #expect(log?.isEmpty == false)
    let before = try left.read()
    expect(.storeUnreadable, at: left.path, says: "a file of its own")
    #expect(try left.read() == before && FileManager.default.contents(atPath: left.path + "-wal") == log)
  }

  @Test func aVersionThatNoStoreHas() async throws {
    let file = try TemporaryFile()
    await (try SQLiteStore(path: file.path)).close()
    try Connection(path: file.path, readOnly: false).execute("PRAGMA user_version = -1")
    expect(.storeUnreadable, at: file.path, says: "a file of its own")
  }

  /// Texts would come back as other ones.
  @Test func anEmptyDatabaseWithOtherTexts() throws {
    let file = try TemporaryFile()
    try Connection(path: file.path, readOnly: false).execute(
      "PRAGMA encoding = 'UTF-16'; CREATE TABLE birds (name TEXT); DROP TABLE birds")
    expect(.storeUnreadable, at: file.path, says: "a file of its own")
  }

  /// What a killed process had not brought into the file stays where it is.
  @Test func aNewerFormat_isLeftAsItIs_withItsLog() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let later = Schema.migrations.count + 1
    try Connection(path: file.path, readOnly: false).execute("PRAGMA user_version = \(later)")
    let left = try TemporaryFile()
    for end in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: file.path + end, toPath: left.path + end)
    }
    await store.close()
    func contents() throws -> [String: Data] {
      let names = try FileManager.default.contentsOfDirectory(atPath: left.directory)
      return Dictionary(
        uniqueKeysWithValues: try names.filter { !$0.hasSuffix("-shm") }.map {
          ($0, try Data(contentsOf: URL(fileURLWithPath: left.directory + "/" + $0)))
        })
    }
    let before = try contents()
    #expect(before.count == 2 && before["sagas.db-wal"]?.isEmpty == false)
    expect(.storeTooNew, at: left.path, says: "format \(later)")
    #expect(try contents() == before)
  }

  /// What cannot be made like new stays what it was.
  @Test func aMigrationThatFails_isNone() async throws {
    let newer = try TemporaryFile()
    await (try SQLiteStore(path: newer.path)).close()
    let older = try newer.older(format: 5)
    try Connection(path: older.path, readOnly: false).execute("CREATE TABLE secret (name TEXT)")
    expect(.storeFailed, at: older.path, says: "secret already exists")
    let connection = try Connection(path: older.path, readOnly: false)
    #expect(try connection.number("PRAGMA user_version") == 5)
    #expect(try connection.number("SELECT count(*) FROM sqlite_master WHERE name = 'definition'") == 0)
    try connection.execute("DROP TABLE secret")
    await (try SQLiteStore(path: older.path)).close()
    #expect(try connection.number("PRAGMA user_version") == Int64(Schema.migrations.count))
  }

  /// In a process of its own, which gives up the right to write everything.
  @Test func aReadOnlyFile() async {
    await #expect(processExitsWith: .success) {
      let file = try TemporaryFile()
      await (try SQLiteStore(path: file.path)).close()
      let before = try file.read()
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file.path)
      // Whoever is not its owner may still write beside it.
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: file.directory)
      try? FileManager.default.removeItem(atPath: file.path + "-lock")
      if geteuid() == 0, seteuid(65_534) != 0 { exit(3) }
      do {
        _ = try SQLiteStore(path: file.path)
        exit(4)
      } catch let error as SagaError {
        guard error.code == .storeReadOnly, error.message.contains("change its permissions") else { exit(5) }
      }
      guard try file.read() == before else { exit(6) }
    }
  }

  /// How much a record has survived when it counts as durable.
  @Test(arguments: [(SQLiteStore.SyncLevel.full, Int64(2)), (.normal, 1)])
  func theSyncLevel_isWhatWasAskedFor(level: SQLiteStore.SyncLevel, number: Int64) throws {
    let file = try TemporaryFile()
    let store = try StoreFile(path: file.path, durability: level, retention: .all, faults: StoreFaults())
    #expect(try store.connection.number("PRAGMA synchronous") == number)
    let mode = try store.connection.prepare("PRAGMA journal_mode")
    #expect(try mode.step() && mode.text(0) == "wal")
  }

  @Test func whoSaysNothing_hasTheDiskWaitedFor_andSagasKeptForAMonth() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let (level, age) = try await store.writer.perform { file in
      (try file.connection.number("PRAGMA synchronous"), file.retention.age)
    }
    #expect(level == 2 && age == .days(30))
    await store.close()
  }

  /// The first format has no column for what a step was given; its sagas stay.
  @Test func anOlderFormat_becomesThePresentOne() async throws {
    let newer = try TemporaryFile()
    var store = try SQLiteStore(path: newer.path)
    var sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    _ = try await sagas.run(Quick.self, .init(n: 3), id: "a")
    await store.close()
    let file = try newer.older(format: 1)
    store = try SQLiteStore(path: file.path)
    sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    #expect(try await sagas.report("a")?.output?.value(as: Int.self) == 6)
    let other = try Connection(path: file.path, readOnly: true)
    #expect(try other.number("PRAGMA user_version") == Int64(Schema.migrations.count))
    #expect(try other.number("SELECT count(*) FROM steps WHERE input IS NULL AND result = '6'") == 1)
    await store.close()
  }

  /// A descriptor that is closed twice is somebody else's the second time.
  @Test func aRefusal_closesNothingOfOthers() async {
    await #expect(processExitsWith: .success) {
      let file = try TemporaryFile()
      let lock = try FileLock(beside: file.path)
      let isOver = Lock(false)
      let path = file.path
      Thread {
        for _ in 0..<20_000 { _ = try? FileLock(beside: path) }
        isOver.withLock { $0 = true }
      }.start()
      while !isOver.withLock({ $0 }) {
        let descriptor = open("/dev/null", O_RDONLY)
        if close(descriptor) != 0 { exit(3) }
      }
      withExtendedLifetime(lock) {}
    }
  }

  @Test func theLock_isAnothers_evenInAnotherProcess() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    // Whoever can lock the file beside it could open the store.
    shell.arguments = ["-c", "command -v flock >/dev/null || exit 9; flock -n '\(file.path)-lock' true"]
    try shell.run()
    shell.waitUntilExit()
    #expect([1, 9].contains(shell.terminationStatus))
    await store.close()
  }
}

/// The smallest saga.
struct Quick: Saga {
  struct State: Codable, Sendable {
    let n: Int
    var twice: Int?
  }

  var body: some Flow<State> { Step("double", \.twice) { $0.n * 2 } }
  func output(_ s: Context<State>) throws -> Int { try s.twice }
}
#endif
