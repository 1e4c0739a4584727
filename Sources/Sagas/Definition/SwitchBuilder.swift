/// Gathers the cases of a ``Switch``.
@resultBuilder
public enum SwitchBuilder<State: Sendable, Value: Equatable & Sendable> {
  /// One case.
  public static func buildExpression(_ piece: Case<State, Value>) -> Case<State, Value> { piece }

  /// All cases, in the order in which they are looked at.
  public static func buildBlock(_ pieces: Case<State, Value>...) -> [Case<State, Value>] { pieces }
}
