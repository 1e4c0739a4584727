/// What stands in a line of ``Books``.
protocol BookEntry: Sendable {
  /// What the name of the file ends with: `payments` for `shop.db-payments`.
  static var book: String { get }
  /// How it is written, without the end of the line.
  var line: String { get }
  init?(line: String)
}
