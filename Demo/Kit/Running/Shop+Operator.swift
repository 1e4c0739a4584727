import Sagas

extension Shop {
  /// How long it takes until somebody looks at a saga that is stuck.
  private static let reactionTime = Duration.milliseconds(800)
  /// How often the operator has an undo tried again: more often than any provider of the demo refuses.
  private static let patience = 5

  /// Ends a saga that is stuck, in the way the shop was told to.
  ///
  /// Throws `SagaError` when the saga does not take it.
  func decide(about run: SagaRun<Checkout>) async throws -> Intervention {
    let report = await run.report
    var intervention = Intervention(
      undos: report.unresolved.filter { $0.reason == .undoFailed }.map { undo in
        Intervention.Undo(
          step: undo.step, reason: describe(undo.error),
          attempts: report.step(undo.step)?.undoAttempts ?? 0)
      })
    // Somebody who is in a hurry only looks earlier.
    try? await clock.sleep(until: clock.now.advanced(by: Self.reactionTime))
    switch decision {
    case .retry:
      repeat {
        try await run.retryCompensation()
        intervention.deeds.append("retryCompensation")
      } while await run.settled == .stuck && intervention.deeds.count < Self.patience
    case .skip:
      for undo in intervention.undos {
        if undo.step == Checkout.payment,
          let amount = try await payments.refundByHand(key: "\(run.id)/\(undo.step)")
        {
          intervention.deeds.append("refunded \(amount) by hand")
        }
        try await run.skipCompensation(step: undo.step)
        intervention.deeds.append("skipCompensation")
      }
    case .abandon:
      try await run.abandon()
      intervention.deeds.append("abandon")
    }
    return intervention
  }
}
