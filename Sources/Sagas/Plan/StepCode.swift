/// The closures of one step, with the types of its `State` and result erased.
@usableFromInline
struct StepCode: Sendable {
  /// One attempt of the action. Runs off the saga's actor.
  @usableFromInline typealias Perform = @Sendable (AnyStateBox, StepRun) async throws -> any Sendable
  /// One attempt of the undo. Runs off the saga's actor.
  @usableFromInline typealias Undoing = @Sendable (ErasedEffect, UndoContext) async throws -> Void

  @usableFromInline let perform: Perform
  let coding: ValueCoding
  /// Where the result goes; `nil` when it is only journaled.
  let slot: SlotAccess?
  /// The step's own policy; `nil` takes the saga's defaults, then the configuration's.
  var retry: RetryPolicy?
  /// The step's own time limit; `nil` takes the saga's defaults, then the configuration's.
  var timeout: Duration?
  /// How long an attempt that was asked to stop is waited for; `nil` as above.
  var settleGrace: Duration?
  /// One closure per effect it was declared for.
  var undoCompleted: Undoing?
  var undoUnknown: Undoing?
  var undoFailed: Undoing?
  /// The undo's own policy; `nil` as above.
  var undoRetry: RetryPolicy?
  /// The undo's own time limit; `nil` as above.
  var undoTimeout: Duration?
  /// When, and whether, to undo; `nil` for in its turn.
  var strategy: ErasedStrategy?
  /// The result leaves the store with the end of the saga.
  var isRedacted = false
  /// Told when the step has failed for good.
  var onError: (@Sendable (any Error, StepRun) async -> Void)?
  /// Errors after which nobody knows whether the action has taken effect.
  var unknownErrors: [@Sendable (any Error) -> Bool] = []
}
