/// How many sagas have ended in each of the last sixty seconds.
struct EndingRate: Sendable {
  static let seconds = 60

  /// By the second since 1970, modulo sixty. Empty until something has ended.
  private var places: [(second: Int64, count: Int)] = []
  /// When the first of those was started that have ended.
  private(set) var since: Timestamp?

  /// Counts one.
  mutating func record(startedAt: Timestamp, endedAt: Timestamp) {
    if places.isEmpty { places = Array(repeating: (.min, 0), count: Self.seconds) }
    since = min(since ?? startedAt, startedAt)
    let second = Self.second(endedAt)
    let place = Int(second % Int64(Self.seconds))
    guard places[place].second <= second else { return }  // the clock was set back by more than a minute
    if places[place].second != second { places[place] = (second, 0) }
    places[place].count += 1
  }

  /// How many have ended in the second of `now` and the 59 before it.
  func count(at now: Timestamp) -> Int {
    let second = Self.second(now)
    return places.reduce(0) { sum, place in
      place.second > second - Int64(Self.seconds) && place.second <= second ? sum + place.count : sum
    }
  }

  /// What count to divide by, in seconds.
  static func span(since: Timestamp?, to now: Timestamp) -> Double {
    guard let since else { return 1 }
    return min(max(since.duration(to: now) / .seconds(1), 1), Double(seconds))
  }

  private static func second(_ time: Timestamp) -> Int64 { max(time.nanoseconds, 0) / 1_000_000_000 }
}
