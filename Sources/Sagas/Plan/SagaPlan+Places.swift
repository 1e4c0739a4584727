extension SagaPlan {
  /// Where a node stands when a saga goes on from another one.
  enum Place: Hashable, Sendable {
    /// It comes before, in a sequence that both are in.
    case before
    /// Side by side in a group, or in another branch of a choice.
    case beside
    /// The other one is in it.
    case around
    /// It is the other one, is in it, or comes behind it.
    case behind
  }

  /// Where `node` stands when a saga goes on from `target`.
  func place(of node: NodeID, from target: NodeID) -> Place {
    if contains(node, in: target) { return .behind }
    if contains(target, in: node) { return .around }
    var child = node
    while let parent = self[child].parent {
      if contains(target, in: parent) {
        guard self[parent].kind == .sequential else { return .beside }
        return child < target ? .before : .behind
      }
      child = parent
    }
    return .beside
  }

  /// The child of `scope` that `node` is, or is in.
  func branch(of scope: NodeID, towards node: NodeID) -> NodeID? {
    children(of: scope).first { contains(node, in: $0) }
  }

  private func contains(_ node: NodeID, in scope: NodeID) -> Bool { scope <= node && node < self[scope].end }
}
