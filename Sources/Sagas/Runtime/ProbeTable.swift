/// Elements by 32 bits of hash: 12 bytes for each place, and never many places to spare.
///
/// Open addressing with linear probing. Between 60 and 80 percent full, as it grows by a third: doubling would leave as
/// much memory unused as used. Taking out moves the ones behind up, so that nothing of what was taken out stays behind.
/// Its order is that of the hashes and means nothing.
struct ProbeTable<Element> {
  /// The hash of the element at each place, never 0; 0 where there is none.
  private(set) var hashes: [UInt32] = []
  private var elements: [Element?] = []
  /// How many elements are in.
  private(set) var count = 0

  private static var leastCapacity: Int { 8 }

  /// How many places there are.
  var capacity: Int { hashes.count }

  /// All elements, in an order that means nothing.
  var all: [Element] { elements.compactMap { $0 } }

  /// The place of the element that is meant, of those of a hash.
  func place(of hash: UInt32, where isMeant: (Element) -> Bool) -> Int? {
    guard count > 0 else { return nil }
    let hash = Self.mark(hash)
    var place = home(of: hash)
    while hashes[place] != 0 {
      if hashes[place] == hash, let element = elements[place], isMeant(element) { return place }
      place = next(place)
    }
    return nil
  }

  /// What is at a place that ``place(of:where:)`` has given.
  subscript(place: Int) -> Element {
    // There is an element at such a place.
    get { elements[place].unsafelyUnwrapped }
    set { elements[place] = newValue }
  }

  /// Adds an element.
  mutating func insert(_ element: Element, hash: UInt32) {
    if (count + 1) * 5 > capacity * 4 { resize(to: max(capacity * 4 / 3 + 1, Self.leastCapacity)) }
    put(element, hash: Self.mark(hash))
    count += 1
  }

  /// Takes out what is at a place that ``place(of:where:)`` has given.
  mutating func remove(at taken: Int) {
    takeOut(taken)
    count -= 1
    if capacity > Self.leastCapacity, count * 4 < capacity {
      resize(to: max(capacity / 2, Self.leastCapacity))
    }
  }

  // MARK: Places

  private static func mark(_ hash: UInt32) -> UInt32 { hash == 0 ? 1 : hash }

  /// Higher hashes begin at higher places.
  private func home(of hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(capacity)) >> 32) }

  private func next(_ place: Int) -> Int { place + 1 == capacity ? 0 : place + 1 }

  /// How far it is from one place on to another.
  private func distance(from start: Int, to end: Int) -> Int {
    end >= start ? end - start : end - start + capacity
  }

  private mutating func put(_ element: Element, hash: UInt32) {
    var place = home(of: hash)
    while hashes[place] != 0 { place = next(place) }
    elements[place] = element
    hashes[place] = hash
  }

  /// Empties a place and moves up what stood behind it because it, or another one before, was taken.
  private mutating func takeOut(_ taken: Int) {
    var gap = taken
    var place = next(gap)
    while hashes[place] != 0 {
      if distance(from: home(of: hashes[place]), to: place) >= distance(from: gap, to: place) {
        elements[gap] = elements[place]
        hashes[gap] = hashes[place]
        gap = place
      }
      place = next(place)
    }
    elements[gap] = nil
    hashes[gap] = 0
  }

  private mutating func resize(to capacity: Int) {
    let former = (hashes, elements)
    hashes = Array(repeating: 0, count: capacity)
    elements = Array(repeating: nil, count: capacity)
    for (hash, element) in zip(former.0, former.1) {
      if let element { put(element, hash: hash) }
    }
  }
}

extension ProbeTable: Sendable where Element: Sendable {}
