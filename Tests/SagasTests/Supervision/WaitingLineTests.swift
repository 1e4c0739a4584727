import SagasTesting
import Testing

@testable import Sagas

@Suite struct WaitingLineTests {
  /// All that are in line, in their order.
  private func served(from line: inout WaitingLine<Int>) -> [Int] {
    var served: [Int] = []
    while let next = line.serve() { served.append(next) }
    return served
  }

  @Test func servesInTheOrderOfArrival() {
    var line = WaitingLine<Int>()
    for number in 0..<5 { _ = line.join(number) }
    #expect(line.count == 5)
    #expect(served(from: &line) == [0, 1, 2, 3, 4])
    #expect(line.count == 0)
  }

  @Test func whoLeaves_isNotServed_whereverTheyStand() {
    for leaver in 0..<4 {
      var line = WaitingLine<Int>()
      let tickets = (0..<4).map { line.join($0) }
      #expect(line.leave(tickets[leaver]) == leaver)
      #expect(line.leave(tickets[leaver]) == nil)
      _ = line.join(4)
      #expect(served(from: &line) == (0..<5).filter { $0 != leaver })
    }
  }

  @Test func aTicketThatWasServed_standsForNothing_alsoWhenItsPlaceIsTakenAgain() {
    var line = WaitingLine<String>()
    let served = line.join("served")
    _ = line.serve()
    let other = line.join("other")
    #expect(line.leave(served) == nil)
    #expect(line.count == 1)
    #expect(line.leave(other) == "other")
  }

  @Test func aLineThatHasBeenLong_worksAsBefore() {
    var line = WaitingLine<Int>()
    let tickets = (0..<5_000).map { line.join($0) }
    #expect(served(from: &line) == Array(0..<5_000))
    #expect(line.leave(tickets[4_999]) == nil)
    let again = line.join(7)
    #expect(line.leave(tickets[0]) == nil)
    #expect(line.leave(again) == 7)
  }

  /// Beside a list that is searched from its front.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func isLikeAPlainList(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var line = WaitingLine<Int>()
    var list: [Int] = []
    var tickets: [Int: WaitingLine<Int>.Ticket] = [:]
    for number in 0..<2_000 {
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1:
        tickets[number] = line.join(number)
        list.append(number)
      case 2:
        let served = line.serve()
        #expect(served == list.first)
        list.removeFirst(min(1, list.count))
      default:
        let any = Int.random(in: 0...number, using: &random)
        guard let ticket = tickets[any] else { continue }
        let gone = line.leave(ticket)
        #expect(gone == list.first { $0 == any })
        list.removeAll { $0 == any }
      }
      #expect(line.count == list.count)
    }
  }
}
