/// What `stress` can be told.
struct StressOptions: Hashable, Sendable {
  /// How many sagas wait.
  let waiting: Int

  static let limit = 10_000_000

  init(waiting: Int) { self.waiting = waiting }

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    var waiting: Int?
    while let argument = rest.popFirst() {
      let example = "--waiting 1000000"
      guard let text = try OptionValue.take("--waiting", argument, &rest, example: example) else {
        throw UsageError("unknown option '\(argument)': use --waiting N")
      }
      guard let number = Int(text), (1...Self.limit).contains(number) else {
        throw UsageError("--waiting is a whole number from 1 to \(Self.limit), not '\(text)'")
      }
      waiting = number
    }
    guard let waiting else { throw UsageError("stress needs to know how many sagas: --waiting 1000000") }
    self.waiting = waiting
  }
}
