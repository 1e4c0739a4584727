/// What a saga has of the slots of its engine.
enum SlotHold: Sendable {
  case none
  /// In line; `due` are the steps whose backoff is over and that wait for the slot, in the order they became due.
  /// Kept apart, so that a saga that is not in line has no room for it.
  indirect case queued(Slots.Pool.Ticket, due: [NodeID])
  case held

  var isNone: Bool { if case .none = self { true } else { false } }
  var isQueued: Bool { if case .queued = self { true } else { false } }
}
