/// Fails the saga on purpose when it is reached; what was done before is undone.
///
/// ```swift
/// When("rejected?", { try !$0.decision.approved }) {
///   Fail("rejected") { ApprovalRejected(by: try $0.decision.by) }
/// }
/// ```
public struct Fail<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// Fails the saga when it is reached.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - error: the failure. Asked once and recorded; if it throws, what it throws is the failure.
  public init(_ name: String, _ error: @escaping @Sendable (Context<State>) throws -> any Error) {
    node = Node(.fail(name: name) { box, run in try error(Context(erased: box, run: run)) })
  }

  /// Not available: what it fails with must be an error.
  @available(
    *, unavailable, message: "what a Fail fails with must be an Error: Fail(\"rejected\") { _ in Rejected() }"
  )
  public init<Value>(_ name: String, _ value: @escaping @Sendable (Context<State>) throws -> Value) {
    node = Node(.sequential([]))
  }
}
