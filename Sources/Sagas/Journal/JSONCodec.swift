#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The default codec: JSON with sorted keys, so that equal values give equal bytes.
public struct JSONCodec: Codec {
  /// A codec without settings.
  public init() {}

  /// Encodes a value as JSON; throws what its own encoding throws.
  public func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(value))
  }

  /// Decodes JSON; throws `DecodingError` where the bytes are not such a value.
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}
