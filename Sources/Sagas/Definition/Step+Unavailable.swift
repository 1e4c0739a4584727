// Spellings that suggest themselves and are not there, each with a message that says what to write instead.

extension Step {
  /// Not available: a step needs a name.
  @available(
    *, unavailable,
    message: """
      a step needs a stable name, it is its identity in the journal: Step("charge", \\.receipt) { ... }
      """
  )
  public init(
    _ slot: Slot<State, Output>, perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(StepDefinition(unavailable: ()))
  }

  /// Not available: a step needs a name.
  @available(
    *, unavailable,
    message: """
      a step needs a stable name, it is its identity in the journal: Step("charge", \\.receipt) { ... }
      """
  )
  public init(perform: @escaping @Sendable (Context<State>) async throws -> Output) {
    self.init(StepDefinition(unavailable: ()))
  }

  /// Not available: a result is journaled, so it must be `Codable`.
  @available(*, unavailable, message: "the result of a step is journaled, so its type must be Codable")
  public init(
    _ name: String, _ slot: Slot<State, Output>,
    perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(StepDefinition(unavailable: ()))
  }

  /// Not available: a result is journaled, so it must be `Codable`.
  @available(*, unavailable, message: "the result of a step is journaled, so its type must be Codable")
  public init(
    _ name: String, perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(StepDefinition(unavailable: ()))
  }

  /// Not available: a slot is an optional.
  @available(
    *, unavailable, message: "a slot is an optional `var` of the State, empty until its step has completed"
  )
  public init(
    _ name: String, _ slot: KeyPath<State, Output> & Sendable,
    perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(StepDefinition(unavailable: ()))
  }
}

extension Step where Output == Void {
  /// Not available: a step without a result has none to redact.
  @available(*, unavailable, message: "this step has no result, so there is nothing to redact")
  public func redacted() -> Self { self }

  /// Not available: a step without a result has nothing to give to its undo.
  @available(
    *, unavailable,
    message: """
      this step has no result (one would be Codable), so its undo takes one argument: \
      .compensate { undo in ... }
      """
  )
  public func compensate(_ undo: @escaping @Sendable (Void, Undo<State>) async throws -> Void) -> Self {
    self
  }

  /// Not available: a step without a result has nothing to give to its undo.
  @available(
    *, unavailable,
    message: """
      this step has no result (one would be Codable), so its undo takes one argument: \
      .compensate(.immediate) { undo in ... }
      """
  )
  public func compensate(
    _ strategy: CompensationStrategy<State>,
    _ undo: @escaping @Sendable (Void, Undo<State>) async throws -> Void
  ) -> Self {
    self
  }
}

extension StepDefinition {
  /// For initialisers that nobody can call.
  fileprivate init(unavailable: Void) {
    self.init(name: "", code: StepCode(perform: { _, _ in () }, coding: .nothing, slot: nil))
  }
}
