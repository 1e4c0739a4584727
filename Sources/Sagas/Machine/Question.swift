/// What only the user's closures can tell. Asked once, answered at once, recorded with what led to it.
enum Question: UInt8, Hashable, Sendable, CaseIterable {
  /// Which branch of a choice?
  case branch
  /// How many elements has a for-each?
  case count
  /// Can the key be read under which a wait, or the guard of a sequence, listens?
  case key
  /// Until when does a sleep or a wait last?
  case deadline
  /// With which State does a child start?
  case state
  /// What is a pipeline to be asked?
  case requests
  /// With which error does a `Fail` fail? Does the event, or the time that has passed, fail its wait?
  case failure
  /// Is there another attempt of the action, and when?
  case retry
  /// Is there another attempt of the undo, and when?
  case undoRetry
  /// What does the step's strategy say: undo it now, later, never?
  case verdict
  /// In which waves are the steps undone? Asked of the root.
  case waves
  /// What is the saga's output?
  case output
}
