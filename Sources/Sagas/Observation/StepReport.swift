/// What is known of one step of one saga.
public struct StepReport: Sendable {
  /// The step's name.
  public let name: String
  /// The step's status.
  public let status: StepStatus
  /// What may have happened in the world; `nil` while nothing has come back.
  public let effect: Effect<JournaledValue>?
  /// Attempts of the action so far.
  public let attempts: Int
  /// Attempts of the undo so far; counted apart.
  public let undoAttempts: Int
  /// What the last failed attempt failed with.
  public let error: (any Error)?
  /// What the last failed attempt of the undo failed with.
  public let undoError: (any Error)?
  /// When the first attempt began.
  public let startedAt: Timestamp?
  /// When the action settled.
  public let endedAt: Timestamp?
}
