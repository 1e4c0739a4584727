/// What becomes of a saga when it fails.
public enum FailurePolicy: Sendable, Hashable {
  /// What was done is undone. The default.
  case compensate
  /// What was done stays: the saga ends as ``SagaStatus/failed`` once everything in flight has settled, and its
  /// failure lists what stands.
  case stop
}

extension FailurePolicy {
  var closing: Closing {
    switch self {
    case .compensate: .unwind
    case .stop: .stop
    }
  }
}
