import Foundation
import Sagas
import SagasTesting
import Testing

@testable import DemoKit

/// The program as its caller sees it: exit codes, and what goes where.
@Suite struct DemoProgramTests {
  private func run(
    _ arguments: [String], typing typed: String = "", runtime: Runtime = Runtime()
  ) async throws -> (code: Int32, output: String, errors: String) {
    let run = try await ProgramRun(arguments, typing: typed, runtime: runtime)
    return (run.code, run.output, run.errors)
  }

  /// Runs the program in virtual time, with a file that holds one order.
  private func checkOut(
    _ behaves: String = "{}", _ options: [String] = [],
    _ check: @escaping @Sendable ((code: Int32, output: String, errors: String)) throws -> Void
  ) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let order = #"""
      [{"id": "Z-1", "customer": "Zoë", "city": "Lund", "behaves": \#(behaves),
        "items": [{"product": "x", "quantity": 3, "price": 105}]}]
      """#
    try #require(FileManager.default.createFile(atPath: path, contents: Data(order.utf8)))
    try simulate(seeds: 1...3) { simulation in
      try check(try await run([path, "--in-memory"] + options, runtime: simulation.runtime))
    }
  }

  @Test(arguments: [
    ["nonsense"], ["--nonsense"], ["no/such/file.json"], ["diagram", "x"], ["stress"],
    ["approvals", "--reports", "no/such.json"], ["approvals", "--decisions", "no/such.json"],
    ["inspect", "no/such.db"],
  ])
  func mistakesAreOneLineOnTheErrorOutput(_ arguments: [String]) async throws {
    let (code, output, errors) = try await run(arguments)
    #expect(code == 2)
    #expect(output == "")
    #expect(errors.hasPrefix("Demo: "))
    #expect(errors.hasSuffix("\n"))
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func helpListsTheExitCodes() async throws {
    let (code, output, errors) = try await run(["--help"])
    #expect(code == 0)
    #expect(errors == "")
    #expect(output.contains("EXIT CODES"))
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 88 })
  }

  @Test func diagramIsAFlowchart() async throws {
    let (code, output, errors) = try await run(["diagram"])
    #expect(code == 0)
    #expect(errors == "")
    #expect(output.hasPrefix("flowchart"))
    #expect(output.contains("charge payment"))
    #expect(output.hasSuffix("\n"))
  }

  @Test func aFileOfOnesOwnIsCheckedOutInPlainLines() throws {
    try checkOut { code, output, errors in
      try #require(code == 0)
      try #require(errors == "")
      try #require(!output.contains("\u{1B}"))
      try #require(output.contains("Z-1     completed\n"))
      try #require(output.contains("captured in completed orders        3.15\n"))
      try #require(!output.contains("stuck"))
    }
  }

  @Test(arguments: OperatorChoice.allCases)
  func aStuckSagaIsEndedAsTheOperatorIsTold(_ decision: OperatorChoice) throws {
    let (deeds, ends, money) =
      switch decision {
      case .retry: ("retryCompensation", "compensated", "refunded                            3.15")
      case .skip:
        ("refunded 3.15 by hand, skipCompensation", "compensated", "refunded by hand                    3.15")
      case .abandon: ("abandon", "failed", "left standing, sagas abandoned      3.15")
      }
    let behaves = #"{"orders": "fail", "refund": "flaky:2"}"#
    try checkOut(behaves, ["--operator", decision.rawValue]) { code, output, errors in
      try #require(code == 0, "\(output)")
      try #require(errors == "")
      try #require(output.contains("Z-1     stuck         cannot undo charge payment\n"), "\(output)")
      let said = [
        "What was stuck, and how the operator ended it",
        "  Z-1     Zoë               stuck: charge payment was not undone in 2 attempts",
        "because: payment service unavailable",
        "ends it: retryCompensation,",
        #"skipCompensation(step: "charge payment"), abandon"#,
        "operator: \(deeds)", "then: \(ends)", "", "Money (EUR)",
      ]
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let first = try #require(lines.firstIndex(of: said[0]), "\(output)")
      try #require(lines.count > first + said.count)
      for (line, expected) in zip(lines[first...], said) {
        try #require(
          line == expected || line.trimmingPrefix { $0 == " " } == expected, "\(expected)\n\(output)")
      }
      try #require(lines.contains("  \(money)"), "\(output)")
      try #require(
        lines.contains { $0.hasSuffix("unaccounted for                     0.00  ✓") }, "\(output)")
    }
  }

  /// Whatever a file asks for, retrying ends it.
  @Test func theMostStubbornRefundGoesThroughInTheEnd() throws {
    try checkOut(#"{"payment": "timeout-charged", "refund": "flaky:9"}"#) { code, output, _ in
      try #require(code == 0, "\(output)")
      let retry = "retryCompensation"
      try #require(output.contains("operator: \(retry), \(retry),\n"), "\(output)")
      try #require(output.contains("charge payment (voided 3.15)"), "\(output)")
    }
  }

  @Test func helpSaysWhatEndsAStuckSaga() async throws {
    let (_, output, _) = try await run(["help"])
    let section = try #require(output.range(of: "STUCK SAGAS\n"))
    for verb in ["retryCompensation()", #"skipCompensation(step: "charge payment")"#, "abandon()"] {
      #expect(output[section.upperBound...].contains("run.\(verb)"))
    }
    for decision in OperatorChoice.allCases { #expect(output.contains("\n  \(decision.rawValue) ")) }
  }

  private func file(_ text: String) -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
    #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
    return path
  }

  private static let reports = #"""
    [{"id": "Z-1", "employee": "Zoë", "purpose": "tea", "amount": 400, "at": 0},
     {"id": "Z-2", "employee": "Zoë", "purpose": "cake", "amount": 20000, "at": 0},
     {"id": "Z-3", "employee": "Zoë", "purpose": "boat", "amount": 70000, "at": 0}]
    """#

  @Test func reportsAndDecisionsOfOnesOwnAreWorkedOffInPlainLines() throws {
    let decisions = #"""
      [{"id": "a", "report": "Z-2", "at": 0, "by": "Kay", "decision": "approve"},
       {"id": "a", "report": "Z-2", "at": 0, "by": "Kay", "decision": "approve"},
       {"id": "b", "report": "Z-3", "at": 0, "by": "Kay", "decision": "reject", "because": "too big"}]
      """#
    let paths = (file(Self.reports), file(decisions))
    defer {
      try? FileManager.default.removeItem(atPath: paths.0)
      try? FileManager.default.removeItem(atPath: paths.1)
    }
    let arguments = ["approvals", "--reports", paths.0, "--decisions", paths.1, "--in-memory"]
    try simulate(seeds: 1...3) { simulation in
      let (code, output, errors) = try await run(arguments, runtime: simulation.runtime)
      try #require(code == 0, "\(output)")
      try #require(errors == "")
      try #require(!output.contains("\u{1B}"))
      try #require(output.contains("20 pass in a second"))
      try #require(output.contains("      1  paid without asking anybody\n"))
      try #require(output.contains("      1  approved by the manager, and paid\n"))
      try #require(output.contains("      1  rejected, and undone\n"))
      try #require(output.contains("refused, because they had come before          1\n"))
      try #require(output.hasSuffix("neither paid out nor released               0.00  ✓ reconciled\n"))
    }
  }

  @Test func decisionsMayBePipedIn() async throws {
    let path = file(Self.reports)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (code, output, _) = try await run(
      ["approvals", "--interactive", "--speed=0.1", "--reports", path],
      typing: "approve Z-2\nnonsense\nreject z-3 because too big")
    #expect(code == 0)
    #expect(!output.contains("\u{1B}"))
    #expect(output.contains("unknown 'nonsense': type approve, reject, list, help or quit\n"))
    #expect(output.contains("approved by you, manager (typed-1)"))
    #expect(output.contains("      1  rejected, and undone\n"))
    #expect(output.hasSuffix("✓ reconciled\n"))
  }

  @Test func quittingUndoesWhatIsNotDecided() async throws {
    let path = file(Self.reports)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (code, output, _) = try await run(
      ["approvals", "--interactive", "--speed=0.1", "--reports", path], typing: "help\nquit\n")
    #expect(code == 0)
    #expect(!output.contains("approved by the manager"))
    #expect(output.hasSuffix("✓ reconciled\n"))
  }

  @Test func stressSaysWhatAWaitingSagaTakes() async throws {
    let (code, output, errors) = try await run(["stress", "--waiting", "1000"])
    #expect(code == 0)
    #expect(errors == "")
    let line = output.split(separator: "\n").first { $0.hasSuffix(" bytes per waiting saga") }
    #expect(line.flatMap { Int($0.prefix { $0 != " " }) } != nil)
    #expect(output.contains("verified: each saga got one event"))
  }
}
