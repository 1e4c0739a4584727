/// Anything that can stand in the body of a saga: steps, groups, choices, parts.
///
/// Write `some Flow<State>` as the type of a body. For a piece of your own, conform to ``Part``.
public protocol Flow<State>: Sendable {
  /// The `State` of the saga it can stand in.
  associatedtype State: Sendable

  /// What it adds to the plan of the saga.
  var node: Node<State> { get }
}
