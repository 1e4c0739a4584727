extension Step where Output: Codable {
  /// A step that takes the value of a slot as its argument, and puts its result into a slot.
  ///
  /// ```swift
  /// Step("score", \.score, using: \.likes) { Double($0) * 10 }
  /// ```
  ///
  /// A step before this one must write the slot: that is checked at registration. Empty all the same (the
  /// step that writes it was optional, or in a branch not taken), it fails the attempt with
  /// ``SagaError/Code/missing``.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the result goes.
  ///   - a: the slot to read.
  ///   - perform: one attempt of the action. What it throws fails the attempt.
  @inlinable
  public init<A>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable,
    perform: @escaping @Sendable (A) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a))
    }
  }

  /// A step that takes the values of two slots as its arguments: see the form with one.
  @inlinable
  public init<A, B>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable, _ b: KeyPath<State, B?> & Sendable,
    perform: @escaping @Sendable (A, B) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a, b]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a), context.require(b))
    }
  }

  /// A step that takes the values of three slots as its arguments: see the form with one.
  @inlinable
  public init<A, B, C>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable, _ b: KeyPath<State, B?> & Sendable,
    _ c: KeyPath<State, C?> & Sendable,
    perform: @escaping @Sendable (A, B, C) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a, b, c]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a), context.require(b), context.require(c))
    }
  }

  /// A step that takes the values of four slots as its arguments: see the form with one.
  @inlinable
  public init<A, B, C, D>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable, _ b: KeyPath<State, B?> & Sendable,
    _ c: KeyPath<State, C?> & Sendable, _ d: KeyPath<State, D?> & Sendable,
    perform: @escaping @Sendable (A, B, C, D) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a, b, c, d]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a), context.require(b), context.require(c), context.require(d))
    }
  }

  /// A step that takes the values of five slots as its arguments: see the form with one.
  @inlinable
  public init<A, B, C, D, E>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable, _ b: KeyPath<State, B?> & Sendable,
    _ c: KeyPath<State, C?> & Sendable, _ d: KeyPath<State, D?> & Sendable,
    _ e: KeyPath<State, E?> & Sendable,
    perform: @escaping @Sendable (A, B, C, D, E) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a, b, c, d, e]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a), context.require(b), context.require(c), context.require(d), context.require(e))
    }
  }

  /// A step that takes the values of six slots as its arguments: see the form with one.
  @inlinable
  public init<A, B, C, D, E, F>(
    _ name: String, _ slot: Slot<State, Output>,
    using a: KeyPath<State, A?> & Sendable, _ b: KeyPath<State, B?> & Sendable,
    _ c: KeyPath<State, C?> & Sendable, _ d: KeyPath<State, D?> & Sendable,
    _ e: KeyPath<State, E?> & Sendable, _ f: KeyPath<State, F?> & Sendable,
    perform: @escaping @Sendable (A, B, C, D, E, F) async throws -> Output
  ) {
    self.init(name: name, slot: slot, uses: [a, b, c, d, e, f]) { box, run in
      let context = Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
      return try await perform(
        context.require(a), context.require(b), context.require(c), context.require(d), context.require(e),
        context.require(f))
    }
  }
}
