extension KeyedDecodingContainer {
  /// Text that can be shown to a person on one line.
  func text(forKey key: Key) throws -> String {
    let text = try decode(String.self, forKey: key)
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "is empty")
    }
    guard text == printable(text) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "holds a character that cannot be printed on one line")
    }
    return text
  }

  /// A whole number within limits.
  func number(forKey key: Key, in range: ClosedRange<Int>) throws -> Int {
    let number = try decode(Int.self, forKey: key)
    guard range.contains(number) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: "is \(number), must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Text that a saga can have as its id.
  func id(forKey key: Key) throws -> String {
    let id = try text(forKey: key)
    if let character = id.first(where: { "/[]#~".contains($0) || $0.isWhitespace }) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "\"\(character)\" is not allowed in an id")
    }
    return id
  }
}
