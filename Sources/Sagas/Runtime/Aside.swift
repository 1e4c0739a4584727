/// A value that is mostly not there, kept aside: one word where it is not.
///
/// Copying it copies the value, though no sooner than one of the copies is changed.
struct Aside<Value> {
  private final class Box {
    @exclusivity(unchecked) var value: Value?
    init(_ value: Value?) { self.value = value }
  }

  private var box: Box?

  init() {}

  var value: Value? {
    get { box?.value }
    _modify {
      if box != nil, isKnownUniquelyReferenced(&box), let box {
        defer { if box.value == nil { self.box = nil } }
        yield &box.value
      } else {
        var value = box?.value
        defer { box = value.map(Box.init) }
        yield &value
      }
    }
  }
}

// The box is shared by copies, which only read it.
extension Aside: @unchecked Sendable where Value: Sendable {}  // written into only by who has it alone

extension Aside: Equatable where Value: Equatable {
  static func == (a: Aside, b: Aside) -> Bool { a.value == b.value }
}

extension Aside: Hashable where Value: Hashable {
  func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
