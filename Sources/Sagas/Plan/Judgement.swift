/// What an event makes of the node that has taken it.
enum Judgement: Sendable {
  /// It is done, with this value.
  case value(any Sendable)
  /// It has failed.
  case failure(any Error)
}
