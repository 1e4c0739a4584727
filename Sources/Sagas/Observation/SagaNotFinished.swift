/// The saga stands still without having ended: somebody has to decide before there is an output.
public struct SagaNotFinished: Error, Hashable, Sendable {
  /// `suspended`, `stuck` or `parked`.
  public let status: SagaStatus
  /// The saga's id.
  public let sagaID: String
}

extension SagaNotFinished: CustomStringConvertible {
  /// One line, without values of the user's.
  public var description: String {
    "saga '\(sagaID)' is \(status.rawValue): it has no output until somebody decides; see its report"
  }
}
