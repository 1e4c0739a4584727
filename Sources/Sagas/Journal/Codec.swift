/// Turns the values of a saga (input, results, errors) into bytes for a store, and back.
///
/// Called off the store's thread, possibly by many sagas at once. What one version of an application has written,
/// later ones must be able to read.
public protocol Codec: Sendable {
  /// Encodes a value; throws what the value's own encoding throws.
  func encode(_ value: some Encodable) throws -> [UInt8]
  /// Decodes a value; throws `DecodingError` where the bytes are not such a value.
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}
