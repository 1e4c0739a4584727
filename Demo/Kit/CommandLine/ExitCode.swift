/// What the demo tells whoever called it.
enum ExitCode: Int32, Sendable {
  /// Every order has ended, and every cent is accounted for.
  case success = 0
  /// The money does not add up, or an order has not ended.
  case notReconciled = 1
  /// It was called the wrong way, or the file of orders is no good.
  case usage = 2
  /// Ctrl-C. Everything under way was undone, and the money adds up.
  case interrupted = 130
}
