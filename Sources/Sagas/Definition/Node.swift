/// What one part of a body adds to the plan of its saga.
///
/// Opaque; made by the parts of the library. The type argument keeps parts of different sagas apart.
public struct Node<State: Sendable>: Flow {
  let tree: NodeTree

  init(_ tree: NodeTree) { self.tree = tree }

  /// What it adds to the plan of the saga.
  public var node: Node<State> { self }
}
