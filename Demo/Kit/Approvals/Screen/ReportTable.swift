import Sagas

/// Draws all reports as a table.
///
/// Pure: the same rows, size and style make the same lines.
struct ReportTable: Sendable {
  /// Of the terminal, in characters.
  let width: Int
  /// Of the terminal, in lines.
  let height: Int
  let style: Style

  private static let statusWidth = 12

  /// The lines of one frame.
  ///
  /// - Parameters:
  ///   - rows: all reports.
  ///   - title: what stands above them.
  ///   - news: the last that happened.
  ///   - notice: what else to say, in the last line.
  /// - Returns: at least one line less than the height, each at least one column narrower than the width.
  func frame(_ rows: [ReportRow], title: String, news: String, notice: String? = nil) -> [String] {
    let room = max(width - 1, 1)
    let cells = Cells(rows)
    let doingWidth = room - cells.id - cells.employee - cells.amount - Self.statusWidth - 8

    var lines = [style.bold(TextWidth.clip(title, room)), ""]
    let heads = [
      TextWidth.fit("REPORT", cells.id), TextWidth.fit("EMPLOYEE", cells.employee),
      right("AMOUNT", cells.amount), TextWidth.fit("STATUS", Self.statusWidth), "DOING",
    ]
    lines.append(style(.grey, TextWidth.clip(heads.joined(separator: "  "), room)))

    let space = max(height - 1 - lines.count - 2 - (notice == nil ? 0 : 1), 0)
    let shown = rows.count <= space ? Array(rows.indices) : choose(rows, max(space - 1, 0))
    for row in shown.map({ rows[$0] }) {
      guard doingWidth > 0 else {
        lines.append(TextWidth.clip("\(TextWidth.fit(row.id, cells.id)) \(row.statusText)", room))
        continue
      }
      let columns = [
        TextWidth.fit(row.id, cells.id), TextWidth.fit(row.employee, cells.employee),
        right("\(row.amount)", cells.amount),
        style(Style.Colour(row.status), TextWidth.fit(row.statusText, Self.statusWidth)),
        TextWidth.clip(row.doing, doingWidth),
      ]
      lines.append(columns.joined(separator: "  "))
    }
    if shown.count < rows.count, space > 0 {
      lines.append(style(.grey, TextWidth.clip("… and \(rows.count - shown.count) more", room)))
    }
    if !news.isEmpty { lines += ["", style(.grey, TextWidth.clip(news, room))] }
    if let notice { lines.append(style(.yellow, TextWidth.clip(notice, room))) }
    return Array(lines.prefix(max(height - 1, 0)))
  }

  /// How wide the first columns are.
  private struct Cells {
    let id: Int
    let employee: Int
    let amount: Int

    init(_ rows: [ReportRow]) {
      id = min(max(rows.map { TextWidth.of($0.id) }.max() ?? 0, 6), 10)
      employee = min(max(rows.map { TextWidth.of($0.employee) }.max() ?? 0, 8), 17)
      amount = max(rows.map { "\($0.amount)".count }.max() ?? 0, 6)
    }
  }

  /// Those that wait first, then what else is under way, then what ended, then what is to come.
  private func choose(_ rows: [ReportRow], _ space: Int) -> [Int] {
    func rank(_ row: ReportRow) -> Int {
      if row.waitsFor != nil { return 0 }
      if row.isActive { return 1 }
      return row.isDone ? 2 : 3
    }
    return rows.indices.sorted { (rank(rows[$0]), $0) < (rank(rows[$1]), $1) }.prefix(space).sorted()
  }

  private func right(_ text: String, _ columns: Int) -> String {
    String(repeating: " ", count: max(columns - text.count, 0)) + text
  }
}
