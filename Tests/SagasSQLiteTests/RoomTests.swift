#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasTesting
import Testing

@testable import SagasSQLite

#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif

/// No room left, for real: the system refuses the store's writes, and takes them again later.
@Suite("No room left")
struct RoomTests {
  struct Wrong: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a saga whose result does not fit once there is no room, until there is some again. Throws what is wrong.
  static func hold(
    at path: String, code: SagaError.Code, tries: Int = 3, fill: () throws -> Void, free: () throws -> Void
  ) async throws {
    func check(_ holds: Bool, _ what: String) throws {
      if !holds { throw Wrong(description: what) }
    }
    let store = try SQLiteStore(path: path)
    let clock = VirtualClock()
    let sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    let saga = FaultTests.Large(log: EventLog(), gate: Gate())
    try await sagas.register(saga)
    let run = try await sagas.start(FaultTests.Large.self, .init(), id: "s")
    await saga.gate.waitForArrivals(atLeast: 1)
    try fill()
    saga.gate.open()
    // It is held, and its record is offered again after a second.
    for _ in 0..<tries {
      await clock.waitForSleepers(atLeast: 1)
      let status = await run.status
      try check(status == .running && saga.log.entries == ["a"], "not held: \(status), \(saga.log.entries)")
      clock.advance(by: .seconds(1))
    }
    await clock.waitForSleepers(atLeast: 1)
    do {
      let input = FaultTests.Large.State(text: String(repeating: "x", count: 50_000))
      _ = try await sagas.start(FaultTests.Large.self, input, id: "t")
      throw Wrong(description: "there was room")
    } catch let error as SagaError {
      let cause = error.cause as? SagaError
      try check(cause?.code == code, "\(error), \(String(describing: error.cause))")
    }
    try free()
    clock.advance(by: .seconds(1))
    let outcome = await run.outcome
    try check(outcome.isSuccess && saga.log.entries == ["a", "b"], "\(outcome), \(saga.log.entries)")
    try check(try await sagas.report("t") == nil, "what could not be started is there")
    await store.close()
    let connection = try Connection(path: path, readOnly: true)
    let integrity = try connection.prepare("PRAGMA integrity_check")
    try check(try integrity.step() && integrity.text(0) == "ok", "damaged")
    try check(try connection.number("SELECT count(*) FROM journal") == 3, "records missing, or doubled")
  }

  #if canImport(Glibc)
  @Test(
    .enabled(if: SmallFileSystem.isPossible, "only the superuser of a whole machine can mount a file system"))
  func aFullFileSystem() async throws {
    let small = try #require(SmallFileSystem())
    try await Self.hold(
      at: small.directory + "/sagas.db", code: .storeFull, fill: small.fill, free: small.free)
  }
  #endif

  /// A limit for the size of files works for everybody, and for the whole process: so it is one of its own.
  @Test func aFileThatMustNotGrow() async {
    await #expect(processExitsWith: .success) {
      // Else the system ends whoever goes over the limit.
      signal(SIGXFSZ, SIG_IGN)
      let file = try TemporaryFile()
      func limit(_ size: rlim_t?) throws {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
        let resource = RLIMIT_FSIZE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { throw Wrong(description: "no limits") }
        limit.rlim_cur = size ?? limit.rlim_max
        guard setrlimit(resource, &limit) == 0 else { throw Wrong(description: "no limit set") }
      }
      // SQLite tells this from a full disk: it is an I/O error.
      try await RoomTests.hold(at: file.path, code: .storeFailed) {
        let log = try FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int ?? 0
        try limit(rlim_t(log + 8_192))
      } free: {
        try limit(nil)
      }
    }
  }

  /// Somebody with a shell has begun a transaction, and takes longer than SQLite waits by itself.
  @Test func aLockedFile() async throws {
    let file = try TemporaryFile()
    try Connection(path: file.path, readOnly: false).execute("PRAGMA journal_mode = WAL")
    let other = try Connection(path: file.path, readOnly: false)
    try await Self.hold(at: file.path, code: .storeBusy, tries: 1) {
      try other.execute("BEGIN IMMEDIATE")
    } free: {
      try other.execute("ROLLBACK")
    }
  }

  /// The system goes on taking what is written to a file that has no name any more.
  @Test(arguments: ["", "-wal", "-lock"])
  func aFileThatIsMovedAway(_ end: String) async throws {
    let file = try TemporaryFile()
    let manager = FileManager.default
    let (here, away) = (file.path + end, file.directory + "/away")
    try await Self.hold(at: file.path, code: .storeFailed, tries: 1) {
      try manager.moveItem(atPath: here, toPath: away)
    } free: {
      try manager.moveItem(atPath: away, toPath: here)
    }
  }

  // MARK: One record

  private func record(_ id: String, _ bytes: Int) -> PendingWrite {
    PendingWrite(
      JournalRecord(
        sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
        firstNumber: 0, count: 1,
        time: Timestamp(nanoseconds: 1), status: .running, bytes: Array(repeating: 7, count: bytes))
    ) { _ in }
  }

  private static let refusal = """
    CREATE TRIGGER refusal BEFORE INSERT ON journal WHEN length(NEW.bytes) > 20000
    BEGIN SELECT RAISE(ABORT, 'too much'); END
    """

  /// Those that were to be written with it are written without it.
  @Test func aRecordThatIsItselfAtFault_fails_alone() throws {
    let file = try TemporaryFile()
    let store = try StoreFile(path: file.path, durability: .normal, retention: .all, faults: StoreFaults())
    try store.connection.execute(Self.refusal)
    let results = store.write([record("a", 10), record("b", 50_000), record("c", 10)])
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    guard case .failure(let error) = results[1] else { return }
    #expect((error as? SagaError)?.code == .storeFailed, "\(error)")
    #expect(try store.connection.number("SELECT count(*) FROM saga WHERE id IN ('a', 'c')") == 2)
    #expect(try store.connection.number("SELECT count(*) FROM saga") == 2)
    // What is wrong with all of them is not tried one by one.
    #expect(store.write([record("d", 50_000)]).count == 1)
  }

  /// SQLite has NULL in the place of what cannot be bound.
  @Test func whatIsTooLarge_isRefused_andNotLeftOut() throws {
    let file = try TemporaryFile()
    let store = try StoreFile(path: file.path, durability: .normal, retention: .all, faults: StoreFaults())
    sqlite3_limit(store.connection.handle, SQLITE_LIMIT_LENGTH, 20_000)
    func creation(_ id: String, _ size: Int) -> PendingWrite {
      PendingWrite(
        JournalRecord(
          sagaID: id, sagaName: "s", sagaVersion: 1, startedAt: Timestamp(nanoseconds: 1), writer: 1,
          firstNumber: 0, count: 1, time: Timestamp(nanoseconds: 1), status: .running, bytes: [7],
          details: .init(
            creation: .init(
              metadata: [:], input: Array(repeating: 0x31, count: size), outline: SagaOutline(steps: []))))
      ) { _ in }
    }
    let results = store.write([creation("a", 10), creation("b", 30_000), creation("c", 10)])
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    #expect(try store.connection.number("SELECT count(*) FROM saga WHERE input IS NOT NULL") == 2)
    #expect(try store.connection.number("SELECT count(*) FROM saga") == 2)
  }

  @Test func aRecordThatIsItselfAtFault_holdsItsSagaAlone() async throws {
    let file = try TemporaryFile()
    let store = try SQLiteStore(path: file.path)
    let clock = VirtualClock()
    let sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    let saga = FaultTests.Large(log: EventLog(), gate: Gate())
    try await sagas.register(saga)
    try await sagas.register(Quick())
    let other = try Connection(path: file.path, readOnly: false)
    try other.execute(Self.refusal)
    let run = try await sagas.start(FaultTests.Large.self, .init(), id: "s")
    saga.gate.open()
    await clock.waitForSleepers(atLeast: 1)
    for n in 0..<20 { #expect(try await sagas.run(Quick.self, .init(n: n), id: "q\(n)") == 2 * n) }
    #expect(await run.status == .running && saga.log.entries == ["a"])
    try other.execute("DROP TRIGGER refusal")
    clock.advance(by: .seconds(1))
    #expect(await run.outcome.isSuccess)
    #expect(saga.log.entries == ["a", "b"])
    await store.close()
  }
}
#endif
