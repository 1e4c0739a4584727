/// Reads and writes one slot of a `State` whose type the engine does not know.
struct SlotAccess: Sendable {
  /// The value in the slot, `nil` when it is empty.
  let read: @Sendable (AnyStateBox) -> (any Sendable)?
  /// Fills the slot, or empties it with `nil`. A value of another type is ignored.
  let write: @Sendable (AnyStateBox, (any Sendable)?) -> Void
  /// The key path, for comparing one slot with another.
  let keyPath: any AnyKeyPath & Sendable
}

extension SlotAccess {
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
      keyPath: slot)
  }
}
