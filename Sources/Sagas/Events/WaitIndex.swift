/// Who waits at which place, each in the order in which they came.
///
/// Most places have one who waits: that costs an entry of a dictionary and no memory of its own.
struct WaitIndex<Waiter: AnyObject & Sendable> {
  private enum Party {
    case one(Waiter)
    case many(Crowd)
  }

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

  private var parties: [UInt64: Party] = [:]

  /// At how many places somebody waits.
  var count: Int { parties.count }

  /// Waits at a place; once more, where it does already.
  mutating func join(_ waiter: Waiter, at place: UInt64) {
    switch parties[place] {
    case nil: parties[place] = .one(waiter)
    case .one(let other):
      let crowd = Crowd()
      crowd.join(other)
      crowd.join(waiter)
      parties[place] = .many(crowd)
    case .many(let crowd): crowd.join(waiter)
    }
  }

  /// Leaves a place, once; nothing happens where it does not wait there.
  mutating func leave(_ waiter: Waiter, at place: UInt64) {
    switch parties[place] {
    case nil: return
    case .one(let other): if other === waiter { parties[place] = nil }
    case .many(let crowd):
      crowd.leave(waiter)
      if crowd.members.isEmpty { parties[place] = nil }
    }
  }

  /// Everybody at a place, each once, in the order in which they came.
  func waiters(at place: UInt64) -> [Waiter] {
    switch parties[place] {
    case nil: []
    case .one(let waiter): [waiter]
    // The order is that of arrival, whatever that of the dictionary is.
    case .many(let crowd): crowd.members.values.sorted { $0.order < $1.order }.map(\.waiter)
    }
  }
}
