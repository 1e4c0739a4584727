import SagasTesting
import Testing

@testable import Sagas

@Suite struct SlotPoolTests {
  /// Claims for a waiter that must not get a slot at once.
  private func queue(
    _ waiter: String, _ line: SlotPool<String>.Line, in pool: inout SlotPool<String>
  ) throws -> SlotPool<String>.Ticket {
    guard case .queued(let ticket) = pool.claim(waiter, line) else {
      throw Refused(why: "\(waiter) was let in")
    }
    return ticket
  }

  @Test func grantsAsManyAsThereAre() throws {
    var pool = SlotPool<String>(limit: 2)
    #expect(pool.free == 2)
    for waiter in ["a", "b"] {
      guard case .granted = pool.claim(waiter, .new) else { throw Refused(why: "\(waiter) has to wait") }
    }
    #expect(pool.free == 0)
    _ = try queue("c", .new, in: &pool)
    #expect(pool.waiting == 1)
  }

  @Test func givesASlotTo_thoseWhoReturn_thenThoseWhoAreNew_firstComeFirstServed() throws {
    var pool = SlotPool<String>(limit: 1)
    _ = pool.claim("first", .new)
    for waiter in ["new 1", "new 2"] { _ = try queue(waiter, .new, in: &pool) }
    for waiter in ["back 1", "back 2"] { _ = try queue(waiter, .returning, in: &pool) }
    _ = try queue("new 3", .new, in: &pool)
    let served = (0..<6).map { _ in pool.release() }
    #expect(served == ["back 1", "back 2", "new 1", "new 2", "new 3", nil])
    #expect(pool.free == 1)
  }

  @Test func whoGivesUp_isPassedOver_andWhoHasBeenServed_cannotGiveUp() throws {
    var pool = SlotPool<String>(limit: 1)
    _ = pool.claim("first", .new)
    let gone = try queue("gone", .new, in: &pool)
    let back = try queue("back", .returning, in: &pool)
    _ = try queue("last", .new, in: &pool)
    let hasLeft = [pool.withdraw(gone), pool.withdraw(gone)]
    #expect(hasLeft == [true, false])
    let first = pool.release()
    let isStillThere = pool.withdraw(back)
    #expect(first == "back" && !isStillThere)
    let others = [pool.release(), pool.release()]
    #expect(others == ["last", nil])
    #expect(pool.free == 1 && pool.waiting == 0)
  }

  @Test func aSlotIsFree_onlyWhileNobodyWaits() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var pool = SlotPool<Int>(limit: 3)
      var held = 0
      var tickets: [SlotPool<Int>.Ticket] = []
      for number in 0..<500 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
          switch pool.claim(number, number.isMultiple(of: 3) ? .returning : .new) {
          case .granted: held += 1
          case .queued(let ticket): tickets.append(ticket)
          }
        case 2 where held > 0:
          if pool.release() == nil { held -= 1 }
        default:
          guard !tickets.isEmpty else { continue }
          pool.withdraw(tickets.remove(at: Int.random(in: 0..<tickets.count, using: &random)))
        }
        #expect(held + pool.free == 3)
        #expect(pool.free == 0 || pool.waiting == 0)
      }
    }
  }
}
