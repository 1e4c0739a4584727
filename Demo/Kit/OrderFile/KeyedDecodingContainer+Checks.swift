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
}
