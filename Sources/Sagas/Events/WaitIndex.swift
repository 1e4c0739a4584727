/// Who waits at which place, each in the order in which they came.
///
/// Most places have one who waits: that costs a place in a table and no memory of its own. Of a place only 32 bits are
/// looked at: two in billions are taken for one, and whoever is found there in vain finds nothing there.
struct WaitIndex<Waiter: AnyObject & Sendable> {
  /// More than one at one place, or one that waits twice.
  private final class Crowd {
    var members: [ObjectIdentifier: (order: UInt64, times: Int, waiter: Waiter)] = [:]
    private var arrivals: UInt64 = 0

    func join(_ waiter: Waiter) {
      arrivals += 1
      members[ObjectIdentifier(waiter), default: (arrivals, 0, waiter)].times += 1
    }

    func leave(_ waiter: Waiter) {
      let id = ObjectIdentifier(waiter)
      guard let times = members[id]?.times else { return }
      if times == 1 { members[id] = nil } else { members[id]?.times = times - 1 }
    }
  }

  private enum Party {
    case one(Waiter)
    case many(Crowd)

    /// One word: the waiter, or the crowd. An enum of these would take two, as far as the compiler knows.
    var object: AnyObject {
      switch self {
      case .one(let waiter): waiter
      case .many(let crowd): crowd
      }
    }

    init(_ object: AnyObject) {
      if let crowd = object as? Crowd {
        self = .many(crowd)
      } else {
        // Nothing else is put in.
        self = .one(unsafeDowncast(object, to: Waiter.self))
      }
    }
  }

  private var parties = ProbeTable<AnyObject>()

  /// At how many places somebody waits.
  var count: Int { parties.count }

  private static func hash(_ place: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (place &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }

  private func index(of place: UInt64) -> Int? { parties.place(of: Self.hash(place)) { _ in true } }

  /// Waits at a place; once more, where it does already.
  mutating func join(_ waiter: Waiter, at place: UInt64) {
    guard let index = index(of: place) else { return parties.insert(waiter, hash: Self.hash(place)) }
    switch Party(parties[index]) {
    case .one(let other):
      let crowd = Crowd()
      crowd.join(other)
      crowd.join(waiter)
      parties[index] = Party.many(crowd).object
    case .many(let crowd): crowd.join(waiter)
    }
  }

  /// Leaves a place, once; nothing happens where it does not wait there.
  mutating func leave(_ waiter: Waiter, at place: UInt64) {
    guard let index = index(of: place) else { return }
    switch Party(parties[index]) {
    case .one(let other): if other === waiter { parties.remove(at: index) }
    case .many(let crowd):
      crowd.leave(waiter)
      if crowd.members.isEmpty { parties.remove(at: index) }
    }
  }

  /// Everybody at a place, each once, in the order in which they came.
  func waiters(at place: UInt64) -> [Waiter] {
    guard let index = index(of: place) else { return [] }
    switch Party(parties[index]) {
    case .one(let waiter): return [waiter]
    // The order is that of arrival, whatever that of the dictionary is.
    case .many(let crowd): return crowd.members.values.sorted { $0.order < $1.order }.map(\.waiter)
    }
  }
}
