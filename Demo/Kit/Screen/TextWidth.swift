/// How many columns text takes on a terminal.
enum TextWidth {
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

  private static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    let isWide =
      first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}")
      || wide.contains { $0.contains(first.value) }
    return isWide ? 2 : 1
  }

  /// The text in exactly so many columns: padded with spaces, or cut with an ellipsis.
  static func fit(_ text: String, _ columns: Int) -> String {
    pad(clip(text, columns), columns)
  }

  /// The text in so many columns at least: padded with spaces.
  static func pad(_ text: String, _ columns: Int) -> String {
    text + String(repeating: " ", count: max(columns - of(text), 0))
  }

  /// The text in so many columns at most: cut with an ellipsis when it is longer.
  static func clip(_ text: String, _ columns: Int) -> String {
    guard columns > 0 else { return "" }
    guard of(text) > columns else { return text }
    var taken = 0
    let head = text.prefix { character in
      taken += of(character)
      return taken <= columns - 1
    }
    return head + "…"
  }
}
