/// Colours, where they are wanted.
struct Style: Sendable {
  /// Which colour.
  enum Colour: Int, Sendable {
    case red = 31, green, yellow, blue, magenta, cyan
    case grey = 90
  }

  let isColoured: Bool

  func callAsFunction(_ colour: Colour, _ text: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  func bold(_ text: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }
}
