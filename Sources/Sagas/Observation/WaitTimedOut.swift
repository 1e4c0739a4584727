/// A ``WaitForEvent`` took longer than its `.timeout`: no event came in time.
public struct WaitTimedOut: Error, Hashable, Sendable, Codable {
  /// The name of the wait.
  public let step: String
  /// The limit that passed.
  public let timeout: Duration
}

extension WaitTimedOut: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String { "no event came to '\(step)' within \(timeout)" }
}
