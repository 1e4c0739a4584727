/// What `stress --recover` can be told.
struct RecoveryOptions: Hashable, Sendable {
  /// How many sagas are in flight when their process is killed.
  var inFlight: Int
  /// How many have ended before, and are kept in the file.
  var finished = 0
  /// The file; for the process that is killed.
  var victimPath: String?

  static let limit = 1_000_000

  init(inFlight: Int) { self.inFlight = inFlight }

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    self.init(inFlight: 0)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if let text = try OptionValue.take("--recover", argument, &rest, example: "--recover 100000") {
        inFlight = try Self.number("--recover", text, from: 1)
      } else if let text = try OptionValue.take("--finished", argument, &rest, example: "--finished 100000") {
        finished = try Self.number("--finished", text, from: 0)
      } else if let path = try OptionValue.take("--victim", argument, &rest, example: "--victim sagas.db") {
        victimPath = path
      } else {
        throw UsageError("unknown option '\(argument)': use --recover N, --finished N")
      }
    }
  }

  private static func number(_ option: String, _ text: String, from least: Int) throws(UsageError) -> Int {
    guard let number = Int(text), (least...limit).contains(number) else {
      throw UsageError("\(option) is a whole number from \(least) to \(limit), not '\(text)'")
    }
    return number
  }

  /// The arguments of the process that is killed.
  func victim(path: String) -> [String] {
    ["stress", "--recover", "\(inFlight)", "--finished", "\(finished)", "--victim", path]
  }
}
