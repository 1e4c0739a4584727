/// A value of a saga's (its input, its output, the result of a step) whose type the library does not name.
///
/// Ask for it by type, or look at it as JSON. Its description leaves the value out.
public struct JournaledValue: Sendable {
  private enum Storage: Sendable {
    case live(any Sendable, ValueCoding)
    case encoded([UInt8], typeName: String, any Codec)
    case redacted(typeName: String)
  }

  private let storage: Storage

  init(_ value: any Sendable, coding: ValueCoding) { storage = .live(value, coding) }

  /// Stands for a value that is not kept.
  init(redacted coding: ValueCoding) { storage = .redacted(typeName: coding.typeName) }

  init(bytes: [UInt8], typeName: String, codec: any Codec) {
    storage = .encoded(bytes, typeName: typeName, codec)
  }

  /// The name of the value's type, with its module.
  public var typeName: String {
    switch storage {
    case .live(_, let coding): coding.typeName
    case .encoded(_, let typeName, _), .redacted(let typeName): typeName
    }
  }

  /// Whether the value has left with the end of its saga; see ``Step/redacted()``.
  public var isRedacted: Bool {
    if case .redacted = storage { true } else { false }
  }

  /// The value, `nil` when it is of another type or cannot be decoded as this one, or is redacted.
  public func value<Value: Decodable>(as type: Value.Type) -> Value? {
    switch storage {
    case .live(let value, _): value as? Value
    case .encoded(let bytes, _, let codec): try? codec.decode(type, from: bytes)
    case .redacted: nil
    }
  }

  /// The value as JSON text.
  ///
  /// Throws what the value's own encoding throws, and ``SagaError`` `redacted`.
  public func json() throws -> String {
    switch storage {
    case .live(let value, let coding):
      String(decoding: try coding.encode(value, JSONCodec()), as: UTF8.self)
    case .encoded(let bytes, _, _):
      String(decoding: bytes, as: UTF8.self)
    case .redacted:
      throw SagaError.redacted()
    }
  }
}

extension JournaledValue: CustomStringConvertible {
  /// The type alone: the value is the user's.
  public var description: String { "JournaledValue(\(typeName))" }
}
