/// The handle of one saga. Copies are the same saga; letting go of it changes nothing.
public struct SagaRun<S: Saga>: Sendable {
  let core: RunCore

  init(_ core: RunCore) { self.core = core }

  /// The saga's id.
  public var id: String { core.info.id }

  /// Its present status.
  public var status: SagaStatus { get async { await core.image().status } }

  /// Everything that is known of it now.
  public var report: SagaReport { get async { await core.report() } }

  /// How it ended. Returns on a terminal status only; cancelling the waiting task neither cancels the saga nor
  /// shortens the wait.
  public var outcome: SagaOutcome<S.Output> { get async { await core.outcome(as: S.Output.self) } }

  /// Its output, once it has completed.
  ///
  /// Throws ``SagaFailure`` when it ended otherwise, and ``SagaNotFinished`` once it is suspended, stuck or parked.
  public var output: S.Output { get async throws { try await core.output(as: S.Output.self) } }

  /// Its status, once it does not go on by itself: terminal, suspended, stuck or parked.
  public var settled: SagaStatus { get async { await core.bulletin.settled() } }

  /// Its states as they change, the present one first.
  public var updates: SagaUpdates { core.updates }

  /// The result of the last step that ran and writes this slot.
  ///
  /// Throws ``SagaError``: `missing` where no step has written it, `invalidArgument` where none ever does.
  public func result<Value: Codable & Sendable>(of slot: WritableKeyPath<S.State, Value?> & Sendable)
    async throws
    -> Value
  {
    try await core.result(of: slot, as: Value.self)
  }

  /// The result of a step, by its name; steps without a slot included.
  ///
  /// Throws ``SagaError``: `missing` where it has not completed, `wrongType`, or `invalidArgument` where there is no
  /// such step.
  public func result<Value: Codable & Sendable>(of step: String, as type: Value.Type) async throws -> Value {
    try await core.result(of: step, as: type)
  }
}
