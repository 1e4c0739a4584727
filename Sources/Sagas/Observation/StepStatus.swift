/// Where a step is in its life.
public enum StepStatus: String, Sendable, Hashable, Codable, CaseIterable {
  /// Not reached yet.
  case pending
  /// An attempt of its action is in flight.
  case running
  /// It waits for its next attempt, an event or a time.
  case waiting
  /// Its action returned.
  case completed
  /// It failed for good, and it is known whether it took effect.
  case failed
  /// It failed for good, and nobody knows whether it took effect.
  case unknown
  /// A condition left it out.
  case skipped
  /// A failure or a cancel before it kept it from running.
  case blocked
  /// Its undo is under way.
  case compensating
  /// Its undo has completed.
  case compensated
  /// Its undo failed for good, or declared itself impossible.
  case compensationFailed
}
