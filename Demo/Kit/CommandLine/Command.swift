/// What somebody asked the demo for.
enum Command: Hashable, Sendable {
  /// Check out orders.
  case checkout(CheckoutOptions)
  /// Print the plan of the saga.
  case diagram
  /// Print how to use it.
  case help

  /// Reads the arguments, without the name of the program.
  ///
  /// Throws ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) {
      self = .help
      return
    }
    guard let first = arguments.first else {
      self = .checkout(CheckoutOptions())
      return
    }
    let rest = Array(arguments.dropFirst())
    switch first {
    case "help": self = .help
    case "checkout": self = .checkout(try CheckoutOptions(rest))
    case "diagram":
      if let extra = rest.first { throw UsageError("'diagram' takes no arguments: leave out '\(extra)'") }
      self = .diagram
    case _ where first.hasPrefix("-") || first.contains("/") || first.contains("."):
      self = .checkout(try CheckoutOptions(arguments))
    default:
      throw UsageError("unknown command '\(first)': use checkout, diagram or help")
    }
  }
}
