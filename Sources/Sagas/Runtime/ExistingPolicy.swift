/// What `start` does when a saga of that id exists, running or ended.
public enum ExistingPolicy: Sendable, Hashable {
  /// Throws ``SagaError`` with code `alreadyExists`, which carries the handle. The default.
  case fail
  /// Returns the handle of the saga that is there; its input and metadata stand, the new ones are not looked at.
  case join
}
