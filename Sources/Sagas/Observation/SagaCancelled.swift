/// The saga was cancelled.
public struct SagaCancelled: Error, Hashable, Sendable, Codable {
  /// The error of a cancel.
  public init() {}
}

extension SagaCancelled: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String { "the saga was cancelled" }
}
