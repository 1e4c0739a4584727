/// A ``Part`` with a prefix before all its names, so that it can stand in a body more than once.
///
/// Made by ``Part/named(_:)``.
public struct NamedPart<State: Codable & Sendable>: Part {
  /// The steps of the part, under their longer names.
  public let body: Node<State>

  init(_ part: Node<State>, prefix: String) {
    body = Node(prefix.allSatisfy(\.isWhitespace) ? part.tree : part.tree.prefixed(prefix))
  }
}
