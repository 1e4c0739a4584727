/// Where the library takes the time from, and how it waits for a point in time.
///
/// Deadlines are points in time, not durations, so that they mean the same after a restart. ``SystemClock`` is the
/// one to use in an application; tests use one that stands still until it is told to move.
public protocol SagaClock: Sendable {
  /// The time it is. May go back, when somebody sets the clock; what the library records never does.
  var now: Timestamp { get }

  /// Returns once `now` has reached `deadline`, at once if it already has.
  ///
  /// Throws `CancellationError`, without waiting any longer, when the calling task is cancelled, also where the
  /// deadline has passed already.
  func sleep(until deadline: Timestamp) async throws
}
