import Sagas
import SagasTesting
import Testing

@testable import DemoKit

/// Deciding by typing.
@Suite struct TypingTests {
  @Test(arguments: [
    ("approve E-1003", TypedCommand.approve("E-1003")),
    ("  Approve   e-1003 ", .approve("e-1003")),
    ("reject E-1 because no  bill", .reject("E-1", because: "no bill")),
    ("", .list), ("list", .list), ("help", .help), ("?", .help), ("quit", .quit),
  ])
  func whatIsTypedIsUnderstood(_ line: String, _ command: TypedCommand) throws {
    #expect(try TypedCommand(line) == command)
  }

  @Test(arguments: [
    ("approve", "approve needs a report: approve E-1003"),
    ("approve E-1 E-2", "approve needs a report: approve E-1003"),
    (
      "reject E-1", "reject needs a report and a reason: reject E-1004 because the bill is missing"
    ),
    (
      "reject E-1 because", "reject needs a report and a reason: reject E-1004 because the bill is missing"
    ),
    ("aprove", "unknown 'aprove': type approve, reject, list, help or quit"),
    ("aprove E-1", "'aprove' stands alone, or is none of approve, reject, list, help, quit"),
    ("\u{1B}[2J", "unknown '\u{FFFD}[2J': type approve, reject, list, help or quit"),
  ])
  func theRestIsAnsweredWithWhatToType(_ line: String, _ message: String) {
    #expect(throws: UsageError(message)) { try TypedCommand(line) }
  }

  @Test func typedDecisionsReachWhoeverWaits() throws {
    let requests = (1...2).map { number in
      ExpenseRequest(
        report: ExpenseReport(
          id: "E-\(number)", employee: "Ada", purpose: "x", amount: Money(cents: 20_000)), submitted: .zero)
    }
    try simulate(seeds: 0..<20) { simulation in
      let office = try await Office(requests: requests, runtime: simulation.runtime)
      let said = EventLog()
      let board = ReportBoard(office)
      let results = try await withThrowingTaskGroup(of: [ReportResult].self) { group in
        group.addTask {
          await office.show(on: board)
          return []
        }
        group.addTask {
          try await office.work(off: Agenda(requests, []), board)
          // The first one waits for the director, and so does the second.
          try await simulation.clock.sleep(until: office.time.opening.advanced(by: .hours(30)))
          let typed = TypedDecisions(office: office, board: board) { said.append($0) }
          let (lines, typing) = AsyncStream.makeStream(of: String.self)
          for line in [
            "", "approve e-1", "reject E-2 because of that", "reject E-2 because no", "approve E-7",
          ] {
            typing.yield(line)
          }
          typing.finish()
          try #require(try await typed.take(lines) == false)
          return await office.results(board)
        }
        while let results = try await group.next() {
          if results.isEmpty { continue }
          group.cancelAll()
          return results
        }
        return []
      }
      try #require(results.map(ReportOutcome.init) == [.approvedByDirector, .rejected])
      try #require(results.last?.reason == "rejected by you: of that")
      try #require(said.entries.count == 2)
      let lines = said.entries.joined(separator: "\n").split(separator: "\n")
      try #require(lines.first == "These wait for a decision:")
      try #require(lines.count == 4)
      try #require(lines[1].hasPrefix("  E-1  Ada") && lines[1].contains("the director's, since Tue 09:"))
      try #require(lines.last == "there is no report 'E-7': type list")
    }
  }
}
