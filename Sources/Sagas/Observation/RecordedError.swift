/// An error as the journal keeps it: what comes back, after a restart, of an error whose type is not named anywhere.
public struct RecordedError: Error, Sendable, Hashable, Codable {
  /// The name of the error's type, with its module.
  public let type: String
  /// The error's own description.
  public let message: String
  /// The error itself, where it is `Codable`; as JSON.
  let payload: [UInt8]?

  init(type: String, message: String, payload: [UInt8]?) {
    self.type = type
    self.message = message
    self.payload = payload
  }

  init(_ error: any Error) {
    if let recorded = error as? RecordedError {
      self = recorded
      return
    }
    type = Self.name(of: Swift.type(of: error))
    message = String(describing: error)
    payload = (error as? any Encodable).flatMap { try? JSONCodec().encode($0) }
  }

  /// The error as it was, when it was of this type and could be encoded.
  func restored<E: Error>(as type: E.Type) -> E? {
    guard self.type == Self.name(of: type), let payload, let decodable = type as? any Decodable.Type
    else { return nil }
    return try? JSONCodec().decode(decodable, from: payload) as? E
  }

  /// Whether an error says that a task was cancelled, before a crash or behind one.
  static func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError
      || (error as? RecordedError)?.type == String(reflecting: CancellationError.self)
  }

  /// The name of a type with its module, the same in each process: of a private or local type, what it is declared in
  /// is named by an address, which is left out.
  static func name(of type: Any.Type) -> String {
    var name = String(reflecting: type)
    while let start = name.firstRange(of: "(unknown context at "),
      let end = name[start.upperBound...].firstRange(of: ").")
    {
      name.removeSubrange(start.lowerBound..<end.upperBound)
    }
    return name
  }
}

extension RecordedError: CustomStringConvertible {
  /// The type alone: the message may hold values of the user's.
  public var description: String { "RecordedError(\(type))" }
}

/// What an error is, without its values. The library's own errors say more: they hold no values.
func describeType(of error: any Error) -> String {
  switch error {
  case let error as SagaError: error.description
  case let error as StepTimedOut: error.description
  case let error as SagaCancelled: error.description
  case let error as SagaTimedOut: error.description
  case let error as WaitTimedOut: error.description
  case let error as RecordedError: error.type
  default: RecordedError.name(of: type(of: error))
  }
}
