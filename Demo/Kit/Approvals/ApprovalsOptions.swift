/// What `approvals` can be told.
struct ApprovalsOptions: Hashable, Sendable {
  /// The reports; those that come with the demo when `nil`.
  var reports: String?
  /// The decisions; those that come with the demo when both files are `nil`, unless a person decides.
  var decisions: String?
  /// Whether decisions are typed.
  var isInteractive = false
  /// Where the sagas are kept.
  var store = StoreChoice.temporary
  /// Virtual hours in a second.
  var speed: Double?
  /// Whether to print lines instead of a table, also on a terminal.
  var isPlain = false

  static let speeds = 0.01...200.0

  init() {}

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--plain" {
        isPlain = true
      } else if argument == "--interactive" {
        isInteractive = true
      } else if let path = try OptionValue.take(
        "--reports", argument, &rest, example: "--reports reports.json")
      {
        reports = path
      } else if let path = try OptionValue.take(
        "--decisions", argument, &rest, example: "--decisions decisions.json")
      {
        decisions = path
      } else if let text = try OptionValue.take("--speed", argument, &rest, example: "--speed 10") {
        speed = try Self.speed(text)
      } else if try !store.take(argument, &rest) {
        throw UsageError(
          "unknown option '\(argument)': use --reports FILE, --decisions FILE, --interactive, --speed N, "
            + "--plain, --store PATH, --in-memory or --help")
      }
    }
  }

  /// The speed that was asked for, or one at which a person can follow.
  var effectiveSpeed: Double { speed ?? (isInteractive ? 0.5 : 20) }

  private static func speed(_ text: String) throws(UsageError) -> Double {
    guard let speed = Double(text), speeds.contains(speed) else {
      throw UsageError("--speed is in virtual hours per second, from 0.01 to 200, not '\(text)'")
    }
    return speed
  }
}
