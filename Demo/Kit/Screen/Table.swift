import Sagas

/// Draws all orders as a table.
///
/// Pure: the same rows, size and style make the same lines.
struct Table: Sendable {
  /// Of the terminal, in characters.
  let width: Int
  /// Of the terminal, in lines.
  let height: Int
  let style: Style

  private static let barWidth = 10
  private static let statusWidth = 12

  /// The lines of one frame.
  ///
  /// - Parameters:
  ///   - rows: all orders.
  ///   - elapsed: for how long the shop has been open.
  ///   - notice: what else to say, in the last line.
  /// - Returns: at least one line less than the height, each at least one column narrower than the width.
  func frame(_ rows: [OrderRow], elapsed: Duration, notice: String? = nil) -> [String] {
    let room = max(width - 1, 1)
    let idWidth = min(max(rows.map { TextWidth.of($0.id) }.max() ?? 0, 5), 10)
    let customerWidth = min(max(rows.map { TextWidth.of($0.customer) }.max() ?? 0, 8), 16)
    let doingWidth = room - idWidth - customerWidth - Self.barWidth - Self.statusWidth - 8

    var lines = [style.bold(TextWidth.clip(title(rows, elapsed), room)), ""]
    lines.append(
      style(
        .grey,
        TextWidth.clip(
          [
            TextWidth.fit("ORDER", idWidth), TextWidth.fit("CUSTOMER", customerWidth),
            TextWidth.fit("PROGRESS", Self.barWidth), TextWidth.fit("STATUS", Self.statusWidth), "DOING",
          ].joined(separator: "  "), room)))

    let space = max(height - 1 - lines.count - (notice == nil ? 0 : 1), 0)
    let shown = rows.count <= space ? Array(rows.indices) : choose(rows, max(space - 1, 0))
    for row in shown.map({ rows[$0] }) {
      let cells = [
        TextWidth.fit(row.id, idWidth), TextWidth.fit(row.customer, customerWidth), bar(row),
        style(Style.Colour(row.status), TextWidth.fit(row.statusText, Self.statusWidth)),
      ]
      guard doingWidth > 0 else {
        lines.append(TextWidth.clip(plain(row, idWidth), room))
        continue
      }
      lines.append(cells.joined(separator: "  ") + "  " + TextWidth.clip(row.doing, doingWidth))
    }
    if shown.count < rows.count, space > 0 {
      lines.append(style(.grey, TextWidth.clip(rest(rows, without: Set(shown)), room)))
    }
    if let notice { lines.append(style(.yellow, TextWidth.clip(notice, room))) }
    return Array(lines.prefix(max(height - 1, 0)))
  }

  /// For terminals that are too narrow for the table.
  private func plain(_ row: OrderRow, _ idWidth: Int) -> String {
    TextWidth.fit(row.id, idWidth) + " " + (row.statusText)
  }

  private func title(_ rows: [OrderRow], _ elapsed: Duration) -> String {
    let done = rows.filter(\.isDone).count
    let active = rows.filter(\.isActive).count
    return "Checkout of \(rows.count) orders: \(active) under way, \(done) done, \(seconds(elapsed))"
  }

  /// Active ones first, then those that went wrong, then what ended well, then what is to come.
  private func choose(_ rows: [OrderRow], _ space: Int) -> [Int] {
    func rank(_ row: OrderRow) -> Int {
      if row.isActive { return 0 }
      if !row.isDone { return 3 }
      return row.status == .completed ? 2 : 1
    }
    return rows.indices.sorted { (rank(rows[$0]), $0) < (rank(rows[$1]), $1) }.prefix(space).sorted()
  }

  private func rest(_ rows: [OrderRow], without shown: Set<Int>) -> String {
    let hidden = rows.indices.filter { !shown.contains($0) }.map { rows[$0] }
    var counts = SagaStatus.allCases.compactMap { status -> String? in
      let count = hidden.filter { $0.status == status }.count
      return count > 0 ? "\(count) \(status.rawValue)" : nil
    }
    let expected = hidden.filter { $0.status == nil && !$0.isDone }.count
    if expected > 0 { counts.append("\(expected) to come") }
    return "… and \(hidden.count) more: \(counts.joined(separator: ", "))"
  }

  private func bar(_ row: OrderRow) -> String {
    let full = Int((min(max(row.progress, 0), 1) * Double(Self.barWidth)).rounded(.down))
    return style(Style.Colour(row.status), String(repeating: "█", count: full))
      + style(.grey, String(repeating: "░", count: Self.barWidth - full))
  }
}
