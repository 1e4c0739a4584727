/// Reads and writes one slot of a `State` whose type the engine does not know.
@usableFromInline
struct SlotAccess: Sendable {
  /// The value in the slot, `nil` when it is empty.
  let read: @Sendable (AnyStateBox) -> (any Sendable)?
  /// Fills the slot, or empties it with `nil`. A value of another type is ignored.
  let write: @Sendable (AnyStateBox, (any Sendable)?) -> Void
  /// Fills the slot, and returns what was in it. A value of another type is ignored.
  let exchange: @Sendable (AnyStateBox, any Sendable) -> (any Sendable)?
  /// The key path, for comparing one slot with another.
  let keyPath: any AnyKeyPath & Sendable
  /// Whether the way to the slot goes through a class, so that a copy of the State is none.
  let isShared: Bool

  @usableFromInline
  init(
    read: @escaping @Sendable (AnyStateBox) -> (any Sendable)?,
    write: @escaping @Sendable (AnyStateBox, (any Sendable)?) -> Void,
    exchange: @escaping @Sendable (AnyStateBox, any Sendable) -> (any Sendable)?,
    keyPath: any AnyKeyPath & Sendable, isShared: Bool
  ) {
    self.read = read
    self.write = write
    self.exchange = exchange
    self.keyPath = keyPath
    self.isShared = isShared
  }
}

extension SlotAccess {
  /// Inlinable, so that the closures are made for the types of the slot, in the user's module.
  @inlinable
  init<State: Sendable, Value: Sendable>(_ slot: Slot<State, Value>) {
    self.init(
      read: { box in unsafeDowncast(box, to: StateBox<State>.self).value[keyPath: slot] },
      write: { box, value in
        let box = unsafeDowncast(box, to: StateBox<State>.self)
        if let value {
          guard let value = value as? Value else { return }
          box.value[keyPath: slot] = value
        } else {
          box.value[keyPath: slot] = nil
        }
      },
      exchange: { box, value in
        guard let value = value as? Value else { return nil }
        return Self.exchange(&unsafeDowncast(box, to: StateBox<State>.self).value[keyPath: slot], value)
      },
      keyPath: slot,
      isShared: slot is ReferenceWritableKeyPath<State, Value?>)
  }

  @inlinable
  static func exchange<Value>(_ slot: inout Value?, _ value: Value) -> Value? {
    let old = slot
    slot = value
    return old
  }
}
