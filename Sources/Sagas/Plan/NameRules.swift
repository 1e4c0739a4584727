/// What names of sagas, steps and groups, and the ids of sagas, may look like.
///
/// The journal makes keys and paths of them, so what separates their parts is kept out.
enum NameRules {
  /// What is wrong with a name, with what would be right; `nil` when nothing is.
  static func problem(in name: String) -> String? {
    if name.utf8.allSatisfy(isPlain), !name.isEmpty { return nil }
    if name.allSatisfy(\.isWhitespace) {
      return "has no name; give it one, it is the identity in the journal"
    }
    let refused = name.unicodeScalars.filter(isRefused)
    guard !refused.isEmpty else { return nil }
    var seen: [String] = []
    for character in refused.map(described) where !seen.contains(character) { seen.append(character) }
    return "has \(seen.joined(separator: " ")) in its name; leave out / [ ] # ~ and control characters"
  }

  /// A text in which nobody can object to anything, another one for each text.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar != "%", !isRefused(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "%\(String(scalar.value, radix: 16, uppercase: true))%"
      }
    }
    return result
  }

  /// Whether nobody can object to this byte, nor to a name made of such: it is visible ASCII, and not refused.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "#"), UInt8(ascii: "~"): false
    default: byte > 0x20 && byte < 0x7F
    }
  }

  private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "/", "[", "]", "#", "~": true
    default:
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
  }

  private static func described(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "/", "[", "]", "#", "~": String(scalar)
    default: "U+" + String(scalar.value, radix: 16, uppercase: true)
    }
  }
}
