/// At which places of the event board a saga waits, and for which of its nodes: a word each, the first inline, so that
/// leaving needs no key, and a saga with one wait no memory.
struct Listening: Sendable {
  /// Each word is 48 bits of place and 16 of node.
  private enum Words {
    case none
    case one(UInt64)
    case many([UInt64])
  }

  private var words = Words.none

  private var all: SmallList<UInt64> {
    var all = SmallList<UInt64>()
    switch words {
    case .none: break
    case .one(let word): all.append(word)
    case .many(let words): all.append(contentsOf: words)
    }
    return all
  }

  var isEmpty: Bool { if case .none = words { true } else { false } }

  mutating func add(_ place: UInt64, _ node: NodeID) {
    let word = place << 16 | UInt64(node.index)
    switch words {
    case .none: words = .one(word)
    case .one(let first): words = .many([first, word])
    case .many(let former): words = .many(former + [word])
    }
  }

  /// Takes out all of a node; the places it waited at.
  mutating func remove(_ node: NodeID) -> SmallList<UInt64> {
    removeAll { $0 & 0xFFFF == UInt64(node.index) }
  }

  /// Takes out everything.
  mutating func removeAll() -> SmallList<UInt64> { removeAll { _ in true } }

  private mutating func removeAll(where isGone: (UInt64) -> Bool) -> SmallList<UInt64> {
    var places = SmallList<UInt64>()
    var left: [UInt64] = []
    let all = all
    all.forEach { word in
      if isGone(word) { places.append(word >> 16) } else { left.append(word) }
    }
    guard !places.isEmpty else { return places }
    words = left.count > 1 ? .many(left) : left.first.map { .one($0) } ?? .none
    return places
  }

  /// The nodes that wait, each once.
  var nodes: SmallList<NodeID> {
    var nodes = SmallList<NodeID>()
    all.forEach { word in
      let node = NodeID(Int(word & 0xFFFF))
      if !nodes.contains(node) { nodes.append(node) }
    }
    return nodes
  }
}
