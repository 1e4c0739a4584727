/// A decision at run time: one branch if a condition holds, else another or none.
///
/// ```swift
/// When("large order?", { $0.cart.total > 1_000 }) {
///   Step("ask the manager", \.approval) { try await desk.ask($0.cart) }
/// } otherwise: {
///   Step("wave through") { _ in try await desk.note() }
/// }
/// ```
///
/// The condition is evaluated once, when the saga gets there, and the decision is recorded: it is not asked
/// again after a crash. The steps of a branch not taken are reported as skipped.
public struct When<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// A decision between two branches.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - condition: must not take long, as the saga stands still meanwhile. If it throws, the saga fails
  ///     here.
  ///   - then: what runs if the condition holds.
  ///   - otherwise: what runs if it does not; nothing, unless given.
  public init(
    _ name: String,
    _ condition: @escaping @Sendable (Context<State>) throws -> Bool,
    @FlowBuilder<State> then: () -> Sequential<State>,
    @FlowBuilder<State> otherwise: () -> Sequential<State> = { FlowBuilder<State>.buildBlock() }
  ) {
    node = Node(
      .choice(
        ChoiceTree(
          name: name,
          branches: [
            .init(label: "yes", tree: then().node.tree),
            .init(label: "no", tree: otherwise().node.tree),
          ],
          choose: { box, run in try condition(Context(erased: box, run: run)) ? 0 : 1 })))
  }
}

extension When {
  /// Not available: a decision needs a name.
  @available(
    *, unavailable,
    message: """
      a decision needs a stable name, it is its identity in the journal: When("large?", { ... }) { ... }
      """
  )
  public init(
    _ condition: @escaping @Sendable (Context<State>) throws -> Bool,
    @FlowBuilder<State> then: () -> Sequential<State>,
    @FlowBuilder<State> otherwise: () -> Sequential<State> = { FlowBuilder<State>.buildBlock() }
  ) {
    self.init("", condition, then: then, otherwise: otherwise)
  }

  /// Not available: the other branch is called `otherwise`.
  @available(
    *, unavailable, message: "the other branch is called otherwise: When(...) { ... } otherwise: { ... }"
  )
  public init(
    _ name: String,
    _ condition: @escaping @Sendable (Context<State>) throws -> Bool,
    @FlowBuilder<State> then: () -> Sequential<State>,
    @FlowBuilder<State> else otherwise: () -> Sequential<State>
  ) {
    self.init(name, condition, then: then, otherwise: otherwise)
  }
}
