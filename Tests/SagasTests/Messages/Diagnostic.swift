/// One error or warning of the compiler, or one that a test expects of it.
struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
  enum Severity: String, Sendable {
    case error
    case warning
  }

  let file: String
  let line: Int
  let severity: Severity
  let text: String

  var description: String { "\(file):\(line): \(severity): \(text)" }

  /// Whether it is what was expected: the same place, and at least that text.
  func meets(_ expected: Diagnostic) -> Bool {
    file == expected.file && line == expected.line && severity == expected.severity
      && text.contains(expected.text)
  }
}

extension Diagnostic {
  /// Reads `folder/file.swift:12:34: error: text`; `nil` for any other line, notes included.
  init?(parsing line: Substring) {
    let parts = line.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].hasSuffix(".swift"), let number = Int(parts[1]), Int(parts[2]) != nil,
      let severity = Severity(rawValue: parts[3].trimmingPrefix(" ").description)
    else { return nil }
    self.init(
      file: parts[0].split(separator: "/").last.map(String.init) ?? "", line: number, severity: severity,
      text: parts[4].trimmingPrefix(" ").description)
  }

  /// Reads the comments `// error: text` and `// warning: text` of a source; a line may have several.
  static func expected(in source: String, of file: String) -> [Diagnostic] {
    source.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      line.split(separator: "  // ").dropFirst().compactMap { comment -> Diagnostic? in
        let parts = comment.split(separator: ": ", maxSplits: 1)
        guard parts.count == 2, let severity = Severity(rawValue: String(parts[0])) else { return nil }
        return Diagnostic(file: file, line: index + 1, severity: severity, text: String(parts[1]))
      }
    }
  }
}
