import SagasTesting
import Testing

@testable import Sagas

@Suite struct ProbeTableTests {
  /// With few hashes, those at both ends among them, so that many elements share one and runs go round the end.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func agreesWithADictionary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var table = ProbeTable<Int>()
    var model: Set<Int> = []
    let size = Int.random(in: 1...300, using: &random)
    func hash(_ element: Int) -> UInt32 {
      switch element % 5 {
      case 0: 0
      case 1: .max
      case 2: .max - UInt32(element)
      default: UInt32(element) &* 0x9E37_79B9
      }
    }
    for _ in 0..<5_000 {
      let element = Int.random(in: 0..<size, using: &random)
      let place = table.place(of: hash(element)) { $0 == element }
      #expect((place != nil) == model.contains(element), "seed \(seed)")
      if let place {
        table.remove(at: place)
        model.remove(element)
      } else {
        table.insert(element, hash: hash(element))
        model.insert(element)
      }
      #expect(table.count == model.count, "seed \(seed)")
    }
    #expect(Set(table.all) == model, "seed \(seed)")
    for element in 0..<size {
      let isThere = table.place(of: hash(element)) { $0 == element } != nil
      #expect(isThere == model.contains(element), "seed \(seed)")
    }
  }

  @Test func fewPlacesAreSpare_atAnySize() {
    var table = ProbeTable<Int>()
    for number in 0..<20_000 {
      table.insert(number, hash: UInt32(truncatingIfNeeded: number.hashValue))
      #expect(number < 20 || table.capacity * 100 <= table.count * 170, "\(number)")
    }
    for number in 0..<20_000 {
      guard let place = table.place(of: UInt32(truncatingIfNeeded: number.hashValue), where: { $0 == number })
      else {
        Issue.record("\(number) is gone")
        return
      }
      table.remove(at: place)
    }
    #expect(table.count == 0 && table.capacity <= 16)
  }

  /// Of well mixed hashes, most stand where they are looked for first, or near there.
  @Test func runsAreShort() {
    var table = ProbeTable<Int>()
    var random = SeededRandom(seed: 1)
    for number in 0..<10_000 { table.insert(number, hash: .random(in: .min ... .max, using: &random)) }
    #expect(table.hashes.split(separator: 0).count > 500)
  }
}
