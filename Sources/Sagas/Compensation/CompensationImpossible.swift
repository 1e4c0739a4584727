/// Thrown by an undo that can never succeed: a mail that was read cannot be unsent.
///
/// It is not retried; the step is listed as unresolved, and the saga goes on with its other undoes.
public struct CompensationImpossible: Error, Hashable, Sendable, Codable {
  /// Why it cannot be undone.
  public let reason: String

  /// An undo that declares itself impossible.
  public init(_ reason: String) { self.reason = reason }
}
