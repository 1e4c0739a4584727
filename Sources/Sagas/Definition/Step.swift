/// An action of a saga, with what undoes it.
///
/// ```swift
/// Step("charge payment", \.receipt) { try await payments.charge($0.cart.total, key: $0.run.idempotencyKey) }
///   .retry(.exponential(retries: 4, from: .milliseconds(200), jitter: .full))
///   .timeout(.seconds(30))
///   .compensate { try await payments.refund($0) }
/// ```
///
/// Its name is its identity in the journal: a completed step never runs again, not after a crash either. One
/// that was under way at a crash is run again with the same `idempotencyKey`; give that key to whatever has
/// the effect.
///
/// Actions run off the saga's actor, on the orchestrator's executor, side by side with those of other
/// branches and sagas. One that is asked to stop (a timeout, a failure elsewhere, a cancel) sees its task
/// cancelled.
public struct Step<State: Sendable, Output: Sendable>: Flow {
  var definition: StepDefinition

  /// What it adds to the plan of the saga.
  public var node: Node<State> { Node(.step(definition)) }

  init(_ definition: StepDefinition) { self.definition = definition }
}

extension Step where Output: Codable {
  /// A step that puts its result into a slot.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - slot: where the result goes, as in `\.receipt`.
  ///   - perform: one attempt of the action. What it throws fails the attempt.
  @inlinable
  public init(
    _ name: String, _ slot: Slot<State, Output>,
    perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(name: name, slot: slot) { box, run in
      try await perform(Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run))
    }
  }

  /// A step whose result is only recorded, for its own undo and for reports.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - perform: one attempt of the action. What it throws fails the attempt.
  @inlinable
  public init(
    _ name: String, perform: @escaping @Sendable (Context<State>) async throws -> Output
  ) {
    self.init(name: name, slot: nil) { box, run in
      try await perform(Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run))
    }
  }

  /// Everything but the action, which the callers build in place so that it is specialised in the user's
  /// module.
  @inlinable
  init(
    name: String, slot: Slot<State, Output>?, uses: [any AnyKeyPath & Sendable] = [],
    perform: @escaping StepCode.Perform
  ) {
    self.init(name: name, access: slot.map { SlotAccess($0) }, uses: uses, perform: perform)
  }

  @usableFromInline
  init(
    name: String, access: SlotAccess?, uses: [any AnyKeyPath & Sendable], perform: @escaping StepCode.Perform
  ) {
    self.init(
      StepDefinition(
        name: name, code: StepCode(perform: perform, coding: ValueCoding(Output.self), slot: access),
        uses: uses))
  }
}

extension Step where Output == Void {
  /// A step without a result.
  /// - Parameters:
  ///   - name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  ///   - perform: one attempt of the action. What it throws fails the attempt.
  @inlinable
  public init(_ name: String, perform: @escaping @Sendable (Context<State>) async throws -> Void) {
    self.init(name: name) { box, run in
      try await perform(Context(box: unsafeDowncast(box, to: StateBox<State>.self), run: run))
      return ()
    }
  }

  @usableFromInline
  init(name: String, erased perform: @escaping StepCode.Perform) {
    self.init(StepDefinition(name: name, code: StepCode(perform: perform, coding: .nothing, slot: nil)))
  }
}
