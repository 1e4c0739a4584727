import SagasTesting
import Testing

@testable import Sagas

@Suite struct DeadlineHeapTests {
  private func at(_ nanoseconds: Int64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }

  private func drain(_ heap: inout DeadlineHeap<String>) -> [String] {
    heap.popDue(at(.max)).map { "\($0.element)@\($0.at.nanoseconds)" }
  }

  @Test func givesTheEarliestFirst() {
    var heap = DeadlineHeap<String>()
    for (element, time) in [("c", 30), ("a", 10), ("d", 40), ("b", 20)] as [(String, Int64)] {
      _ = heap.insert(element, at: at(time))
    }
    #expect(heap.earliest == at(10))
    #expect(heap.count == 4)
    #expect(drain(&heap) == ["a@10", "b@20", "c@30", "d@40"])
    #expect(heap.earliest == nil)
    #expect(heap.isEmpty)
  }

  @Test func givesEqualsInTheOrderOfInsertion() {
    var heap = DeadlineHeap<String>()
    for number in 0..<50 { _ = heap.insert("\(number)", at: at(7)) }
    #expect(drain(&heap) == (0..<50).map { "\($0)@7" })
  }

  @Test func givesOnlyWhatIsDue() {
    var heap = DeadlineHeap<String>()
    _ = heap.insert("a", at: at(10))
    _ = heap.insert("b", at: at(11))
    #expect(heap.popDue(at(9)).isEmpty)
    #expect(heap.popDue(at(10)).map(\.element) == ["a"])
    #expect(heap.earliest == at(11))
  }

  @Test func aRemovedElementIsGone() {
    var heap = DeadlineHeap<String>()
    let a = heap.insert("a", at: at(10))
    _ = heap.insert("b", at: at(20))
    #expect(heap.remove(a) == "a")
    #expect(heap.count == 1)
    #expect(heap.earliest == at(20))
    #expect(drain(&heap) == ["b@20"])
  }

  @Test func aStaleTicketRemovesNothing() {
    var heap = DeadlineHeap<String>()
    let removed = heap.insert("removed", at: at(10))
    heap.remove(removed)
    let due = heap.insert("due", at: at(10))
    #expect(heap.remove(removed) == nil)
    #expect(heap.popDue(at(10)).map(\.element) == ["due"])
    #expect(heap.remove(due) == nil)
    _ = heap.insert("later", at: at(20))
    #expect(heap.remove(removed) == nil)
    #expect(heap.remove(due) == nil)
    #expect(drain(&heap) == ["later@20"])
  }

  @Test func aTicketOfALargerHeapIsHarmless() {
    var larger = DeadlineHeap<String>()
    let tickets = (0..<10).map { larger.insert("\($0)", at: at(Int64($0))) }
    var heap = DeadlineHeap<String>()
    #expect(heap.remove(tickets[9]) == nil)
    #expect(heap.isEmpty)
  }

  @Test func ticketsStayStaleWhenALargeHeapHasGivenItsMemoryBack() {
    var heap = DeadlineHeap<String>()
    let tickets = (0..<5_000).map { heap.insert("\($0)", at: at(Int64($0))) }
    for ticket in tickets { #expect(heap.remove(ticket) != nil) }
    for number in 0..<10 { _ = heap.insert("new \(number)", at: at(1)) }
    for ticket in tickets { #expect(heap.remove(ticket) == nil) }
    #expect(heap.count == 10)
  }

  @Test func keepsNothingOfWhatIsOut() {
    final class Token {}
    weak var removed: Token?
    weak var popped: Token?
    var heap = DeadlineHeap<Token>()
    do {
      let first = Token()
      let second = Token()
      removed = first
      popped = second
      let ticket = heap.insert(first, at: at(1))
      _ = heap.insert(second, at: at(2))
      _ = heap.insert(Token(), at: at(3))
      heap.remove(ticket)
      _ = heap.popDue(at(2))
    }
    #expect(heap.count == 1)
    #expect(removed == nil && popped == nil)
  }

  @Test func isAValue() {
    var heap = DeadlineHeap<String>()
    let ticket = heap.insert("a", at: at(1))
    var copy = heap
    copy.remove(ticket)
    #expect(heap.count == 1)
    #expect(copy.isEmpty)
  }

  /// The same random operations on the heap and on a plain list must have the same results.
  @Test(arguments: [1, 2, 3, UInt64.random(in: 0 ... .max)])
  func behavesLikeASortedList(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var heap = DeadlineHeap<Int>()
    var model: [(at: Timestamp, element: Int)] = []
    var tickets: [DeadlineHeap<Int>.Ticket] = []
    let replay = Comment("seed \(seed)")
    var time: Int64 = 0

    for round in 0..<20_000 {
      // Long stretches of growing and of shrinking, so that many sizes occur.
      let growing = round / 1_000 % 3 != 2
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<(growing ? 5 : 2):
        let due = at(time + .random(in: 0..<200, using: &random))
        tickets.append(heap.insert(tickets.count, at: due))
        model.append((due, tickets.count - 1))
      case 9:
        time += .random(in: 0..<(growing ? 10 : 40), using: &random)
        let due = model.filter { $0.at <= at(time) }
          .sorted { ($0.at, $0.element) < ($1.at, $1.element) }
        model.removeAll { $0.at <= at(time) }
        let popped = heap.popDue(at(time))
        try #require(popped.map(\.element) == due.map(\.element), replay)
        try #require(popped.map(\.at) == due.map(\.at), replay)
      default:
        // Any ticket that ever was: most are stale.
        guard let victim = tickets.indices.randomElement(using: &random) else { break }
        let index = model.firstIndex { $0.element == victim }
        try #require(heap.remove(tickets[victim]) == index.map { model[$0].element }, replay)
        if let index { model.remove(at: index) }
      }
      try #require(heap.count == model.count, replay)
      try #require(heap.earliest == model.map(\.at).min(), replay)
    }
  }
}
