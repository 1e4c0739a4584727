/// Branches that run side by side, and are joined when all of them have settled.
///
/// Each part of the body is a branch. A branch sees what was written before the group and what it has written
/// itself, never what a sibling writes; the join brings the results together. Two branches that write one
/// slot are refused at registration.
///
/// When one branch fails, the others are asked to stop and are waited for before anything is undone.
///
/// ```swift
/// Parallel("fulfilment") {
///   Step("charge payment", \.receipt) { try await payments.charge($0.cart, key: $0.run.idempotencyKey) }
///   Step("reserve inventory", \.reservation) { try await inventory.reserve($0.cart) }
/// }
/// ```
public struct Parallel<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// Branches that run side by side; without any, it is left out of the plan.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - branches: one part per branch.
  public init(_ name: String, @FlowBuilder<State> branches: () -> Sequential<State>) {
    let tree = branches().node.tree
    if case .sequential(let pieces) = tree {
      node = Node(.parallel(name: name, branches: pieces))
    } else {
      node = Node(.parallel(name: name, branches: [tree]))
    }
  }
}

extension Parallel {
  /// Not available: a group needs a name.
  @available(
    *, unavailable,
    message: """
      a group needs a stable name, it is its identity in the journal: Parallel("fulfilment") { ... }
      """
  )
  public init(@FlowBuilder<State> branches: () -> Sequential<State>) {
    self.init("", branches: branches)
  }
}
