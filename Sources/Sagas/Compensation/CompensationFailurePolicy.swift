/// What becomes of a saga when an undo has failed for good, after all the other undoes have run.
public enum CompensationFailurePolicy: Sendable, Hashable {
  /// The saga is held as ``SagaStatus/stuck`` until somebody decides. The default.
  case stuck
  /// The saga ends as ``SagaStatus/failed``, with what could not be undone in its list.
  case finish
}
