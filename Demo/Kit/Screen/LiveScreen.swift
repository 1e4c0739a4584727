/// Redraws lines in place.
///
/// Hides the cursor from the first frame until ``end()``.
struct LiveScreen {
  private let terminal: Terminal
  private var drawn = 0
  private var isCursorHidden = false

  init(_ terminal: Terminal) { self.terminal = terminal }

  /// Replaces the last frame.
  mutating func draw(_ lines: [String]) {
    terminal.write(Self.bytes(of: lines, over: drawn, hidingCursor: !isCursorHidden))
    drawn = lines.count
    isCursorHidden = true
  }

  /// Leaves the last frame where it is and gives the cursor back.
  mutating func end() {
    guard isCursorHidden else { return }
    terminal.write("\u{1B}[?25h")
    isCursorHidden = false
  }

  /// One frame drawn over another one of so many lines.
  static func bytes(of lines: [String], over previous: Int, hidingCursor: Bool) -> String {
    var text = hidingCursor ? "\u{1B}[?25l" : ""
    if previous > 0 { text += "\u{1B}[\(previous)A" }
    text += "\r"
    for line in lines { text += line + "\u{1B}[K\n" }
    return text + "\u{1B}[J"
  }
}
