/// Who waits for something, first come, first served; anybody may leave before it is their turn.
///
/// A list that is linked both ways and lives in one array. Joining, leaving and being served cost O(1), and nothing
/// stays behind of those who left: the room is as large as the line was at its longest.
package struct WaitingLine<Element> {
  /// A place in the line; once it was served or given up it stands for nothing.
  package struct Ticket: Hashable, Sendable {
    fileprivate let slot: UInt32
    /// Tells the place from others that had the same slot.
    fileprivate let generation: UInt32
  }

  fileprivate struct Slot {
    /// `nil` in a free slot.
    var element: Element?
    var generation: UInt32
    var previous: UInt32
    /// In a free slot the next free one.
    var next: UInt32
  }

  private static var none: UInt32 { .max }
  /// Room that an empty line may keep.
  private static var keptCapacity: Int { 1024 }

  private var slots: [Slot] = []
  private var first = Self.none
  private var last = Self.none
  private var firstFree = Self.none
  private var generation: UInt32 = 0

  /// How many are in line.
  package private(set) var count = 0

  /// An empty line.
  package init() {}

  /// Joins the line at its end.
  package mutating func join(_ element: Element) -> Ticket {
    generation &+= 1
    let place = Slot(element: element, generation: generation, previous: last, next: Self.none)
    let slot: UInt32
    if firstFree == Self.none {
      slot = UInt32(slots.count)
      slots.append(place)
    } else {
      slot = firstFree
      firstFree = slots[Int(slot)].next
      slots[Int(slot)] = place
    }
    if last == Self.none { first = slot } else { slots[Int(last)].next = slot }
    last = slot
    count += 1
    return Ticket(slot: slot, generation: generation)
  }

  /// Takes out who has been in line longest; `nil` when nobody is.
  package mutating func serve() -> Element? {
    first == Self.none ? nil : takeOut(first)
  }

  /// Takes out whoever has the ticket; `nil`, and nothing changes, when that was served or left already.
  @discardableResult
  package mutating func leave(_ ticket: Ticket) -> Element? {
    guard ticket.slot < slots.count, slots[Int(ticket.slot)].element != nil,
      slots[Int(ticket.slot)].generation == ticket.generation
    else { return nil }
    return takeOut(ticket.slot)
  }

  private mutating func takeOut(_ slot: UInt32) -> Element? {
    let element = slots[Int(slot)].element.take()
    let (previous, next) = (slots[Int(slot)].previous, slots[Int(slot)].next)
    if previous == Self.none { first = next } else { slots[Int(previous)].next = next }
    if next == Self.none { last = previous } else { slots[Int(next)].previous = previous }
    slots[Int(slot)].next = firstFree
    firstFree = slot
    count -= 1
    if count == 0, slots.count > Self.keptCapacity {
      slots = []
      firstFree = Self.none
    }
    return element
  }
}

extension WaitingLine: Sendable where Element: Sendable {}
extension WaitingLine.Slot: Sendable where Element: Sendable {}
