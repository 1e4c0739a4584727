/// Objects by an id that they have themselves: a hash table without copies of the keys, 12 bytes for each place.
///
/// A dictionary keeps each key beside its value; of a million ids that is most of what a registry costs. Open
/// addressing with linear probing, at most three quarters full; taking out moves the ones behind up, so that nothing
/// of what was taken out stays behind. Its order is that of the hashes and means nothing.
struct IDTable<Element: Identified> {
  /// The low bits of the hash of the element's id, where there is an element.
  private var hashes: [UInt32] = []
  private var elements: [Element?] = []
  /// How many elements are in.
  private(set) var count = 0

  private static var leastCapacity: Int { 8 }

  /// The element of an id.
  subscript(id: String) -> Element? { place(of: id).map { elements[$0] } ?? nil }

  /// All elements, in an order that means nothing.
  var all: [Element] { elements.compactMap { $0 } }

  /// Puts an element in, unless there is one of its id: then that is returned.
  mutating func insert(_ element: Element) -> Element? {
    if let place = place(of: element.id) { return elements[place] }
    if (count + 1) * 4 > elements.count * 3 { resize(to: max(elements.count * 2, Self.leastCapacity)) }
    put(element, hash: Self.hash(element.id))
    count += 1
    return nil
  }

  /// Takes this very element out; nothing changes when its id has another one, or none.
  mutating func remove(_ element: Element) {
    guard let place = place(of: element.id), elements[place] === element else { return }
    takeOut(place)
    count -= 1
    if elements.count > Self.leastCapacity, count * 8 < elements.count { resize(to: elements.count / 2) }
  }

  // MARK: Places

  private static func hash(_ id: String) -> UInt32 { UInt32(truncatingIfNeeded: id.hashValue) }

  private var mask: Int { elements.count - 1 }

  private func place(of id: String) -> Int? {
    guard count > 0 else { return nil }
    let hash = Self.hash(id)
    var place = Int(hash) & mask
    while let element = elements[place] {
      if hashes[place] == hash, element.id == id { return place }
      place = (place + 1) & mask
    }
    return nil
  }

  private mutating func put(_ element: Element, hash: UInt32) {
    var place = Int(hash) & mask
    while elements[place] != nil { place = (place + 1) & mask }
    elements[place] = element
    hashes[place] = hash
  }

  /// Empties a place and moves up what stood behind it because it, or another one before, was taken.
  private mutating func takeOut(_ taken: Int) {
    var gap = taken
    elements[gap] = nil
    var place = (gap + 1) & mask
    while let element = elements[place] {
      let home = Int(hashes[place]) & mask
      if (place - home) & mask >= (place - gap) & mask {
        elements[gap] = element
        hashes[gap] = hashes[place]
        elements[place] = nil
        gap = place
      }
      place = (place + 1) & mask
    }
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

extension IDTable: Sendable where Element: Sendable {}
