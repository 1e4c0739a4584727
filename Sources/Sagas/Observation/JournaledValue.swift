/// A value of a saga's (its input, its output, the result of a step) whose type the library does not name.
///
/// Ask for it by type, or look at it as JSON. Its description leaves the value out.
public struct JournaledValue: Sendable {
  private enum Storage: Sendable {
    case live(any Sendable, ValueCoding)
    case encoded([UInt8], typeName: String, any Codec)
  }

  private let storage: Storage

  init(_ value: any Sendable, coding: ValueCoding) { storage = .live(value, coding) }

  init(bytes: [UInt8], typeName: String, codec: any Codec) {
    storage = .encoded(bytes, typeName: typeName, codec)
  }

  /// The name of the value's type, with its module.
  public var typeName: String {
    switch storage {
    case .live(_, let coding): coding.typeName
    case .encoded(_, let typeName, _): typeName
    }
  }

  /// The value, `nil` when it is of another type or cannot be decoded as this one.
  public func value<Value: Decodable>(as type: Value.Type) -> Value? {
    switch storage {
    case .live(let value, _): value as? Value
    case .encoded(let bytes, _, let codec): try? codec.decode(type, from: bytes)
    }
  }

  /// The value as JSON text.
  ///
  /// Throws what the value's own encoding throws.
  public func json() throws -> String {
    switch storage {
    case .live(let value, let coding):
      String(decoding: try coding.encode(value, JSONCodec()), as: UTF8.self)
    case .encoded(let bytes, _, _):
      String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension JournaledValue: CustomStringConvertible {
  /// The type alone: the value is the user's.
  public var description: String { "JournaledValue(\(typeName))" }
}
