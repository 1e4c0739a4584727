/// A value of a saga's scratch: as it was set, or as the journal brought it back.
@usableFromInline
enum ScratchValue: Sendable {
  case live(any Codable & Sendable)
  case encoded([UInt8], any Codec)

  func value<Value: Codable>(as type: Value.Type) -> Value? {
    switch self {
    case .live(let value): value as? Value
    case .encoded(let bytes, let codec): try? codec.decode(type, from: bytes)
    }
  }

  /// The value as bytes; throws what its own encoding throws.
  func encoded(by codec: any Codec) throws -> [UInt8] {
    switch self {
    case .live(let value): try codec.encode(value)
    case .encoded(let bytes, _): bytes
    }
  }
}
