/// What a cancel now would undo, and in which order.
///
/// A look ahead: strategies and order are evaluated for the occasion, nothing is recorded, and what is in flight may
/// still change it.
public struct UnwindPlan: Sendable, Hashable {
  /// Steps that would be undone at once, side by side, in the order of the definition.
  public let atOnce: [String]
  /// The others: the steps of a wave side by side, one wave after another.
  public let waves: [[String]]
  /// Steps whose strategy says that they stay as they are, in the order of the definition.
  public let kept: [String]
  /// Steps in flight, which would be asked to stop first; what becomes of them decides about their undo.
  public let inFlight: [String]
  /// Steps with an unknown effect and no undo for it, in the order of the definition.
  public let unresolved: [String]
  /// The definition's diagram with the order of undoing in it.
  public let mermaid: String
}
