/// One branch of a ``Switch``.
public struct Case<State: Sendable, Value: Equatable & Sendable>: Sendable {
  let values: [Value]
  let content: Sequential<State>

  /// A branch, and the values for which it is taken.
  public init(_ values: Value..., @FlowBuilder<State> body: () -> Sequential<State>) {
    self.values = values
    self.content = body()
  }

  var label: String { values.map { String(describing: $0) }.joined(separator: ", ") }
}
