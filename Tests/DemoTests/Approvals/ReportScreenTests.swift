import Testing

@testable import DemoKit

/// How reports look on a terminal.
@Suite struct ReportScreenTests {
  private func row(_ number: Int, waits: Bool = false) -> ReportRow {
    var row = ReportRow(
      ExpenseReport(
        id: "E-\(1_000 + number)", employee: "Ada Lovelace", purpose: "x", amount: Money(cents: 12_345)))
    if waits {
      row.status = .waiting
      row.waitsFor = .manager
      row.doing = "for manager since Mon 09:10"
    }
    return row
  }

  @Test(arguments: [20, 50, 80, 120], [3, 10, 24, 60])
  func theTableFitsItsTerminal(_ width: Int, _ height: Int) {
    let table = ReportTable(width: width, height: height, style: Style(isColoured: false))
    let rows = (0..<30).map { row($0, waits: $0 % 3 == 0) }
    let frame = table.frame(rows, title: "Mon 09:00  thirty", news: "E-1 handed in", notice: "Stopping")
    #expect(frame.count < height)
    #expect(frame.allSatisfy { TextWidth.of($0) < width })
  }

  @Test func whoeverWaitsIsShownFirstWhereThereIsLittleRoom() {
    let table = ReportTable(width: 80, height: 10, style: Style(isColoured: false))
    let frame = table.frame((0..<9).map { row($0, waits: $0 == 8) }, title: "t", news: "n")
    #expect(
      frame.contains { $0.hasPrefix("E-1008  Ada Lovelace  123.45  waiting       for manager") })
    #expect(frame.contains { $0.contains("more") })
  }

  @Test func virtualTimeIsADayAndAnHour() {
    let time = OfficeTime(opening: .init(nanoseconds: 0))
    func text(_ hours: Double) -> String { time.text(time.opening.advanced(by: .seconds(hours * 3_600))) }
    #expect(text(0) == "Mon 09:00")
    #expect(text(14.999) == "Mon 23:59")
    #expect(text(15) == "Tue 00:00")
    #expect(text(24.1) == "Tue 09:06")
    #expect(text(7 * 24) == "Mon 09:00, week 2")
  }
}
