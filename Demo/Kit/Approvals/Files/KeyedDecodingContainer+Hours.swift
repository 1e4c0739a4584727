extension KeyedDecodingContainer {
  /// A time in hours since the beginning.
  func hours(forKey key: Key) throws -> Duration {
    let hours = try decode(Double.self, forKey: key)
    guard (0...1_000).contains(hours) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "is \(hours), must be from 0 to 1000 hours")
    }
    return .milliseconds(Int64((hours * 3_600_000).rounded()))
  }

  /// One of some words; `nil` where there is none.
  func word(forKey key: Key, among words: [String]) throws -> String? {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
    guard words.contains(word) else {
      let expected = words.map { "\"\($0)\"" }.joined(separator: " or ")
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "expected \(expected), found \"\(word)\"")
    }
    return word
  }
}
