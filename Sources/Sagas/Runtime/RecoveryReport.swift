/// What became of the sagas that ``SagaOrchestrator/recover()`` found.
public struct RecoveryReport: Sendable {
  /// Ids of the sagas that go on, in the order of their creation.
  public let recovered: [String]
  /// Sagas that cannot be run as they are, each with the reason.
  public let parked: [(id: String, error: SagaError)]
}
