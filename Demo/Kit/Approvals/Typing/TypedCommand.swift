/// What somebody types to decide.
enum TypedCommand: Hashable, Sendable {
  case approve(String)
  case reject(String, because: String)
  /// Shows what waits.
  case list
  case help
  case quit

  static let explanation = """
    approve E-1003                  says yes
    reject E-1004 because no bill   says no, and why
    list                            shows what waits for a decision; so does an empty line
    help                            shows this
    quit                            undoes what is not decided, and ends
    """

  /// Reads a line.
  ///
  /// Throws ``UsageError`` with what to type instead.
  init(_ line: String) throws(UsageError) {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let typed = words.first else {
      self = .list
      return
    }
    let verb = typed.lowercased()
    let isDecision = ["approve", "reject"].contains(verb)
    guard words.count == 1 || isDecision else {
      throw UsageError("'\(printable(typed))' stands alone, or is none of approve, reject, list, help, quit")
    }
    switch verb {
    case "approve":
      guard words.count == 2 else { throw UsageError("approve needs a report: approve E-1003") }
      self = .approve(words[1])
    case "reject":
      guard words.count > 3, words[2].lowercased() == "because" else {
        throw UsageError("reject needs a report and a reason: reject E-1004 because the bill is missing")
      }
      self = .reject(words[1], because: printable(words[3...].joined(separator: " ")))
    case "list": self = .list
    case "help", "?": self = .help
    case "quit", "exit": self = .quit
    default: throw UsageError("unknown '\(printable(typed))': type approve, reject, list, help or quit")
    }
  }
}
