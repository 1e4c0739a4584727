/// A number of slots, and those who wait for one: those who had one before come first, then those who are new.
///
/// A slot that is given back goes at once to whoever is first in line, so it is free only while nobody waits, and
/// nobody can overtake.
package struct SlotPool<Waiter> {
  /// Where somebody waits who gets no slot at once.
  package enum Line: Sendable {
    /// Those who had a slot, gave it back, and go on.
    case returning
    case new
  }

  /// A place in one of the lines.
  package struct Ticket: Hashable, Sendable {
    fileprivate let line: Line
    fileprivate let place: WaitingLine<Waiter>.Ticket
  }

  /// What became of a claim.
  package enum Answer: Sendable {
    case granted
    case queued(Ticket)
  }

  /// How many slots nobody has.
  package private(set) var free: Int
  private var returning = WaitingLine<Waiter>()
  private var new = WaitingLine<Waiter>()

  /// - Parameter limit: how many slots there are.
  package init(limit: Int) { free = limit }

  /// How many wait for a slot.
  package var waiting: Int { returning.count + new.count }

  /// Takes a slot, or a place in line.
  package mutating func claim(_ waiter: Waiter, _ line: Line) -> Answer {
    if free > 0 {
      free -= 1
      return .granted
    }
    switch line {
    case .returning: return .queued(Ticket(line: line, place: returning.join(waiter)))
    case .new: return .queued(Ticket(line: line, place: new.join(waiter)))
    }
  }

  /// Gives a slot back; returns who has it now, `nil` when nobody waited.
  package mutating func release() -> Waiter? {
    if let next = returning.serve() ?? new.serve() { return next }
    free += 1
    return nil
  }

  /// Gives up a place in line: `false`, and nothing changes, when it has been served already.
  @discardableResult
  package mutating func withdraw(_ ticket: Ticket) -> Bool {
    switch ticket.line {
    case .returning: returning.leave(ticket.place) != nil
    case .new: new.leave(ticket.place) != nil
    }
  }
}

extension SlotPool: Sendable where Waiter: Sendable {}
