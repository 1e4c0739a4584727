/// The place of a node in its plan: its number in pre-order, so that a node's first child is the next number.
struct NodeID: Hashable, Comparable, Sendable {
  let index: UInt16

  init(_ index: Int) { self.index = UInt16(index) }

  /// The root of every plan, a sequence.
  static let root = NodeID(0)

  static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

extension NodeID: CustomStringConvertible {
  var description: String { "#\(index)" }
}
