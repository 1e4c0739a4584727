#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasSQLite
import SagasTesting
import Testing

@testable import DemoKit

/// Approvals over several runs: what one leaves in its files, the next one goes on with.
@Suite("Approvals over several runs", .timeLimit(.minutes(3)))
final class ApprovalStoreTests: Sendable {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID())")
  var path: String { path("approvals") }

  init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private func path(_ name: some CustomStringConvertible) -> String {
    directory.appendingPathComponent("\(name).db").path
  }

  // MARK: In virtual time

  /// An office over files, as its process opens it, and the store to close at its end.
  private func open(
    _ simulation: Simulation, _ requests: [ExpenseRequest], _ path: String
  ) async throws -> (office: Office, store: SQLiteStore) {
    let store = try SQLiteStore(
      path: path, durability: .normal, retention: .all, faults: StoreFaults(), isThreaded: false)
    let minutes = try Minutes(Books(beside: path))
    let office = try await Office(
      requests: requests, store: store, books: TreasuryBooks(beside: path), minutes: minutes,
      runtime: simulation.runtime)
    return (office, store)
  }

  /// Works off an agenda until a time after the beginning, and leaves everything as it is.
  private func work(
    _ simulation: Simulation, _ requests: [ExpenseRequest], _ agenda: Agenda, _ path: String, until: Duration
  ) async throws {
    let (office, store) = try await open(simulation, requests, path)
    try await withThrowingTaskGroup { group in
      group.addTask { try await office.work(off: agenda, ReportBoard(office)) }
      try await simulation.clock.sleep(until: office.time.opening.advanced(by: until))
      group.cancelAll()
      try await group.waitForAll()
    }
    await office.sagas.shutdown(grace: .zero)
    await store.close()
  }

  /// What an office has left: its books and its minutes, and what its store has.
  private func trace(_ path: String) throws -> [String] {
    let files = try ["treasury", "minutes"].map {
      try String(contentsOfFile: "\(path)-\($0)", encoding: .utf8)
    }
    let tables = try StoreTables(path: path)
    let counts = try tables.rows(
      "SELECT (SELECT count(*) FROM saga), (SELECT count(*) FROM journal), (SELECT count(*) FROM event)")
    return files + counts.joined().map { $0 ?? "" }
  }

  @Test func stoppedAtAnyTime_andOpenedAgain_itEndsAsIfNothingHadBeen() throws {
    let requests = try ExpenseFiles.reports()
    let decisions = try ExpenseFiles.decisions()
    let agenda = Agenda(requests, decisions)
    try simulate(seeds: 0..<20) { [self] simulation in
      let path = path(simulation.seed)
      // Anywhere in the 88 hours, and a second time in what is left of them.
      let stop = Duration.minutes(Int(simulation.seed * 2_731 % (88 * 60)))
      try await work(simulation, requests, agenda, path, until: stop)
      let later = stop + .minutes(10 + Int(simulation.seed) * 9)
      try await work(simulation, requests, agenda, path, until: later)

      let (office, store) = try await open(simulation, requests, path)
      let run = try await OfficeRun(office, agenda)
      try #require(office.time.opening == VirtualClock.start)
      try #require(run.audit.problems == [])
      for result in run.results {
        let id = result.report.id
        try #require(ReportOutcome(result) == ApprovalRunTests.outcomes[id], "\(id), stopped at \(stop)")
      }
      for (id, fates) in ApprovalRunTests.fates {
        try #require(run.fate(id) == fates, "\(id), stopped at \(stop)")
      }
      try #require(await office.minutes.dispatches.count == agenda.items.count)
      let undecided = try #require(run.results.first { $0.report.id == "E-1009" })
      for (wait, hours) in [(undecided.manager, 24), (undecided.director, 48)] {
        let since = try #require(wait?.since), end = try #require(wait?.at)
        try #require(since.duration(to: end) == .hours(hours), "stopped at \(stop)")
      }
      await office.sagas.shutdown()
      await store.close()

      // Once more, when all has ended: all is refused, and nothing changes.
      let before = try trace(path)
      let (late, lateStore) = try await open(simulation, requests, path)
      let again = try await OfficeRun(late, agenda)
      try #require(late.takenUp == [])
      try #require(again.summary(again.audit) == run.summary(run.audit))
      await late.sagas.shutdown()
      await lateStore.close()
      try #require(try trace(path) == before)
    }
  }

  /// As a process leaves it that ends between the bus and its minutes.
  @Test func anAnswerThatWasNotNoted_isFoundOutFromTheBus() throws {
    let requests = try ExpenseFiles.reports()
    let decisions = try ExpenseFiles.decisions()
    let agenda = Agenda(requests, decisions)
    try simulate(seeds: 0..<20) { [self] simulation in
      let path = path(simulation.seed)
      let stop = Duration.minutes(60 + Int(simulation.seed * 163 % (50 * 60)))
      try await work(simulation, requests, agenda, path, until: stop)
      let file = "\(path)-minutes"
      var lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
      let answer = try #require(lines.lastIndex { $0.contains(#"{"answered""#) })
      lines.remove(at: answer)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))

      let (office, store) = try await open(simulation, requests, path)
      try #require(await office.minutes.unanswered.count == 1)
      let run = try await OfficeRun(office, agenda)
      try #require(run.audit.problems == [], "stopped at \(stop)")
      for (id, fates) in ApprovalRunTests.fates {
        try #require(run.fate(id) == fates, "\(id), stopped at \(stop)")
      }
      try #require(run.submissions.filter(\.isDuplicate).map(\.reportID) == ["E-1005"])
      try #require(await office.minutes.dispatches.count == agenda.items.count)
      await store.close()
    }
  }

  @Test func whatIsTypedInALaterRun_hasIdsOfItsOwn() throws {
    let requests = (1...2).map { number in
      ExpenseRequest(
        report: ExpenseReport(
          id: "E-\(number)", employee: "Ada", purpose: "x", amount: Money(cents: 20_000)), submitted: .zero)
    }
    try simulate(seeds: 0..<5) { [self] simulation in
      let path = path(simulation.seed)
      for id in ["E-1", "E-2"] {
        let (office, store) = try await open(simulation, requests, path)
        let board = ReportBoard(office)
        try await office.work(off: Agenda(requests, []), board)
        try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .hours(1)))
        let typed = TypedDecisions(office: office, board: board) { _ in }
        let (lines, typing) = AsyncStream.makeStream(of: String.self)
        typing.yield("approve \(id)")
        typing.finish()
        try #require(try await typed.take(lines) == false)
        if id == "E-2" {
          let outcomes = await office.results(board).map(ReportOutcome.init)
          try #require(outcomes == [.approvedByManager, .approvedByManager])
          try #require(await office.minutes.decisions.map(\.decision.id) == ["typed-1", "typed-2"])
        }
        await office.sagas.shutdown()
        await store.close()
      }
    }
  }

  // MARK: The program

  /// Kills the program in the middle, which is never at the same place, and calls it again.
  @Test(arguments: [7, 22, 40])
  func aKilledProcess_isGoneOnFrom(_ lines: Int) async throws {
    let arguments = ["approvals", "--plain", "--store", path]
    try #require(try Victim.run(ProgramRun.executable, arguments, untilEnded: lines))
    let first = try Minutes(Books(beside: path))
    let lastTime = await first.lastTime
    let last = try #require(lastTime).nanoseconds
    let opening = await first.opening
    let left = try StoreTables(path: path).rows("SELECT id FROM saga WHERE ended IS NULL").count
    func records(_ condition: String = "true") throws -> [[String?]] {
      try StoreTables(path: path).rows("SELECT count(*) FROM journal WHERE \(condition)")
    }
    let recorded = try records()

    let second = try await ProgramRun(arguments)
    #expect(second.code == 0 && second.errors == "", "\(second.output)")
    #expect(
      second.output.contains(
        left == 1 ? "1 report was under way, and goes" : "\(left) reports were under way, and go"))
    #expect(second.output.contains(" that had been sent before came again: refused\n"))
    #expect(second.output.contains("neither paid out nor released               0.00  ✓ reconciled\n"))
    let ledger = try TreasuryBooks(beside: path).entries()
    #expect(Set(ledger).count == ledger.count, "nothing is booked twice")
    let minutes = try Minutes(Books(beside: path))
    #expect(await minutes.opening == opening)
    #expect(try records("time <= \(last)") == recorded, "what the second one has done came later")
    let agenda = Agenda(try ExpenseFiles.reports(), try ExpenseFiles.decisions())
    #expect(await minutes.dispatches.count == agenda.items.count)

    let before = try trace(path)
    let third = try await ProgramRun(arguments)
    #expect(third.code == 0 && third.output.contains("All of it has ended in an earlier run.\n"))
    #expect(Self.summary(third) == Self.summary(second))
    #expect(try trace(path) == before)
  }

  private static func summary(_ run: ProgramRun) -> Substring? {
    run.output.range(of: "\n13 expense reports, Mon 09:00 to ").map { run.output[$0.lowerBound...] }
  }

  @Test func aKilledProcess_isShownByInspect() async throws {
    try #require(
      try Victim.run(ProgramRun.executable, ["approvals", "--plain", "--store", path], untilEnded: 16))
    let list = try await ProgramRun(["inspect", path])
    #expect(list.code == 0)
    let line = list.output.split(separator: "\n").first { $0.contains("  waiting  ") }
    #expect(line?.hasSuffix("manager decides") == true, "\(list.output)")
    #expect(list.output.contains(" events are kept"), "\(list.output)")
    #expect(list.output.contains("submission of E-1003"), "\(list.output)")
  }

  private func file(_ name: String, _ entries: [String]) throws -> String {
    let file = directory.appendingPathComponent("\(name).json")
    try Data("[\(entries.joined(separator: ","))]".utf8).write(to: file)
    return file.path
  }

  private static func report(_ id: String, _ amount: Int = 20_000) -> String {
    #"{"id": "\#(id)", "employee": "Zoë", "purpose": "tea", "amount": \#(amount), "at": 0}"#
  }

  private static func decision(_ id: String, _ verb: String = #""approve""#) -> String {
    #"{"id": "d-\#(id)", "report": "\#(id)", "at": 1, "by": "Kay", "decision": \#(verb)}"#
  }

  @Test func otherFilesThanThoseItHas_areRefused() async throws {
    let store = ["--store", path]
    func run(_ reports: [String], _ decisions: [String]) async throws -> ProgramRun {
      try await ProgramRun(
        ["approvals", "--reports", file("reports", reports), "--decisions", file("decisions", decisions)]
          + store)
    }
    let first = try await run([Self.report("Z-1")], [Self.decision("Z-1")])
    #expect(first.code == 0 && first.errors == "", "\(first.output)\(first.errors)")
    #expect(first.output.hasSuffix("\nThe sagas are in \(path): swift run Demo inspect \(path)\n"))
    let before = try trace(path)
    for reports in [[Self.report("Z-2")], [Self.report("Z-1", 30_000)]] {
      let other = try await run(reports, [Self.decision("Z-1")])
      #expect(other.code == 2 && other.output == "")
      #expect(other.errors.contains("the store has 'Z-1', which is not among the reports"), "\(other.errors)")
    }
    for decisions in [[Self.decision("Z-2")], [Self.decision("Z-1", #""reject", "because": "no""#)]] {
      let other = try await run([Self.report("Z-1")], decisions)
      #expect(other.code == 2 && other.output == "")
      #expect(other.errors.contains("the store has the decision 'd-Z-1'"), "\(other.errors)")
    }
    #expect(try trace(path) == before)

    // More than before is something to go on with.
    let more = try await run(
      [Self.report("Z-1"), Self.report("Z-2")], [Self.decision("Z-1"), Self.decision("Z-2")])
    #expect(more.code == 0 && more.output.contains("\n2 expense reports, Mon 09:00 to "), "\(more.output)")
    #expect(more.output.contains("  sent                                           2\n"), "\(more.output)")

    try FileManager.default.removeItem(atPath: "\(path)-minutes")
    let lost = try await run(
      [Self.report("Z-1"), Self.report("Z-2")], [Self.decision("Z-1"), Self.decision("Z-2")])
    #expect(lost.code == 2 && lost.errors.contains("ends in '-minutes': put it back"), "\(lost.errors)")
  }

  @Test func aShop_isNoOffice() async throws {
    struct Held: Saga {
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> { Sleep("sleep", for: .hours(1)) }
    }
    let store = try SQLiteStore(path: path)
    let sagas = SagaOrchestrator(store: store)
    try await sagas.register(Held())
    _ = try await sagas.start(Held.self, .init(), id: "other")
    await sagas.shutdown()
    await store.close()
    let run = try await ProgramRun(["approvals", "--store", path])
    #expect(run.code == 2 && run.errors.contains("the store has 'other'"), "\(run.errors)")
  }

  // MARK: Parts

  @Test func noTimeIsTold_thatIsLaterThanWhatIsNoted() async throws {
    let promised = EventLog()
    let start = Timestamp(nanoseconds: 0)
    let clock = HourClock(start: start, speed: 200) { promised.append("\($0.nanoseconds)") }
    var last = start
    while promised.entries.count < 3 {
      let now = clock.now
      #expect(now >= last)
      last = now
      let limit = promised.entries.last.flatMap { Int64($0) } ?? 0
      #expect(now.nanoseconds <= limit)
    }
  }

  @Test func aLineOfTheMinutes_isReadAsItWasWritten() throws {
    let decision = Decision(
      id: "d", desk: Desk(reportID: "E-1", role: .director), by: "Zoë\t\"\n", rejectedBecause: "\u{2028}/")
    let lines: [MinutesLine] = [
      .opened(at: Timestamp(nanoseconds: 7)), .time(atMost: Timestamp(nanoseconds: .max)),
      .sends(Dispatch(item: .decide(decision), due: .milliseconds(1_500), at: Timestamp(nanoseconds: 8))),
      .answered(place: 0, Dispatch.Answer(deliveredTo: nil)),
      .answered(place: 0, Dispatch.Answer(deliveredTo: ["E-1"], isDuplicate: true)),
    ]
    for line in lines {
      #expect(!line.line.contains("\n"))
      #expect(MinutesLine(line: line.line) == line)
    }
    #expect(MinutesLine(line: "{}") == nil)
  }
}
#endif
