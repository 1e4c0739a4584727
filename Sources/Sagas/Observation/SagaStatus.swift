/// Where a saga is in its life.
public enum SagaStatus: String, Sendable, Hashable, Codable, CaseIterable {
  /// Accepted, waiting for a slot.
  case created
  /// At least one of its actions runs.
  case running
  /// No action runs: it waits for an event, a time, the next attempt of a step, or a slot.
  case waiting
  /// It has failed or was cancelled: what is in flight settles, what was done is undone.
  case compensating
  /// Stopped by policy or by hand; may be resumed.
  case suspended
  /// An undo failed for good, the time for undoing is over, or a step behind the pivot failed; somebody has to decide.
  case stuck
  /// Cannot be run as it is: its version is not registered or has changed, its log cannot be read, it was recovered too
  /// often, or this process does not run it any more.
  case parked
  /// Ended: everything was done.
  case completed
  /// Ended: what was done has been undone, except for what the failure lists as unresolved.
  case compensated
  /// Ended without undo, or abandoned.
  case failed

  /// Whether this status is final. A terminal status never changes.
  public var isTerminal: Bool {
    switch self {
    case .completed, .compensated, .failed: true
    case .created, .running, .waiting, .compensating, .suspended, .stuck, .parked: false
    }
  }

  /// Whether the saga does not go on by itself: it has ended, or somebody has to act.
  public var isSettled: Bool {
    switch self {
    case .suspended, .stuck, .parked: true
    case .created, .running, .waiting, .compensating: false
    case .completed, .compensated, .failed: true
    }
  }
}
