import SagasTesting
import Testing

@testable import Sagas

/// What the event board is made of, each by itself.
@Suite struct EventPartsTests {
  private final class Waiter: Sendable {}

  private func event(_ number: UInt64) -> KeptEvent {
    KeptEvent(
      number: number, id: "e\(number)", name: "Said", target: nil, time: Timestamp(nanoseconds: 0),
      content: .value(Said()))
  }

  // MARK: AscendingQueue

  @Test func aQueue_isAnArrayThatIsTakenFromTheFront() throws {
    var random = SeededRandom(seed: 7)
    var queue = AscendingQueue<UInt64>()
    var model: [UInt64] = []
    var next: UInt64 = 0
    for _ in 0..<5_000 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<4:
        next += UInt64.random(in: 1...3, using: &random)
        queue.append(next)
        model.append(next)
      case 4, 5:
        if !model.isEmpty {
          queue.removeFirst()
          model.removeFirst()
        }
      case 6:
        let number = UInt64.random(in: 0...(next + 1), using: &random)
        queue.remove(number) { $0 }
        model.removeAll { $0 == number }
      default:
        let number = UInt64.random(in: 0...(next + 1), using: &random)
        guard !model.contains(number) else { continue }
        queue.insert(number, at: queue.place(of: number) { $0 })
        model = (model + [number]).sorted()
        next = max(next, number)
      }
      let mark = UInt64.random(in: 0...(next + 1), using: &random)
      try #require(Array(queue.all) == model && queue.count == model.count)
      try #require(queue.first == model.first && queue.last == model.last)
      try #require(Array(queue.after(mark) { $0 }) == model.filter { $0 > mark })
    }
    #expect(queue.after(.max) { $0 }.isEmpty)
  }

  // MARK: LiveMarks

  @Test func theLowestMark_isThatOfTheOldestWhoIsThere() throws {
    var random = SeededRandom(seed: 3)
    var marks = LiveMarks()
    var model: [UInt64] = []
    for _ in 0..<5_000 {
      if model.count < 5 || Bool.random(using: &random) && model.count < 40 {
        let mark = UInt64.random(in: 0..<20, using: &random)
        marks.enter(mark)
        model.append(mark)
      } else {
        let mark = model.remove(at: Int.random(in: 0..<model.count, using: &random))
        marks.leave(mark)
      }
      try #require(marks.lowest == model.min())
    }
    for mark in model { marks.leave(mark) }
    marks.leave(5)
    #expect(marks.lowest == nil)
  }

  // MARK: WaitIndex

  @Test func thoseWhoWait_standInTheOrderInWhichTheyCame_eachOnce() {
    var index = WaitIndex<Waiter>()
    let waiters = (0..<20).map { _ in Waiter() }
    for waiter in waiters { index.join(waiter, at: 1) }
    index.join(waiters[3], at: 1)
    index.join(waiters[5], at: 2)
    index.leave(waiters[0], at: 1)
    index.leave(waiters[3], at: 1)
    index.leave(waiters[7], at: 2)
    #expect(index.waiters(at: 1).map(ObjectIdentifier.init) == waiters.dropFirst().map(ObjectIdentifier.init))
    #expect(index.waiters(at: 2).count == 1 && index.waiters(at: 3).isEmpty)
    for waiter in waiters { index.leave(waiter, at: 1) }
    index.leave(waiters[5], at: 2)
    #expect(index.count == 0)
  }

  @Test func theIndexLetsGoOfWhoLeaves() {
    var index = WaitIndex<Waiter>()
    weak var gone: Waiter?
    do {
      let waiter = Waiter()
      gone = waiter
      index.join(waiter, at: 1)
      index.join(Waiter(), at: 1)
      index.leave(waiter, at: 1)
    }
    #expect(gone == nil && index.count == 1)
  }

  // MARK: EventShelves

  @Test func whoComesToAnEvent_findsIt_andWhoWaits_isFound() {
    let shelves = EventShelves<Waiter>()
    let (early, late) = (Waiter(), Waiter())
    #expect(!shelves.join(early, at: 5, after: 0))
    #expect(shelves.put(event(1), at: 5).map(ObjectIdentifier.init) == [ObjectIdentifier(early)])
    #expect(shelves.join(late, at: 5, after: 0) && !shelves.join(late, at: 5, after: 1))
    #expect(shelves.put(event(3), at: 5).count == 2)
    _ = shelves.put(event(2), at: 5)
    #expect(shelves.kept(at: 5, after: 1).map(\.number) == [2, 3])
    #expect(shelves.kept(at: 6, after: 0).isEmpty)
    for number: UInt64 in [2, 1, 3, 3] { shelves.drop(event(number), at: 5) }
    #expect(shelves.filled == 0 && shelves.waiting == 1)
  }

  // MARK: Listening

  @Test func leaving_needsNoKey() {
    var listening = Listening()
    #expect(listening.isEmpty && listening.nodes.isEmpty)
    listening.add(77, NodeID(3))
    listening.add((1 << 48) - 1, NodeID(65_535))
    listening.add(78, NodeID(3))
    #expect(Array(listening.nodes) == [NodeID(3), NodeID(65_535)])
    #expect(Array(listening.remove(NodeID(3))) == [77, 78])
    #expect(listening.remove(NodeID(3)).isEmpty && !listening.isEmpty)
    #expect(Array(listening.removeAll()) == [(1 << 48) - 1] && listening.isEmpty)
  }
}
