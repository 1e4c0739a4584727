/// A step of which something may stand in the world that the saga did not undo.
public struct Unresolved: Sendable {
  /// Why it is on the list.
  public enum Reason: String, Sendable, Hashable, Codable {
    /// Nobody knows whether it took effect, and it declares no undo for that case (or failed tolerated).
    case unknownEffect
    /// Its undo failed for good.
    case undoFailed
    /// Its undo said that it cannot be done.
    case undoImpossible
    /// It was done, and the saga ended without undoing it: it was stopped, or given up.
    case notUndone
    /// Somebody decided that it needs no undo.
    case skipped
    /// Its result came after its undo had begun or the saga had ended.
    case lateResult
  }

  /// The name of the step.
  public let step: String
  /// What the step failed with, or what its undo failed with.
  public let error: any Error
  /// Why it is on the list.
  public let reason: Reason
}

extension Unresolved: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String { "\(step) (\(reason.rawValue)): \(describeType(of: error))" }
}
