/// Everything that is known of one saga at one moment, while it runs and after it has ended.
///
/// A value: it does not change while you read it.
public struct SagaReport: Sendable {
  /// The saga's id.
  public let id: String
  /// The name of its definition.
  public let name: String
  /// The version of the definition it started with.
  public let version: Int
  /// The saga's status.
  public let status: SagaStatus
  /// The State it was started with.
  public let input: JournaledValue?
  /// Its output, once it has completed.
  public let output: JournaledValue?
  /// What the caller of `start` passed along.
  public let metadata: [String: String]
  /// When it was accepted.
  public let startedAt: Timestamp
  /// When it ended.
  public let endedAt: Timestamp?
  /// Settled steps of planned steps, 0…1; the reported progress of running steps counts in part.
  public let progress: Double
  /// The first failure that was not tolerated.
  public let error: (any Error)?
  /// Failures that were tolerated, by step, in the order of the definition.
  public let failures: [(step: String, error: any Error)]
  /// What may stand in the world although the saga did not keep it, in the order of the definition.
  public let unresolved: [Unresolved]
  /// Mistakes of the compensation order that were ignored: names it does not know, or gave twice.
  public let warnings: [String]
  /// One report per step, in the order of the definition.
  public let steps: [StepReport]
  /// Steps whose action completed, in the order in which they completed; those undone later included.
  public let completedSteps: [String]
  /// Steps that were undone, in the order in which their undoes settled.
  public let compensatedSteps: [String]
  /// Steps a condition left out, in the order of the definition.
  public let skippedSteps: [String]
  /// Where it stands in the order of creation, where it was found by a list.
  var place: UInt64?

  /// Whether it can go on as if nothing had happened: it is suspended, and nothing of it is unresolved.
  public var canRecover: Bool { status == .suspended && unresolved.isEmpty }

  /// The report of one step, by its name.
  public func step(_ name: String) -> StepReport? { steps.first { $0.name == name } }

  /// The result of a step, by its name; `nil` when it has not completed or its result is of another type.
  public func result<Value: Decodable>(of name: String, as type: Value.Type) -> Value? {
    guard case .completed(let value)? = step(name)?.effect else { return nil }
    return value.value(as: type)
  }
}
