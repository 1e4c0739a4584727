/// Things to be done at points in time: the earliest first, and among equals the one that was put in first.
///
/// A heap with four children per node that knows where each of its elements is, so that an element can be taken out
/// again at once and nothing of it stays behind. Putting in and taking out cost O(log n).
package struct DeadlineHeap<Element> {
  /// Stands for one element put in, until that is taken out; after that it stands for nothing.
  package struct Ticket: Hashable, Sendable {
    fileprivate let slot: UInt32
    /// The low bits of the element's sequence number: tell it from others that had the same slot.
    fileprivate let generation: UInt32
  }

  /// What the heap orders: small and plain, because it is moved about.
  private struct Entry {
    let at: Timestamp
    let sequence: UInt64
    let slot: UInt32

    func precedes(_ other: Entry) -> Bool {
      at != other.at ? at < other.at : sequence < other.sequence
    }
  }

  /// Where an element lives as long as it is in.
  fileprivate struct Slot {
    /// `nil` in a free slot.
    var element: Element?
    /// The place of its entry in the heap; in a free slot the next free one.
    var place: UInt32
  }

  private static var arity: Int { 4 }
  private static var noSlot: UInt32 { .max }
  /// Room that an empty heap may keep.
  private static var keptCapacity: Int { 1024 }

  private var heap: [Entry] = []
  private var slots: [Slot] = []
  private var firstFree = Self.noSlot
  private var sequence: UInt64 = 0

  /// An empty heap.
  package init() {}

  /// How many elements are in.
  package var count: Int { heap.count }
  /// Whether nothing is in.
  package var isEmpty: Bool { heap.isEmpty }
  /// The earliest point in time at which something is due.
  package var earliest: Timestamp? { heap.first?.at }

  /// Puts an element in, due at `at`.
  package mutating func insert(_ element: Element, at: Timestamp) -> Ticket {
    let place = UInt32(heap.count)
    let slot: UInt32
    if firstFree == Self.noSlot {
      slot = UInt32(slots.count)
      slots.append(Slot(element: element, place: place))
    } else {
      slot = firstFree
      firstFree = slots[Int(slot)].place
      slots[Int(slot)] = Slot(element: element, place: place)
    }
    let ticket = Ticket(slot: slot, generation: UInt32(truncatingIfNeeded: sequence))
    heap.append(Entry(at: at, sequence: sequence, slot: slot))
    sequence += 1
    siftUp(Int(place))
    return ticket
  }

  /// Takes out the element the ticket stands for; `nil`, and nothing changes, when that is out already.
  @discardableResult
  package mutating func remove(_ ticket: Ticket) -> Element? {
    guard ticket.slot < slots.count, slots[Int(ticket.slot)].element != nil else { return nil }
    let place = Int(slots[Int(ticket.slot)].place)
    guard UInt32(truncatingIfNeeded: heap[place].sequence) == ticket.generation else { return nil }
    return remove(place)
  }

  /// Takes out all that is due at `now`, in the order of time and, at the same time, of insertion.
  package mutating func popDue(_ now: Timestamp) -> [(at: Timestamp, element: Element)] {
    var due: [(at: Timestamp, element: Element)] = []
    while let top = heap.first, top.at <= now, let element = remove(0) {
      due.append((top.at, element))
    }
    return due
  }

  /// Takes out what stands at a place of the heap, and frees its slot.
  private mutating func remove(_ place: Int) -> Element? {
    let slot = heap[place].slot
    let element = slots[Int(slot)].element.take()
    slots[Int(slot)].place = firstFree
    firstFree = slot

    let last = heap.removeLast()
    if place < heap.count {
      heap[place] = last
      slots[Int(last.slot)].place = UInt32(place)
      siftDown(place)
      siftUp(place)
    } else if heap.isEmpty, slots.count > Self.keptCapacity {
      heap = []
      slots = []
      firstFree = Self.noSlot
    }
    return element
  }

  private mutating func siftUp(_ start: Int) {
    let entry = heap[start]
    var place = start
    while place > 0 {
      let parent = (place - 1) / Self.arity
      guard entry.precedes(heap[parent]) else { break }
      put(heap[parent], at: place)
      place = parent
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func siftDown(_ start: Int) {
    let entry = heap[start]
    var place = start
    while true {
      let firstChild = place * Self.arity + 1
      guard firstChild < heap.count else { break }
      var least = firstChild
      for child in firstChild..<min(firstChild + Self.arity, heap.count)
      where heap[child].precedes(heap[least]) {
        least = child
      }
      guard heap[least].precedes(entry) else { break }
      put(heap[least], at: place)
      place = least
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    heap[place] = entry
    slots[Int(entry.slot)].place = UInt32(place)
  }
}

extension DeadlineHeap: Sendable where Element: Sendable {}
extension DeadlineHeap.Slot: Sendable where Element: Sendable {}
