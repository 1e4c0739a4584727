/// How a saga ended.
public enum SagaOutcome<Output: Sendable>: Sendable {
  /// Everything was done.
  case completed(Output)
  /// It failed or was cancelled, and what had been done was undone, but for what the failure lists.
  case compensated(SagaFailure)
  /// It ended without undo, or was given up; the failure lists what stands.
  case failed(SagaFailure)

  /// Whether the saga completed.
  public var isSuccess: Bool {
    if case .completed = self { true } else { false }
  }

  /// The failure, unless the saga completed.
  public var failure: SagaFailure? {
    switch self {
    case .completed: nil
    case .compensated(let failure), .failed(let failure): failure
    }
  }
}
