/// Takes the value of an option off the arguments: `--speed 5` or `--speed=5`.
enum OptionValue {
  /// The value of the option that was just taken off; `nil` when `argument` is another one.
  ///
  /// - Parameter example: what it looks like when it is right.
  static func take(
    _ option: String, _ argument: String, _ rest: inout ArraySlice<String>, example: String
  ) throws(UsageError) -> String? {
    if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
    guard argument == option else { return nil }
    guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value: \(example)") }
    return value
  }
}
