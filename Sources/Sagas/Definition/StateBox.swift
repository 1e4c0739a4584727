/// Holds the `State` of a saga, or of one of its open branches, behind a type the engine can store.
@usableFromInline
class AnyStateBox: @unchecked Sendable {  // written into only by who has it alone
  // Readers hold a reference and only read; the saga's actor writes only into a box that
  // nobody else holds, and replaces a shared one by a copy first.
  @usableFromInline init() {}

  /// A box of the same value that nobody else holds.
  func copy() -> AnyStateBox { AnyStateBox() }
}

/// The typed box. Engine and program of a saga agree on `State`, because both were made from one definition.
@usableFromInline
final class StateBox<State: Sendable>: AnyStateBox, @unchecked Sendable {  // for the reason at `AnyStateBox`
  @usableFromInline var value: State

  @usableFromInline init(_ value: State) { self.value = value }

  override func copy() -> AnyStateBox { StateBox(value) }
}
