import SagasTesting
import Testing

@testable import Sagas

struct IDTableTests {
  private final class Thing: Identified {
    let id: String
    init(_ id: String) { self.id = id }
    var idHash: UInt32 { SagaInfo.hash(id) }
    func hasID(_ id: String) -> Bool { id == self.id }
  }

  @Test func insert_whenIDIsTaken_givesWhoHasIt() {
    var table = IDTable<Thing>()
    let first = Thing("a")
    #expect(table.insert(first, id: "a") == nil)
    #expect(table.insert(Thing("a"), id: "a") === first)
    #expect(table.count == 1)
  }

  @Test func remove_ofAnotherOneWithTheSameID_changesNothing() {
    var table = IDTable<Thing>()
    let first = Thing("a")
    _ = table.insert(first, id: "a")
    table.remove(Thing("a"))
    #expect(table["a"] === first)
  }

  @Test func remove_letsGoOfTheElement() {
    var table = IDTable<Thing>()
    weak var gone: Thing?
    do {
      let thing = Thing("a")
      gone = thing
      _ = table.insert(thing, id: "a")
      table.remove(thing)
    }
    #expect(gone == nil)
    #expect(table.count == 0 && table["a"] == nil)
  }

  @Test func remove_byID_takesOutWhoHasIt() {
    var table = IDTable<Thing>()
    _ = table.insert(Thing("a"), id: "a")
    table.remove("b")
    #expect(table.count == 1)
    table.remove("a")
    #expect(table.count == 0)
  }

  @Test func replace_ofTheOneThatIsMeant_putsAnotherInItsPlace() {
    var table = IDTable<Thing>()
    let (first, second) = (Thing("a"), Thing("a"))
    _ = table.insert(first, id: "a")
    #expect(table.replace(with: second) { $0 === second } == nil && table["a"] === first)
    #expect(table.replace(with: second) { $0 === first } === first && table["a"] === second)
    #expect(table.count == 1)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func agreesWithADictionary(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var table = IDTable<Thing>()
    var model: [String: Thing] = [:]
    let size = Int.random(in: 1...400, using: &random)
    for _ in 0..<5_000 {
      let id = "saga-\(Int.random(in: 0..<size, using: &random))"
      if Bool.random(using: &random) {
        let thing = Thing(id)
        let former = table.insert(thing, id: id)
        #expect(former === model[id], "seed \(seed)")
        if former == nil { model[id] = thing }
      } else if let thing = model[id] {
        table.remove(thing)
        model[id] = nil
      }
      #expect(table.count == model.count, "seed \(seed)")
    }
    for number in 0..<size { #expect(table["saga-\(number)"] === model["saga-\(number)"], "seed \(seed)") }
    #expect(Set(table.all.map(\.id)) == Set(model.keys), "seed \(seed)")
  }
}
