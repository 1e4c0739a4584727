/// What a closure of the user's has told. Anything larger than a number rides beside the event.
enum Answer: Hashable, Sendable {
  /// The number of the child to take, `nil` for none.
  case branch(UInt16?)
  case count(UInt32)
  case key
  case deadline(Timestamp)
  case state
  case requests
  /// An error: what a `Fail` asks for, or the closure itself threw.
  case failure
  /// The event, or the time that has passed, does not fail its wait.
  case noFailure
  /// How long to wait before the next attempt; `nil` for no further attempt.
  case retry(Duration?)
  /// What the step's strategy says.
  case verdict(Verdict)
  /// In which wave the step is undone, from 0. One answer per step, then `waves`. Of one wave, all begin together.
  case wave(UInt16)
  /// No more waves: what was left out follows, in reverse order of completion.
  case waves
  case output
}
