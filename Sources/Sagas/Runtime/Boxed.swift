/// A value kept in memory of its own: one word here. Copying it copies the value, though no sooner than one of the
/// copies is changed.
struct Boxed<Value> {
  private final class Box {
    @exclusivity(unchecked) var value: Value
    init(_ value: Value) { self.value = value }
  }

  private var box: Box

  init(_ value: Value) { box = Box(value) }

  var value: Value {
    get { box.value }
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
      yield &box.value
    }
  }
}

// The box is shared by copies, which only read it.
extension Boxed: @unchecked Sendable where Value: Sendable {}  // written into only by who has it alone
