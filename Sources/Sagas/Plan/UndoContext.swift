/// What the engine hands to an undo, before the type of the `State` is put back by ``Undo``.
@usableFromInline
struct UndoContext: Sendable {
  /// The State the step saw, plus its own result.
  let box: AnyStateBox
  /// Why the saga is undone.
  let error: any Error
  /// How many attempts the step's action had.
  let attempts: Int
  /// What the key of the action, not of the undo, has behind the run's id.
  let actionPath: String
  /// Run information of the undo itself.
  let run: StepRun
}
