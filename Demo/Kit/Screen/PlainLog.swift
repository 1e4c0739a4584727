/// Draws orders where there is no terminal: one line for each change of a status.
enum PlainLog {
  /// `A-1003  compensating  undo reserve inventory`, say.
  static func line(_ row: OrderRow) -> String {
    let id = TextWidth.pad(row.id, 6)
    return row.doing.isEmpty
      ? "\(id)  \(row.statusText)" : "\(id)  \(TextWidth.pad(row.statusText, 12))  \(row.doing)"
  }
}
