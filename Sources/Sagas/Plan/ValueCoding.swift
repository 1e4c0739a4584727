/// Turns a result whose type the engine does not know into bytes and back.
struct ValueCoding: Sendable {
  /// The type's name, with its module. Of a type that is private or local it is another one in each process.
  let typeName: String
  /// The type's name alone: part of a plan's fingerprint.
  let shortName: String
  let encode: @Sendable (any Sendable, any Codec) throws -> [UInt8]
  let decode: @Sendable ([UInt8], any Codec) throws -> any Sendable
}

extension ValueCoding {
  init<Value: Codable & Sendable>(_ type: Value.Type) {
    self.init(
      typeName: String(reflecting: type), shortName: String(describing: type),
      encode: { value, codec in
        guard let value = value as? Value else {
          throw EncodingError.invalidValue(
            value, .init(codingPath: [], debugDescription: "not a \(Value.self)"))
        }
        return try codec.encode(value)
      },
      decode: { bytes, codec in try codec.decode(Value.self, from: bytes) })
  }
}

extension ValueCoding {
  /// For steps without a result.
  static let nothing = ValueCoding(
    typeName: "Void", shortName: "Void",
    encode: { _, codec in try codec.encode(Done()) },
    decode: { bytes, codec in _ = try codec.decode(Done.self, from: bytes) })
}
