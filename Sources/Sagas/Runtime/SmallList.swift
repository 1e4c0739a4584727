/// A list whose first four elements need no memory of their own.
///
/// For what one event causes, which is nearly always a handful. Emptied and filled again it keeps the room it has.
/// Iterating copies the list first; where that counts, go by `indices`.
struct SmallList<Element>: RandomAccessCollection, MutableCollection {
  /// How many elements are held inline.
  static var inlineCapacity: Int { 4 }

  private(set) var count = 0
  // Empty from the first place not in use on.
  private var first: Element?
  private var second: Element?
  private var third: Element?
  private var fourth: Element?
  /// Everything behind the fourth.
  private var rest: [Element] = []

  /// An empty list.
  @inline(__always)
  init() {}

  var startIndex: Int {
    @inline(__always) get { 0 }
  }
  var endIndex: Int {
    @inline(__always) get { count }
  }
  var isEmpty: Bool {
    @inline(__always) get { count == 0 }
  }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "index out of range")
      switch index {
      case 0: return first.unsafelyUnwrapped
      case 1: return second.unsafelyUnwrapped
      case 2: return third.unsafelyUnwrapped
      case 3: return fourth.unsafelyUnwrapped
      default: return rest[index &- Self.inlineCapacity]
      }
    }
    @inline(__always) set {
      precondition(index >= 0 && index < count, "index out of range")
      switch index {
      case 0: first = newValue
      case 1: second = newValue
      case 2: third = newValue
      case 3: fourth = newValue
      default: rest[index &- Self.inlineCapacity] = newValue
      }
    }
  }

  /// Adds an element at the end.
  @inline(__always)
  mutating func append(_ element: Element) {
    switch count {
    case 0: first = element
    case 1: second = element
    case 2: third = element
    case 3: fourth = element
    default: rest.append(element)
    }
    count &+= 1
  }

  /// Does something with each element, without the copy of the list that a `for` loop takes.
  @inline(__always)
  func forEach(_ body: (Element) throws -> Void) rethrows {
    var index = 0
    while index < count {
      try body(self[index])
      index &+= 1
    }
  }

  /// Adds elements at the end, in their order.
  mutating func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Empties the list; what it had needed beyond the inline places it keeps.
  @inline(__always)
  mutating func removeAll() {
    if count > Self.inlineCapacity { rest.removeAll(keepingCapacity: true) }
    first = nil
    second = nil
    third = nil
    fourth = nil
    count = 0
  }
}

extension SmallList: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: Element...) { append(contentsOf: elements) }
}

extension SmallList: Sendable where Element: Sendable {}

extension SmallList: Equatable where Element: Equatable {
  static func == (a: Self, b: Self) -> Bool { a.elementsEqual(b) }
}

extension SmallList: CustomStringConvertible {
  var description: String { Array(self).description }
}
