/// What the engine hands to an undo, before the type of the `State` is put back by ``Undo``.
@usableFromInline
struct UndoContext: Sendable {
  /// The State the step saw, plus its own result.
  let box: AnyStateBox
  /// Why the saga is undone.
  let error: any Error
  /// How many attempts the step's action had.
  let attempts: Int
  /// The key of the action, not of the undo.
  let actionKey: String
  /// Run information of the undo itself.
  let run: StepRun
}
