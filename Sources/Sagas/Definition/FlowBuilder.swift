/// Makes a body out of the parts written in it, one after the other.
///
/// A body is a fixed plan, known before anything runs. `if`, `switch` and `for` in a body would make it
/// depend on where it is read, and are refused at compile time; decisions at run time are ``When`` and
/// ``Switch``.
@resultBuilder
public enum FlowBuilder<State: Sendable> {
  /// One part of a body.
  public static func buildExpression<Piece: Flow<State>>(_ piece: Piece) -> Node<State> { piece.node }

  /// The parts of a body, one after the other.
  public static func buildBlock(_ pieces: Node<State>...) -> Sequential<State> { Sequential(pieces) }

  /// Not available: a body is a fixed plan, without `if`.
  @available(
    *, unavailable,
    message: """
      a saga body is a fixed plan: for a decision at run time use \
      When("name", { context in ... }) { ... } otherwise: { ... } \
      or Switch("name", on: \\.slot) { Case(...) { ... } }
      """
  )
  public static func buildOptional(_ piece: Sequential<State>?) -> Node<State> {
    Node(.sequential(piece.map { [$0.node.tree] } ?? []))
  }

  /// Not available: a body is a fixed plan, without `if`.
  @available(
    *, unavailable,
    message: """
      a saga body is a fixed plan: for a decision at run time use \
      When("name", { context in ... }) { ... } otherwise: { ... } \
      or Switch("name", on: \\.slot) { Case(...) { ... } }
      """
  )
  public static func buildEither(first piece: Sequential<State>) -> Node<State> { piece.node }

  /// Not available: a body is a fixed plan, without `if`.
  @available(
    *, unavailable,
    message: """
      a saga body is a fixed plan: for a decision at run time use \
      When("name", { context in ... }) { ... } otherwise: { ... } \
      or Switch("name", on: \\.slot) { Case(...) { ... } }
      """
  )
  public static func buildEither(second piece: Sequential<State>) -> Node<State> { piece.node }

  /// Not available: a body is a fixed plan, without `for`.
  @available(
    *, unavailable,
    message: "a saga body is a fixed plan: loop inside the action of a step, or start a saga per element"
  )
  public static func buildArray(_ pieces: [Sequential<State>]) -> Node<State> {
    Node(.sequential(pieces.map { $0.node.tree }))
  }
}
