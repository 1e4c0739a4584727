/// Kept events and waiting sagas by place. Sharded, so that sagas that begin to wait do not queue for one lock.
///
/// What is looked up and entered at one place happens under one lock: an event is found by whoever begins to wait, or
/// finds them waiting.
final class EventShelves<Waiter: AnyObject & Sendable>: Sendable {
  private struct Content {
    var waiting = WaitIndex<Waiter>()
    var kept: [UInt64: AscendingQueue<KeptEvent>] = [:]
  }

  private final class Shelf: Sendable {
    let content = Lock(Content())
  }

  private let shelves = (0..<16).map { _ in Shelf() }

  private func shelf(_ place: UInt64) -> Shelf { shelves[Int(place % 16)] }

  /// At how many places somebody waits.
  var waiting: Int { shelves.reduce(0) { $0 + $1.content.withLock { $0.waiting.count } } }

  /// How many places have an event.
  var filled: Int { shelves.reduce(0) { $0 + $1.content.withLock { $0.kept.count } } }

  /// Begins to wait; whether an event with a number behind `mark` is there already.
  func join(_ waiter: Waiter, at place: UInt64, after mark: UInt64) -> Bool {
    shelf(place).content.withLock { content in
      content.waiting.join(waiter, at: place)
      return (content.kept[place]?.last?.number ?? 0) > mark
    }
  }

  func leave(_ waiter: Waiter, at place: UInt64) {
    shelf(place).content.withLock { $0.waiting.leave(waiter, at: place) }
  }

  /// What is kept at a place with numbers behind `mark`, in order.
  func kept(at place: UInt64, after mark: UInt64) -> ArraySlice<KeptEvent> {
    shelf(place).content.withLock { $0.kept[place]?.after(mark, \.number) ?? [] }
  }

  /// Puts an event in; returns who waits there.
  func put(_ event: KeptEvent, at place: UInt64) -> [Waiter] {
    shelf(place).content.withLock { content in
      // By its number: mostly the newest, but not where a property becomes known later than its events.
      let number = event.number
      let index = content.kept[place]?.place(of: number, \.number) ?? 0
      content.kept[place, default: AscendingQueue()].insert(event, at: index)
      return content.waiting.waiters(at: place)
    }
  }

  /// Lets go of an event; nothing happens where it is not.
  func drop(_ event: KeptEvent, at place: UInt64) {
    shelf(place).content.withLock { content in
      content.kept[place]?.remove(event.number, \.number)
      if content.kept[place]?.isEmpty == true { content.kept[place] = nil }
    }
  }
}
