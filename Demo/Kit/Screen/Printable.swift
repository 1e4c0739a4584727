/// A text without what would do something to a terminal: control codes, line breaks, changes of direction.
func printable(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: result.append("\u{FFFD}")
    case .format where scalar != "\u{200D}": result.append("\u{FFFD}")
    default: result.append(scalar)
    }
  }
  return String(result)
}
