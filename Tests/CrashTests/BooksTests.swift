#if canImport(SQLite3) || canImport(CSQLite)
import Sagas
import Testing

@testable import CrashChild

/// The books notice what they are there for.
@Suite("Crash books")
struct BooksTests {
  private let mix = Mix(seed: 1, count: 5)

  private func problems(_ lines: [(LedgerLine.Kind, String, String)], of saga: String) -> [String] {
    Books(
      lines.map { LedgerLine(kind: $0.0, saga: $0.0 == .process ? "" : saga, step: $0.1, detail: $0.2) }, mix
    ).problems
  }

  @Test func aCrashThatIsRepaired_isNoProblem() {
    #expect(
      problems(
        [
          (.process, "", "1"), (.ask, "open", "1"), (.apply, "open", ""), (.process, "", "2"),
          (.ask, "open", "1"), (.ask, "flaky", "1"), (.ask, "flaky", "2"), (.apply, "flaky", ""),
          (.process, "", "3"), (.cancel, "", ""), (.askBack, "flaky", "1"), (.void, "flaky", ""),
          (.askBack, "open", "1"), (.process, "", "4"), (.askBack, "open", "2"), (.void, "open", ""),
          (.ended, "", "compensated"), (.ended, "", "compensated"),
        ], of: "chain-0") == [])
  }

  @Test(
    arguments: [
      ([(.ask, "open", "1"), (.ask, "flaky", "1"), (.process, "", "2"), (.ask, "open", "1")], "recorded"),
      ([(.ask, "open", "1"), (.ask, "open", "1")], "twice in one process"),
      ([(.ask, "flaky", "2"), (.process, "", "2"), (.ask, "flaky", "1")], "behind attempt 2"),
      ([(.ask, "flaky", "4")], "more than it has"),
      ([(.ask, "draw", "1"), (.process, "", "2"), (.ask, "draw", "1")], "at most once"),
      ([(.askBack, "open", "1"), (.ask, "open", "1")], "run again behind its undo"),
      ([(.askBack, "open", "1"), (.process, "", "2"), (.askBack, "flaky", "1")], "behind the undo of open"),
      ([(.apply, "open", ""), (.apply, "open", "")], "applied twice"),
      ([(.apply, "open", ""), (.void, "open", ""), (.void, "open", "")], "undone twice"),
      ([(.fence, "open", ""), (.apply, "open", "")], "applied behind its undo"),
      ([(.void, "open", "")], "never applied"),
      ([(.ended, "", "completed"), (.askBack, "open", "1")], "behind its end"),
      ([(.ended, "", "completed"), (.ended, "", "compensated")], "completed, then compensated"),
      ([(.violation, "", "7 sagas at once")], "7 sagas at once"),
      ([(.process, "", "1"), (.process, "", "2"), (.wornOut, "", "")], "recovered too often, in process 2"),
    ] as [([(LedgerLine.Kind, String, String)], String)])
  func whatMustNotBe_isNoticed(_ lines: [(LedgerLine.Kind, String, String)], _ words: String) {
    let saga = lines.contains { $0.1 == "draw" } ? "once-0" : "chain-0"
    let problems = problems(lines, of: saga)
    #expect(problems.contains { $0.contains(words) }, "\(problems)")
  }

  /// A saga ends as the operator has decided, once that was taken.
  @Test(arguments: Mix.Rescue.allCases, [SagaStatus.completed, .compensated, .failed])
  func anEndThatNobodyHasDecided_isNoticed(_ rescue: Mix.Rescue, _ status: SagaStatus) {
    // By itself it completes.
    let mix = Mix(seed: 0, count: 1)
    let before: LedgerLine.Kind = rescue == .abandon ? .abandon : rescue == .cancel ? .cancel : .operated
    let lines = [
      LedgerLine(kind: before, saga: "chain-0"),
      LedgerLine(kind: .rescued, saga: "chain-0", detail: rescue.rawValue),
      LedgerLine(kind: .ended, saga: "chain-0", detail: status.rawValue),
    ]
    let entry = Audit.Entry(
      id: "chain-0", status: status, steps: [], compensated: [], unresolved: [], words: [nil, nil])
    let problems = Books(lines, mix).problems(with: Audit(entries: [entry]))
    let isRight =
      switch rescue {
      case .abandon: status == .failed
      case .cancel: status == .compensated
      case .recover: status == .completed
      }
    #expect(problems.isEmpty == isRight, "\(problems)")
  }

  @Test func aLine_isReadAsItWasWritten() throws {
    let line = LedgerLine(kind: .apply, saga: "chain-0", step: "left 1", detail: "2")
    #expect(line.bytes.count == LedgerLine.length && LedgerLine(line.bytes) == line)
    #expect(LedgerLine(line.bytes.dropLast()) == nil)
    let long = LedgerLine(kind: .violation, saga: "s", detail: String(repeating: "x", count: 500))
    #expect(long.bytes.count == LedgerLine.length && LedgerLine(long.bytes)?.kind == .violation)
  }
}
#endif
