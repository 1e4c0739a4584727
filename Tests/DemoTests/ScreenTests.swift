import Sagas
import Testing

@testable import DemoKit

/// What is drawn: fits its window, and is plain where it must be.
@Suite struct ScreenTests {
  private func rows(_ count: Int, customer: String = "Rózsa 日本語 with a very long name") throws -> [OrderRow] {
    try (0..<count).map { index in
      let text =
        #"[{"id": "A-\#(1000 + index)", "customer": "\#(customer)", "city": "B","#
        + #" "items": [{"product": "x", "quantity": 1, "price": 9}]}]"#
      var row = OrderRow(try #require(try OrderFile.parse(Array(text.utf8), file: "").first))
      switch index % 5 {
      case 0: row.status = .completed
      case 1: row.status = .compensated
      case 2: row.status = .running
      case 3: row.status = .compensating
      default: break
      }
      row.isDone = index % 5 < 2
      row.progress = 0.5
      row.doing = index % 5 == 4 ? "" : "charge payment, 2 of 5, and something that is much too long to fit"
      return row
    }
  }

  private func frame(_ rows: [OrderRow], _ width: Int, _ height: Int, coloured: Bool = false) -> [String] {
    Table(width: width, height: height, style: Style(isColoured: coloured))
      .frame(rows, elapsed: .milliseconds(1_260), notice: nil)
  }

  @Test(arguments: [(80, 24), (80, 50), (120, 10), (40, 5), (20, 4), (10, 2), (1, 1)])
  func aFrameFitsItsWindow(_ width: Int, _ height: Int) throws {
    let lines = frame(try rows(30), width, height)
    #expect(lines.count < max(height, 1))
    #expect(lines.allSatisfy { TextWidth.of($0) < max(width, 2) })
  }

  @Test func withoutColoursThereAreNoControlCodes() throws {
    let lines = frame(try rows(30), 80, 24)
    #expect(lines.allSatisfy { !$0.contains("\u{1B}") })
    #expect(lines.first == "Checkout of 30 orders: 12 under way, 12 done, 1.3 s")
    #expect(lines[2] == "ORDER   CUSTOMER          PROGRESS    STATUS        DOING")
  }

  @Test func coloursChangeNothingButTheColour() throws {
    let plain = frame(try rows(30), 80, 24)
    let coloured = frame(try rows(30), 80, 24, coloured: true)
    #expect(coloured.contains { $0.contains("\u{1B}[") })
    #expect(coloured.map { $0.replacing(#/\u{1B}\[[0-9]+m/#, with: "") } == plain)
  }

  @Test func aLowWindowShowsTheActiveOnesAndCountsTheRest() throws {
    let lines = frame(try rows(30), 80, 18)
    #expect(lines.count == 17)
    #expect(lines.last == "… and 17 more: 6 completed, 5 compensated, 6 to come")
    #expect(lines.filter { $0.contains(" running ") }.count == 6)
    #expect(lines.filter { $0.contains(" compensating ") }.count == 6)
  }

  @Test func aHighWindowShowsAllInTheirOrder() throws {
    let lines = frame(try rows(30), 80, 40)
    #expect(lines.count == 33)
    #expect(lines.dropFirst(3).map { String($0.prefix(6)) } == (1000..<1030).map { "A-\($0)" })
  }

  @Test func aRowReadsWell() throws {
    let lines = frame(try rows(3, customer: "Ada"), 80, 24)
    #expect(lines.last == "A-1002  Ada       █████░░░░░  running       charge payment, 2 of 5, and someth…")
  }

  @Test func aFrameIsDrawnOverTheLastOne() {
    #expect(
      LiveScreen.bytes(of: ["a", "b"], over: 3, hidingCursor: false)
        == "\u{1B}[3A\ra\u{1B}[K\nb\u{1B}[K\n\u{1B}[J")
    #expect(LiveScreen.bytes(of: [], over: 0, hidingCursor: true) == "\u{1B}[?25l\r\u{1B}[J")
  }

  @Test func plainLinesHaveColumns() throws {
    var row = try #require(try rows(3).last)
    row.doing = "validate customer"
    #expect(PlainLog.line(row) == "A-1002  running       validate customer")
    row.doing = ""
    #expect(PlainLog.line(row) == "A-1002  running")
    row.status = nil
    row.isDone = true
    #expect(PlainLog.line(row) == "A-1002  not started")
  }

  @Test(arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👍", 2), ("✓", 1), ("█", 1), ("", 0)])
  func widthsAreThoseOfATerminal(_ text: String, _ columns: Int) {
    #expect(TextWidth.of(text) == columns)
  }

  @Test(arguments: [
    ("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("日本語", 4, "日… "), ("ab", 4, "ab  "), ("ab", 0, ""),
  ])
  func textIsFitted(_ text: String, _ columns: Int, _ expected: String) {
    #expect(TextWidth.fit(text, columns) == expected)
  }

  @Test func whatATerminalWouldObeyIsReplaced() {
    #expect(printable("a\u{1B}[2Jb\n\u{202E}c👩‍🚀") == "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c👩‍🚀")
  }
}
