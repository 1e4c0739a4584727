/// What `checkout` can be told.
struct CheckoutOptions: Hashable, Sendable {
  /// The orders; those that come with the demo when `nil`.
  var file: String?
  /// Decides how long the services take.
  var seed: UInt64 = 1
  /// Where the sagas are kept.
  var store = StoreChoice.temporary
  /// What is done about sagas that are stuck.
  var decision = OperatorChoice.retry
  /// Whether to print lines instead of a table, also on a terminal.
  var isPlain = false

  init() {}

  /// Reads the arguments behind the command.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--plain": isPlain = true
      case "--seed": seed = try Self.seed(rest.popFirst())
      case _ where argument.hasPrefix("--seed="):
        seed = try Self.seed(String(argument.dropFirst("--seed=".count)))
      case "--operator": decision = try Self.decision(rest.popFirst())
      case _ where argument.hasPrefix("--operator="):
        decision = try Self.decision(String(argument.dropFirst("--operator=".count)))
      case _ where try store.take(argument, &rest): break
      case _ where argument.hasPrefix("-") && argument != "-":
        throw UsageError(
          "unknown option '\(argument)': "
            + "use --plain, --seed N, --operator DOES, --store PATH, --in-memory or --help")
      default:
        if let file { throw UsageError("more than one file: leave out '\(file)' or '\(argument)'") }
        file = argument
      }
    }
  }

  private static func seed(_ text: String?) throws(UsageError) -> UInt64 {
    guard let text else { throw UsageError("--seed needs a number: --seed 7") }
    guard let seed = UInt64(text) else {
      throw UsageError("--seed needs a whole number from 0 on, as in --seed 7, not '\(text)'")
    }
    return seed
  }

  private static func decision(_ text: String?) throws(UsageError) -> OperatorChoice {
    let words = "retry, skip or abandon"
    guard let text else { throw UsageError("--operator needs \(words): --operator skip") }
    guard let decision = OperatorChoice(rawValue: text) else {
      throw UsageError("--operator needs \(words), as in --operator skip, not '\(text)'")
    }
    return decision
  }
}
