/// One state of a saga, for showing it to a person.
public struct SagaUpdate: Sendable {
  /// The saga's id.
  public let id: String
  /// The name of its definition.
  public let name: String
  /// The saga's status.
  public let status: SagaStatus
  /// Settled steps of planned steps, 0…1; the reported progress of running steps counts in part.
  public let progress: Double
  /// All steps and their statuses, in the order of the definition.
  public let steps: [(name: String, status: StepStatus)]
  /// The steps at work now, in the order of the definition: running, waiting, or being undone.
  public let currentSteps: [String]
  /// The attempt of the first of the current steps, counted from 1; 0 when none is at work, or it waits for
  /// an event or a time. In a backoff it is the attempt that failed.
  public let attempt: Int
  /// How many attempts that step may have; 0 when none is at work, or its policy sets no number.
  public let attempts: Int
  /// What a running step said it was at.
  public let stage: String?
  /// What a running step had to say.
  public let message: String?
}
