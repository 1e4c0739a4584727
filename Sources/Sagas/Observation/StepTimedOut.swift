/// An attempt of a step, or of its undo, took longer than its `.timeout`.
public struct StepTimedOut: Error, Hashable, Sendable, Codable {
  /// The name of the step.
  public let step: String
  /// The number of the attempt, counted from 1.
  public let attempt: Int
  /// The limit that passed.
  public let timeout: Duration
}

extension StepTimedOut: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String { "step '\(step)', attempt \(attempt), took longer than \(timeout)" }
}
