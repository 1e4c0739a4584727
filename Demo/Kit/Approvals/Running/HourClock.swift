import Sagas
import Synchronization

/// A clock on which hours pass in a moment.
final class HourClock: SagaClock {
  /// How late a change of the speed is noticed by who sleeps.
  private static let longestNap = Duration.milliseconds(100)

  private struct Hand: Sendable {
    /// The virtual time at some moment…
    var time: Timestamp
    /// … that moment…
    var moment: ContinuousClock.Instant
    /// … and how many virtual hours pass in a second from there.
    var speed: Double

    func time(at now: ContinuousClock.Instant) -> Timestamp {
      time.advanced(by: (now - moment) * (speed * 3_600))
    }
  }

  private let hand: Mutex<Hand>

  /// - Parameters:
  ///   - start: the time it begins with.
  ///   - speed: virtual hours in a second; more than 0.
  init(start: Timestamp = SystemClock().now, speed: Double) {
    hand = Mutex(Hand(time: start, moment: .now, speed: speed))
  }

  /// Virtual hours in a second.
  var speed: Double { hand.withLock(\.speed) }

  /// Goes on at another speed.
  func change(speed: Double) {
    let moment = ContinuousClock.now
    hand.withLock { $0 = Hand(time: $0.time(at: moment), moment: moment, speed: speed) }
  }

  var now: Timestamp {
    let moment = ContinuousClock.now
    return hand.withLock { $0.time(at: moment) }
  }

  func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    while true {
      let remaining = now.duration(to: deadline)
      guard remaining > .zero else { return }
      let nap = remaining / (speed * 3_600) + .microseconds(10)
      try await ContinuousClock().sleep(for: min(nap, Self.longestNap))
    }
  }
}
