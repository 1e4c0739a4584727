/// What became of a decision.
enum DecisionFate: Hashable, Sendable {
  /// It came while its report waited for it.
  case taken
  /// It came before its report waited for it, was kept, and taken then.
  case early
  /// It came before its report had been handed in, was kept, and taken then.
  case beforeSubmission
  /// Nobody waited for it any more.
  case late
  /// It was kept, and its report ended without it.
  case unused
  /// It had come before under the same id, and was refused.
  case duplicate
  /// There is no such report.
  case stray
}
