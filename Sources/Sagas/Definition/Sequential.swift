/// Parts that run one after the other: what a body is, too.
///
/// Needed by name where several parts should count as one, as in a branch of a ``Parallel``:
///
/// ```swift
/// Parallel("prepare") {
///   Sequential {
///     Step("pick", \.picked) { try await store.pick($0.cart) }
///     Step("pack", \.parcel) { try await store.pack($0.picked) }
///   }
///   Step("invoice", \.invoice) { try await office.invoice($0.cart) }
/// }
/// ```
public struct Sequential<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// Parts that run one after the other; without any, it is left out of the plan.
  public init(@FlowBuilder<State> _ body: () -> Sequential<State>) {
    self = body()
  }

  init(_ pieces: [Node<State>]) {
    self.init(tree: .sequential(pieces.map(\.tree)))
  }

  init(tree: NodeTree) { node = Node(tree) }
}
