/// What becomes of a saga when it fails.
public enum FailurePolicy: Sendable, Hashable {
  /// What was done is undone. The default.
  case compensate
  /// The saga stops where it failed, once what runs has settled: then resume, compensate, cancel or abandon it.
  case suspend
  /// What was done stays: the saga ends as ``SagaStatus/failed`` once everything in flight has settled, and its
  /// failure lists what stands.
  case stop
}
