import Testing

@testable import Sagas

@Suite struct SmallListTests {
  @Test(arguments: 0...20)
  func holdsWhatWasAppended(count: Int) {
    var list = SmallList<Int>()
    for element in 0..<count { list.append(element) }
    #expect(list.count == count)
    #expect(list.isEmpty == (count == 0))
    #expect(Array(list) == Array(0..<count))
    #expect(list.indices.map { list[$0] } == Array(0..<count))
    #expect(list.description == Array(0..<count).description)
  }

  @Test(arguments: 1...9)
  func everyPlaceCanBeReplaced(count: Int) {
    var list = SmallList<Int>()
    list.append(contentsOf: 0..<count)
    for place in 0..<count {
      list[place] = -1
      #expect(Array(list) == (0..<count).map { $0 <= place ? -1 : $0 })
    }
  }

  @Test func startsAfreshWhenEmptied() {
    var list: SmallList = ["a", "b", "c", "d", "e", "f"]
    list.removeAll()
    #expect(list.isEmpty)
    #expect(Array(list) == [])
    list.append("g")
    #expect(list == ["g"])
  }

  @Test(arguments: [3, 7])
  func releasesItsElementsWhenEmptied(count: Int) {
    final class Token {}
    var list = SmallList<Token>()
    weak var firstToken: Token?
    weak var lastToken: Token?
    do {
      let tokens = (0..<count).map { _ in Token() }
      firstToken = tokens.first
      lastToken = tokens.last
      list.append(contentsOf: tokens)
    }
    #expect(firstToken != nil && lastToken != nil)
    list.removeAll()
    #expect(firstToken == nil && lastToken == nil)
  }

  @Test func isAValue() {
    let original: SmallList = [1, 2, 3, 4, 5]
    var changed = original
    changed[4] = 6
    changed.append(7)
    #expect(original == [1, 2, 3, 4, 5])
    #expect(changed == [1, 2, 3, 4, 6, 7])
    #expect(original != changed)
  }

  @Test func takesOptionalElements() {
    var list = SmallList<Int?>()
    for element in [nil, 1, nil, 2, nil] { list.append(element) }
    #expect(Array(list) == [nil, 1, nil, 2, nil])
  }

  @Test(arguments: [0, 4, 5])
  func anIndexOutOfRangeTraps(count: Int) async {
    await #expect(processExitsWith: .failure) { [count = count as Int] in
      var list = SmallList<Int>()
      list.append(contentsOf: 0..<count)
      print(list[count])
    }
  }
}
