/// Things with numbers that only go up, as those of events do: added at the end, taken from the front, found by
/// their numbers.
struct AscendingQueue<Element> {
  private var elements: [Element] = []
  /// How many of `elements` were taken.
  private var taken = 0

  var count: Int { elements.count - taken }
  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : elements[taken] }
  var last: Element? { isEmpty ? nil : elements[elements.count - 1] }

  /// All of them, in order; copies nothing.
  var all: ArraySlice<Element> { elements[taken...] }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func removeFirst() {
    taken += 1
    if taken == elements.count {
      elements = []
      taken = 0
    } else if taken > 32, taken * 2 > elements.count {
      elements.removeFirst(taken)
      taken = 0
    }
  }

  /// Where the first element is whose number is `number` or higher; the end where there is none.
  func place(of number: UInt64, _ numberOf: (Element) -> UInt64) -> Int {
    var low = taken
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if numberOf(elements[middle]) < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Those behind a number, in order; copies nothing.
  func after(_ number: UInt64, _ numberOf: (Element) -> UInt64) -> ArraySlice<Element> {
    number == .max ? [] : elements[place(of: number + 1, numberOf)...]
  }

  /// Expects a place that ``place(of:_:)`` has given.
  mutating func insert(_ element: Element, at place: Int) { elements.insert(element, at: place) }

  /// Takes out the element of that number, which mostly is the first; nothing happens where there is none.
  mutating func remove(_ number: UInt64, _ numberOf: (Element) -> UInt64) {
    let place = place(of: number, numberOf)
    guard place < elements.count, numberOf(elements[place]) == number else { return }
    if place == taken { removeFirst() } else { elements.remove(at: place) }
  }

  subscript(place: Int) -> Element {
    get { elements[place] }
    set { elements[place] = newValue }
  }

  var endIndex: Int { elements.count }
}

extension AscendingQueue: Sendable where Element: Sendable {}
