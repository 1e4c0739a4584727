/// Elements by an id that they have themselves, without copies of the ids.
///
/// A dictionary keeps each key beside its value; of a million ids that is most of what a registry costs. The order
/// means nothing.
struct IDTable<Element: Identified> {
  private var table = ProbeTable<Element>()

  /// How many elements are in.
  var count: Int { table.count }

  /// All elements, in an order that means nothing.
  var all: [Element] { table.all }

  /// The element of an id.
  subscript(id: String) -> Element? { element(id, hash: SagaInfo.hash(id)) }

  /// The element of an id whose ``SagaInfo/hash(_:)`` is known already.
  func element(_ id: String, hash: UInt32) -> Element? {
    table.place(of: hash) { $0.hasID(id) }.map { table[$0] }
  }

  /// Puts an element of this id in, unless there is one: then that is returned.
  mutating func insert(_ element: Element, id: String) -> Element? {
    if let place = table.place(of: element.idHash, where: { $0.hasID(id) }) { return table[place] }
    table.insert(element, hash: element.idHash)
    return nil
  }

  /// Takes out the element of an id, where there is one.
  mutating func remove(_ id: String) {
    if let place = table.place(of: SagaInfo.hash(id), where: { $0.hasID(id) }) { table.remove(at: place) }
  }

  /// Takes this very element out; nothing changes when its id has another one, or none.
  mutating func remove(_ element: Element) where Element: AnyObject {
    if let place = table.place(of: element.idHash, where: { $0 === element }) { table.remove(at: place) }
  }

  /// Puts an element in the place of one of the same id, if that is the one that is meant; returns that.
  @discardableResult
  mutating func replace(with element: Element, where isMeant: (Element) -> Bool) -> Element? {
    guard let place = table.place(of: element.idHash, where: isMeant) else { return nil }
    defer { table[place] = element }
    return table[place]
  }
}

extension IDTable: Sendable where Element: Sendable {}
