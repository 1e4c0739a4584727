extension Step {
  /// Undoes the step when the saga is undone: the form all others are made of.
  ///
  /// ```swift
  /// .undo(after: [.completed, .unknown]) { effect, undo in
  ///   switch effect {
  ///   case .completed(let receipt): try await payments.refund(receipt)
  ///   case .unknown, .failed: try await payments.void(key: undo.idempotencyKey)
  ///   }
  /// }
  /// ```
  ///
  /// Runs at least once and is never run again once it has been recorded as done; a crash in between runs it
  /// again under the same key. For each effect the last declaration counts.
  /// - Parameters:
  ///   - strategy: when, and whether, to undo; in its turn, unless given.
  ///   - effects: after which effects to undo; a step with another effect is left as it is. If the effect is
  ///     unknown and nothing is declared for it, the step is listed as unresolved.
  ///   - undo: one attempt of the undo. What it throws fails the attempt, see ``compensationRetry(_:)``.
  /// - Returns: the step with that undo.
  public func undo(
    _ strategy: CompensationStrategy<State> = .deferred,
    after effects: Set<EffectKind> = [.completed, .unknown],
    _ undo: @escaping @Sendable (Effect<Output>, Undo<State>) async throws -> Void
  ) -> Self {
    let undoing: StepCode.Undoing = { effect, context in
      try await undo(Self.typed(effect, context), Undo(context))
    }
    return with {
      $0.code.strategy = strategy.erased
      if effects.contains(.completed) { $0.code.undoCompleted = undoing }
      if effects.contains(.failed) { $0.code.undoFailed = undoing }
      if effects.contains(.unknown) { $0.code.undoUnknown = undoing }
    }
  }

  /// Undoes the step when nobody knows whether it has taken effect.
  ///
  /// There is no result to go by: use the key the action had.
  ///
  /// ```swift
  /// .compensateUnknown { try await payments.void(key: $0.idempotencyKey) }   // $0 is the Undo
  /// ```
  public func compensateUnknown(
    _ undo: @escaping @Sendable (Undo<State>) async throws -> Void
  ) -> Self {
    with { $0.code.undoUnknown = { _, context in try await undo(Undo(context)) } }
  }

  /// Runs the undo again when an attempt of it has failed: three retries from one second on, unless given.
  public func compensationRetry(_ policy: RetryPolicy) -> Self {
    with { $0.code.undoRetry = policy }
  }

  /// How long one attempt of the undo may take, more than zero; thirty seconds unless given.
  public func compensationTimeout(_ limit: Duration) -> Self {
    with { $0.code.undoTimeout = limit }
  }

  fileprivate static func typed(
    _ effect: ErasedEffect, _ context: UndoContext
  ) throws -> Effect<Output> {
    switch effect {
    case .failed(let error): return .failed(error)
    case .unknown(let error): return .unknown(error)
    case .completed(let value):
      guard let output = value as? Output else {
        throw SagaError(
          .brokenLog, "the recorded result is not a \(Output.self), as the definition has it",
          saga: context.run.sagaID, step: context.run.step, attempt: context.run.attempt)
      }
      return .completed(output)
    }
  }
}

extension Step where Output: Codable {
  /// Undoes the completed step, given its result.
  ///
  /// ```swift
  /// .compensate { try await payments.refund($0) }   // $0 is the Receipt
  /// .compensate(inventory.release)
  /// ```
  ///
  /// Runs at least once and is never run again once it has been recorded as done. A step whose effect is
  /// unknown is not undone by it: see ``compensateUnknown(_:)``.
  public func compensate(_ undo: @escaping @Sendable (Output) async throws -> Void) -> Self {
    compensate { output, _ in try await undo(output) }
  }

  /// Undoes the completed step, given its result and what is known of the saga's failure.
  ///
  /// ```swift
  /// .compensate { order, undo in try await orders.cancel(order, because: undo.error) }
  /// ```
  public func compensate(
    _ undo: @escaping @Sendable (Output, Undo<State>) async throws -> Void
  ) -> Self {
    with {
      $0.code.undoCompleted = { effect, context in
        guard case .completed(let output) = try Self.typed(effect, context) else { return }
        try await undo(output, Undo(context))
      }
    }
  }
}

extension Step where Output == Void {
  /// Undoes the completed step; as it has no result, the closure is given the ``Undo`` alone.
  ///
  /// ```swift
  /// Step("open the gate") { _ in try await gate.open() }
  ///   .compensate { _ in try await gate.close() }
  /// ```
  public func compensate(_ undo: @escaping @Sendable (Undo<State>) async throws -> Void) -> Self {
    with { $0.code.undoCompleted = { _, context in try await undo(Undo(context)) } }
  }
}
