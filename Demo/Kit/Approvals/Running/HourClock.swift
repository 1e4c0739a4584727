import Sagas

/// A clock on which hours pass in a moment.
final class HourClock: SagaClock {
  /// How far ahead it is promised what time it may be.
  private static let step = Duration.minutes(30)
  /// How late a change of the speed is noticed by who sleeps.
  private static let longestNap = Duration.milliseconds(100)

  private struct Hand: Sendable {
    /// The virtual time at some moment…
    var time: Timestamp
    /// … that moment by the clock beneath…
    var moment: Timestamp
    /// … and how many virtual hours pass in a second from there.
    var speed: Double
    /// No later time than this is told before the next promise.
    var promised: Timestamp

    func time(at now: Timestamp) -> Timestamp {
      time.advanced(by: max(moment.duration(to: now), .zero) * (speed * 3_600))
    }
  }

  private let beneath: any SagaClock
  private let hand: Lock<Hand>
  private let promise: (@Sendable (Timestamp) -> Void)?

  /// - Parameters:
  ///   - beneath: the clock whose seconds it turns into hours.
  ///   - start: the time it begins with; that of the clock beneath when `nil`.
  ///   - speed: virtual hours in a second; more than 0.
  ///   - promise: notes a time before a later one than the last is told. A clock that begins with the last one noted
  ///     goes on where this one was, or half an hour later, and never before.
  init(
    over beneath: any SagaClock = SystemClock(), start: Timestamp? = nil, speed: Double,
    promise: (@Sendable (Timestamp) -> Void)? = nil
  ) {
    self.beneath = beneath
    let moment = beneath.now
    let start = start ?? moment
    hand = Lock(Hand(time: start, moment: moment, speed: speed, promised: start))
    self.promise = promise
  }

  /// Virtual hours in a second.
  var speed: Double { hand.withLock(\.speed) }

  /// Goes on at another speed.
  func change(speed: Double) {
    let moment = beneath.now
    hand.withLock { hand in
      hand.time = hand.time(at: moment)
      hand.moment = moment
      hand.speed = speed
    }
  }

  var now: Timestamp {
    let moment = beneath.now
    return hand.withLock { hand in
      let time = hand.time(at: moment)
      if time > hand.promised {
        hand.promised = time.advanced(by: Self.step)
        promise?(hand.promised)
      }
      return time
    }
  }

  func sleep(until deadline: Timestamp) async throws {
    try Task.checkCancellation()
    while true {
      let remaining = now.duration(to: deadline)
      guard remaining > .zero else { return }
      let nap = remaining / (speed * 3_600) + .microseconds(10)
      try await beneath.sleep(until: beneath.now.advanced(by: min(nap, Self.longestNap)))
    }
  }
}
