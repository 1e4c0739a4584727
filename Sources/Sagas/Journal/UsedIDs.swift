/// How often ids were used whose sagas are gone: so many ids, the ones that were noted last.
struct UsedIDs: Sendable {
  private struct Use {
    var run: UInt32
    /// When it was noted last.
    var place: UInt64
  }

  private let limit: Int
  private var uses: [String: Use] = [:]
  /// In the order in which they were noted; what was noted again since stands here twice.
  private var order: [(id: String, place: UInt64)] = []
  private var first = 0
  private var noted: UInt64 = 0

  init(limit: Int) { self.limit = limit }

  /// How many sagas had an id; 0 where that is not known.
  subscript(id: String) -> UInt32 { uses.isEmpty ? 0 : uses[id]?.run ?? 0 }

  /// How many ids are remembered.
  var count: Int { uses.count }

  /// A saga is gone that was this use of its id; 0 need not be remembered.
  mutating func note(_ id: String, run: UInt32) {
    guard run > 0 else { return }
    noted += 1
    uses[id] = Use(run: run, place: noted)
    order.append((id, noted))
    while uses.count > limit {
      let oldest = order[first]
      first += 1
      if uses[oldest.id]?.place == oldest.place { uses[oldest.id] = nil }
    }
    guard order.count > 2 * limit + 64 else { return }
    let uses = uses
    order = order[first...].filter { uses[$0.id]?.place == $0.place }
    first = 0
  }
}
