/// At which places of the event board a saga waits, and for which of its nodes: a word each, the first inline, so that
/// leaving needs no key, and a saga with one wait no memory.
struct Listening: Sendable {
  /// 48 bits of place, 16 of node; no wait is the root's, so 0 is none.
  private var first: UInt64 = 0
  private var rest: [UInt64] = []

  var isEmpty: Bool { first == 0 }

  mutating func add(_ place: UInt64, _ node: NodeID) {
    let word = place << 16 | UInt64(node.index)
    if first == 0 { first = word } else { rest.append(word) }
  }

  /// Takes out all of a node; the places it waited at.
  mutating func remove(_ node: NodeID) -> SmallList<UInt64> {
    removeAll { $0 & 0xFFFF == UInt64(node.index) }
  }

  /// Takes out everything.
  mutating func removeAll() -> SmallList<UInt64> { removeAll { _ in true } }

  private mutating func removeAll(where isGone: (UInt64) -> Bool) -> SmallList<UInt64> {
    var places = SmallList<UInt64>()
    guard first != 0 else { return places }
    if rest.isEmpty {
      guard isGone(first) else { return places }
      places.append(first >> 16)
      first = 0
      return places
    }
    let words = [first] + rest
    for word in words where isGone(word) { places.append(word >> 16) }
    let left = words.filter { !isGone($0) }
    first = left.first ?? 0
    rest = left.isEmpty ? [] : Array(left.dropFirst())
    return places
  }

  /// The nodes that wait, each once.
  var nodes: SmallList<NodeID> {
    var nodes = SmallList<NodeID>()
    guard first != 0 else { return nodes }
    nodes.append(NodeID(Int(first & 0xFFFF)))
    for word in rest {
      let node = NodeID(Int(word & 0xFFFF))
      if !nodes.contains(node) { nodes.append(node) }
    }
    return nodes
  }
}
