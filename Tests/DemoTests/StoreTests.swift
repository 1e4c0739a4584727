#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasSQLite
import SagasTesting
import Testing

@testable import DemoKit

/// The demo over files: what one run leaves, the next one finds.
@Suite("Demo stores", .timeLimit(.minutes(2)))
final class StoreTests {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID())")
  var path: String { directory.appendingPathComponent("shop.db").path }

  init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private func orders(_ ids: [String]) throws -> String {
    let file = directory.appendingPathComponent("\(ids.joined()).json")
    let orders = ids.map {
      #"""
      {"id": "\#($0)", "customer": "Zoë", "city": "Lund",
       "items": [{"product": "x", "quantity": 3, "price": 105}]}
      """#
    }
    try Data("[\(orders.joined(separator: ","))]".utf8).write(to: file)
    return file.path
  }

  @Test func theSecondRun_findsWhatTheFirstHasDone() async throws {
    let file = try orders(["Z-1", "Z-2"])
    let first = try await ProgramRun([file, "--store", path])
    #expect(first.code == 0 && first.errors == "")
    #expect(first.output.contains("The sagas are in \(path): swift run Demo inspect \(path)\n"))
    let second = try await ProgramRun([file, "--store", path])
    #expect(second.code == 0 && second.errors == "")
    // Nothing was charged again, and the books of the first run still count.
    func charged(_ run: ProgramRun) -> Substring? {
      run.output.split(separator: "\n").last { $0.hasPrefix("  charged ") }
    }
    #expect(charged(first) != nil && charged(second) == charged(first))

    let list = try await ProgramRun(["inspect", path])
    // On a machine that is very busy an answer may come too late, and its order is undone: that is in order, too.
    #expect(list.code == 0 && list.output.contains("shop.db: 2 sagas: "))
    let one = try await ProgramRun(["inspect", path, "Z-2"])
    #expect(one.code == 0 && one.output.hasPrefix("Z-2: Checkout version 1, "))
    #expect(one.output.contains("charge payment "))
    let none = try await ProgramRun(["inspect", path, "Z-3"])
    #expect(none.code == 2 && none.errors.contains("there is no saga 'Z-3'"))
  }

  @Test func inMemory_leavesNothing() async throws {
    let file = try orders(["Z-1"])
    let run = try await ProgramRun([file, "--in-memory"])
    #expect(run.code == 0 && run.errors == "" && !run.output.contains("inspect"))
  }

  /// An order that is under way, in a store that somebody names for other orders.
  @Test func othersOrders_areLeftAlone() async throws {
    try await hold([("other", .suspended)])
    let run = try await ProgramRun([try orders(["Z-1"]), "--store", path])
    #expect(run.code == 2 && run.errors.contains("has 'other' under way"))
    #expect(try StoreTables(path: path).rows("SELECT id FROM saga") == [["other"]])
  }

  @Test func somethingElse_isNoStore() async throws {
    try Data(String(repeating: "No store. ", count: 500).utf8).write(to: URL(fileURLWithPath: path))
    for arguments in [["inspect", path], [try orders(["Z-1"]), "--store", path]] {
      let run = try await ProgramRun(arguments)
      #expect(run.code == 2 && run.errors.contains("is not a database"))
    }
    let crash = try await ProgramRun(["crash", "--store", path])
    #expect(crash.code == 2 && crash.errors.contains("is there already"))
  }

  // MARK: Decisions

  struct Held: Saga {
    struct State: Codable, Sendable {
      let stuck: Bool
      var a: Int?
    }
    struct Broken: Error {}
    var policy: FailurePolicy
    var failurePolicy: FailurePolicy { policy }
    var body: some Flow<State> {
      Step("pay", \.a) { _ in 1 }.compensate { _ in throw Broken() }.compensationRetry(.never)
      Step("send") { _ in throw Broken() }
    }
  }

  /// Leaves sagas that somebody has to decide about.
  private func hold(_ sagas: [(id: String, status: SagaStatus)]) async throws {
    for (id, status) in sagas {
      let store = try SQLiteStore(path: path)
      let orchestrator = SagaOrchestrator(store: store)
      try await orchestrator.register(Held(policy: status == .stuck ? .compensate : .suspend))
      let run = try await orchestrator.start(Held.self, .init(stuck: true), id: id)
      #expect(await run.settled == status)
      await store.close()
    }
  }

  @Test func whatHasToBeDecided_isPrintedWithTheVerbs() async throws {
    try await hold([("A-1", .stuck), ("A-2", .suspended)])
    let run = try await ProgramRun(["inspect", path])
    #expect(
      run.output.hasSuffix(
        """

        A-1 is stuck: the undo of pay failed for good.
          In a process that has registered 'Held':
            try await sagas.recover()
          and one of:
            try await sagas.retryCompensation("A-1")
            try await sagas.skipCompensation("A-1", step: "pay")
            try await sagas.abandon("A-1")

        A-2 is suspended behind the failure of send.
          In a process that has registered 'Held':
            try await sagas.recover()
          and one of:
            try await sagas.resume("A-2")
            try await sagas.skip("A-2", step: "send")
            try await sagas.compensate("A-2")
            try await sagas.cancel("A-2")
            try await sagas.abandon("A-2")

        """), "\(run.output)")
    let one = try await ProgramRun(["inspect", path, "A-1"])
    #expect(
      one.output.contains("its undo failed for good: DemoTests.StoreTests.Held.Broken\n"), "\(one.output)")
    #expect(!one.output.contains("A-2"))
  }

  struct Halted: Saga {
    struct State: Codable, Sendable { var a: Int? }
    let gate = Gate()
    var unwindTimeout: Duration? { .minutes(1) }
    var body: some Flow<State> {
      Step("first", \.a) { _ in 1 }.compensate { _ in }
      Step("second") { _ in }.compensate { _ in _ = await gate.wait() }
      Fail("no") { _ in Held.Broken() }
    }
  }

  struct Paused: Saga {
    struct State: Codable, Sendable {}
    var body: some Flow<State> {
      Step("mail") { _ in throw Held.Broken() }.optional()
      WaitForEvent("word", for: Word.self, on: \.id)
    }
  }

  struct Word: SagaEvent {
    let id: String
  }

  /// Not every saga that is stuck has an undo that failed, and not all that failed holds a saga.
  @Test func whyASagaStandsStill_isSaidAsItIs() async throws {
    let store = try SQLiteStore(path: path)
    let clock = VirtualClock()
    let sagas = SagaOrchestrator(store: store, runtime: Runtime(clock: clock))
    let saga = Halted()
    try await sagas.register(saga)
    try await sagas.register(Paused())
    let halted = try await sagas.start(Halted.self, .init(), id: "B-1")
    await saga.gate.waitForArrivals(atLeast: 1)
    clock.advance(by: .minutes(1))
    #expect(await halted.settled == .stuck)
    let paused = try await sagas.start(Paused.self, .init(), id: "B-2")
    for await update in paused.updates where update.status == .waiting { break }
    try await paused.suspend()
    #expect(await paused.settled == .suspended)
    await store.close()
    let run = try await ProgramRun(["inspect", path])
    #expect(
      run.output.contains("B-1 is stuck: the time for undoing was over, before the turn of first.\n"),
      "\(run.output)")
    #expect(run.output.contains("B-2 is suspended.\n"), "\(run.output)")
    let one = try await ProgramRun(["inspect", path, "B-2"])
    #expect(one.output.contains(/mail .* failed: DemoTests.StoreTests.Held.Broken\n/), "\(one.output)")
    #expect(one.output.contains(/word .* waits\n/), "\(one.output)")
  }

  @Test func ofThoseThatHaveFinished_theLastOnesAreListed() async throws {
    struct Quick: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("step") { _ in } }
    }
    let store = try SQLiteStore(path: path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Quick())
    for number in 10..<35 { _ = try await sagas.run(Quick.self, .init(), id: "Q-\(number)") }
    await store.close()
    func listed(_ run: ProgramRun) -> [Int] {
      run.output.matches(of: #/\nQ-(\d+) +Quick +completed +100 % /#).compactMap { Int($0.output.1) }
    }
    let last = try await ProgramRun(["inspect", path])
    #expect(listed(last) == Array(15..<35), "\(last.output)")
    #expect(last.output.contains("\n… and 5 finished ones: --all\n"))
    let all = try await ProgramRun(["inspect", path, "--all"])
    #expect(listed(all) == Array(10..<35) && !all.output.contains("… and"), "\(all.output)")
  }

  // MARK: Books

  @Test func theBooks_areReadAsTheyWereWritten_withoutALineThatHasNoEnd() throws {
    let entries = [
      LedgerEntry(kind: .charge, key: "A-1/charge payment", amount: Money(cents: 105)),
      LedgerEntry(kind: .void, key: "A-1/charge payment", amount: Money(cents: 105)),
    ]
    var books = try PaymentBooks(beside: path)
    #expect(try books.entries() == [])
    #expect(entries.allSatisfy(books.append))
    let file = try #require(FileHandle(forWritingAtPath: path + "-payments"))
    try file.seekToEnd()
    try file.write(contentsOf: Data("charge\t99".utf8))
    try file.close()
    books = try PaymentBooks(beside: path)
    #expect(try books.entries() == entries)
    #expect(books.append(entries[0]))
    #expect(try books.entries() == entries + [entries[0]])
    try Data("charge\tmuch\tA-1\n".utf8).write(to: URL(fileURLWithPath: path + "-payments"))
    #expect(throws: DemoStoreError.self) { try PaymentBooks(beside: path).entries() }
  }

  // MARK: Killed

  @Test func aKilledProcess_isGoneOnFrom() async throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = ProgramRun.executable
    process.arguments = ["crash", "--orders", "40", "--store", path]
    process.standardOutput = output
    let code = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    let text = try ProgramRun.text(output)
    #expect(code == 0, "\(text)")
    #expect(text.contains("When 20 had ended it was killed (SIGKILL).\n"))
    let recovered = text.firstMatch(of: /\nRecovered +(\d+) sagas in/).flatMap { Int($0.output.1) }
    #expect(recovered ?? 0 > 0, "\(text)")
    #expect(text.contains("unaccounted for"))
  }

  @Test func inMemory_thereIsNoFile() throws {
    let store = try DemoStore(.memory)
    #expect(store.path == nil && store.sagas is InMemoryStore)
  }
}
#endif
