extension Decoder {
  /// Refuses an object with fields that nobody will read: most likely one is misspelt.
  func refuseUnknownFields<Keys: CodingKey & CaseIterable>(_ keys: Keys.Type) throws {
    let known = Keys.allCases.map(\.stringValue)
    let container = try container(keyedBy: AnyField.self)
    let unknown = container.allKeys.filter { !known.contains($0.stringValue) }
    guard let first = unknown.min(by: { $0.stringValue < $1.stringValue }) else { return }
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: codingPath + [first],
        debugDescription: "there is no such field; known are \(known.joined(separator: ", "))"))
  }
}
