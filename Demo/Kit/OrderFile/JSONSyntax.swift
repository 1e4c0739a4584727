/// Checks that a text is JSON.
///
/// Foundation does so too, but does not say where the mistake is.
struct JSONSyntax {
  private static let deepest = 100

  private let bytes: [UInt8]
  private var place = 0

  /// The first mistake in a text, `nil` when it is JSON.
  static func firstFault(in bytes: [UInt8]) -> JSONFault? {
    var syntax = JSONSyntax(bytes: bytes)
    do {
      try syntax.document()
      return nil
    } catch {
      return error
    }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func fault(_ problem: String, at offset: Int? = nil) -> JSONFault {
    let before = bytes[..<min(offset ?? place, bytes.count)]
    let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return JSONFault(
      line: max(line.count, 1), column: String(decoding: line.last ?? [], as: UTF8.self).count + 1,
      problem: problem)
  }

  private func expected(_ what: String) -> JSONFault {
    guard place < bytes.count else { return fault("expected \(what), found the end of the file") }
    let found = String(decoding: bytes[place...].prefix(16), as: UTF8.self).prefix(1)
    return fault("expected \(what), found '\(printable(String(found)))'")
  }

  private mutating func document() throws(JSONFault) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("is not UTF-8 text", at: 0) }
    skipSpace()
    try value(depth: 0)
    skipSpace()
    if next != nil { throw expected("the end of the file") }
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) {
    guard depth < Self.deepest else { throw fault("is nested too deeply") }
    switch next {
    case UInt8(ascii: "{"): try list("}", depth: depth, isObject: true)
    case UInt8(ascii: "["): try list("]", depth: depth, isObject: false)
    case UInt8(ascii: "\""): try string("a value")
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): try number()
    default: throw expected("a value")
    }
  }

  private mutating func list(_ end: Unicode.Scalar, depth: Int, isObject: Bool) throws(JSONFault) {
    place += 1
    skipSpace()
    if take(end) { return }
    while true {
      if isObject {
        try string("a field name in quotes")
        skipSpace()
        guard take(":") else { throw expected("':'") }
        skipSpace()
      }
      try value(depth: depth + 1)
      skipSpace()
      if take(end) { return }
      guard take(",") else { throw expected("',' or '\(end)'") }
      skipSpace()
    }
  }

  private mutating func string(_ what: String) throws(JSONFault) {
    let start = place
    guard take("\"") else { throw expected(what) }
    while let byte = next {
      if take("\"") { return }
      guard byte >= 0x20 else {
        throw byte == 0x0A
          ? fault("this text has no closing quote", at: start) : expected("text without control codes")
      }
      place += 1
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    throw fault("this text has no closing quote", at: start)
  }

  private mutating func escape() throws(JSONFault) {
    guard let byte = next, "\"\\/bfnrtu".utf8.contains(byte) else { throw expected("an escape such as \\n") }
    place += 1
    guard byte == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else {
        throw expected("four hexadecimal digits")
      }
      place += 1
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONFault) {
    let text = "\(word)"
    guard bytes[place...].starts(with: text.utf8) else { throw expected("\(text)") }
    place += text.utf8.count
  }

  private mutating func number() throws(JSONFault) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
  }

  private mutating func digits() throws(JSONFault) {
    guard let first = next, (0x30...0x39).contains(first) else { throw expected("a digit") }
    while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
  }
}
