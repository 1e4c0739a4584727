/// What somebody asked the demo for.
enum Command: Hashable, Sendable {
  /// Check out orders.
  case checkout(CheckoutOptions)
  /// Have expense reports approved.
  case approvals(ApprovalsOptions)
  /// Park very many sagas.
  case stress(StressOptions)
  /// Kill a process with very many sagas, and recover them.
  case recovery(RecoveryOptions)
  /// Kill a process full of sagas, and go on with them.
  case crash(CrashOptions)
  /// Look at a store.
  case inspect(InspectOptions)
  /// Print the plan of the saga.
  case diagram
  /// Print how to use it.
  case help(Help)

  /// Reads the arguments, without the name of the program.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) {
      let topics: [String: Help] = [
        "approvals": .approvals, "stress": .stress, "crash": .crash, "inspect": .inspect,
      ]
      self = .help(topics[arguments[0]] ?? .demo)
      return
    }
    guard let first = arguments.first else {
      self = .checkout(CheckoutOptions())
      return
    }
    let rest = Array(arguments.dropFirst())
    switch first {
    case "help": self = .help(.demo)
    case "approvals": self = .approvals(try ApprovalsOptions(rest))
    case "stress" where rest.contains { $0.hasPrefix("--recover") }:
      self = .recovery(try RecoveryOptions(rest))
    case "stress": self = .stress(try StressOptions(rest))
    case "crash": self = .crash(try CrashOptions(rest))
    case "inspect": self = .inspect(try InspectOptions(rest))
    case "checkout": self = .checkout(try CheckoutOptions(rest))
    case "diagram":
      if let extra = rest.first { throw UsageError("'diagram' takes no arguments: leave out '\(extra)'") }
      self = .diagram
    case _ where first.hasPrefix("-") || first.contains("/") || first.contains("."):
      self = .checkout(try CheckoutOptions(arguments))
    default:
      throw UsageError(
        "unknown command '\(first)': use checkout, approvals, crash, inspect, stress, diagram or help")
    }
  }
}
