extension Step where Output: Codable {
  /// Undoes the completed step, given its result, when its strategy says so.
  ///
  /// ```swift
  /// .compensate(.immediate) { try await seats.release($0) }
  /// ```
  ///
  /// The strategy is the step's: it counts for an unknown effect as well.
  public func compensate(
    _ strategy: CompensationStrategy<State>, _ undo: @escaping @Sendable (Output) async throws -> Void
  ) -> Self {
    compensate(undo).with { $0.code.strategy = strategy.erased }
  }

  /// Undoes the completed step, given its result and what is known of the saga's failure, when its strategy says so.
  ///
  /// ```swift
  /// .compensate(.when(Rejected.self)) { order, undo in try await orders.cancel(order, because: undo.error) }
  /// ```
  public func compensate(
    _ strategy: CompensationStrategy<State>,
    _ undo: @escaping @Sendable (Output, Undo<State>) async throws -> Void
  ) -> Self {
    compensate(undo).with { $0.code.strategy = strategy.erased }
  }
}

extension Step where Output == Void {
  /// Undoes the completed step, which has no result, when its strategy says so.
  public func compensate(
    _ strategy: CompensationStrategy<State>, _ undo: @escaping @Sendable (Undo<State>) async throws -> Void
  ) -> Self {
    compensate(undo).with { $0.code.strategy = strategy.erased }
  }
}
