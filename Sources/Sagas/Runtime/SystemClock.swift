#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// The wall clock of the machine.
public struct SystemClock: SagaClock {
  /// The longest sleep in one piece: how late it may be noticed that the clock was set or the machine slept.
  private static let longestNap = Duration.seconds(60)

  /// The wall clock of the machine.
  public init() {}

  /// The time it is, to the nanosecond where the system has it.
  public var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
  }

  /// Returns once the wall clock has reached `deadline`; throws `CancellationError` when the task is cancelled.
  ///
  /// Never returns early, whatever the timers of the system do.
  public func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    while true {
      let remaining = now.duration(to: deadline)
      guard remaining > .zero else { return }
      try await ContinuousClock().sleep(for: min(remaining, Self.longestNap))
    }
  }
}
