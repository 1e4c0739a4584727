extension SagaError {
  /// A slot was read that is empty at this place of the plan.
  @usableFromInline
  static func missing(_ slot: AnyKeyPath, run: StepRun) -> SagaError {
    SagaError(
      .missing,
      """
      reads \(slot), which no completed step visible to it has written. Put the step that writes it before this \
      one, not beside it in a Parallel, or read it as an optional (if let value = $0.slot)
      """,
      saga: run.sagaID, step: run.step.isEmpty ? nil : run.step, attempt: run.attempt)
  }
}
