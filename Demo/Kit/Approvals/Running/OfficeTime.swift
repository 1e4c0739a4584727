import Sagas

/// Virtual time as it is shown: the demo begins on a Monday at nine.
struct OfficeTime: Sendable {
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// When it was Monday at nine.
  let opening: Timestamp

  /// `Tue 14:05`; from the second week on `Tue 14:05, week 2`.
  func text(_ time: Timestamp) -> String {
    let minutes = max(Int(opening.duration(to: time) / .seconds(60)), 0) + 9 * 60
    let (day, minute) = minutes.quotientAndRemainder(dividingBy: 24 * 60)
    let week = day / 7 + 1
    return "\(Self.days[day % 7]) \(Self.two(minute / 60)):\(Self.two(minute % 60))"
      + (week > 1 ? ", week \(week)" : "")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
