/// The saga took longer than its own time limit, counted from its admission.
public struct SagaTimedOut: Error, Hashable, Sendable, Codable {
  /// The limit that passed.
  public let timeout: Duration
}

extension SagaTimedOut: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String { "the saga took longer than \(timeout)" }
}
