/// Where the key is that an event must have.
enum EventKeySource<State: Sendable, Key: Hashable & Sendable>: Sendable {
  case property(KeyPath<State, Key> & Sendable)
  case result(KeyPath<State, Key?> & Sendable)

  /// Whether reading it may fail.
  var mayFail: Bool {
    switch self {
    case .property: false
    case .result: true
    }
  }

  /// Throws ``SagaError`` with the code `missing` where it is a slot that is empty.
  func key(in box: AnyStateBox, _ run: StepRun) throws -> Key {
    let context = Context<State>(erased: box, run: run)
    switch self {
    case .property(let property): return context.state[keyPath: property]
    case .result(let slot): return try context.require(slot)
    }
  }
}
