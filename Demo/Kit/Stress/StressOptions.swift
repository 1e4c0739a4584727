/// What `stress` can be told.
struct StressOptions: Hashable, Sendable {
  /// How many sagas wait.
  let waiting: Int
  /// How many bytes each of them may take; `nil` for any number.
  let atMost: Int?

  static let limit = 10_000_000

  init(waiting: Int, atMost: Int? = nil) {
    self.waiting = waiting
    self.atMost = atMost
  }

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    var waiting: Int?
    var atMost: Int?
    while let argument = rest.popFirst() {
      if let text = try OptionValue.take("--waiting", argument, &rest, example: "--waiting 1000000") {
        waiting = try Self.number("--waiting", text)
      } else if let text = try OptionValue.take("--at-most", argument, &rest, example: "--at-most 500") {
        atMost = try Self.number("--at-most", text)
      } else {
        throw UsageError("unknown option '\(argument)': use --waiting N, or --at-most BYTES")
      }
    }
    guard let waiting else { throw UsageError("stress needs to know how many sagas: --waiting 1000000") }
    self.waiting = waiting
    self.atMost = atMost
  }

  /// What is wrong with a waiting saga that takes so many bytes.
  func objection(to bytes: Int) -> StressFault? {
    guard let atMost, bytes > atMost else { return nil }
    return StressFault("a waiting saga takes \(bytes) bytes, more than \(atMost)")
  }

  private static func number(_ option: String, _ text: String) throws(UsageError) -> Int {
    guard let number = Int(text), (1...limit).contains(number) else {
      throw UsageError("\(option) is a whole number from 1 to \(limit), not '\(text)'")
    }
    return number
  }
}
