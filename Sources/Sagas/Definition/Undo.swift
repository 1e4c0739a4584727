/// What an undo sees: the `State` its step saw with the step's own result in it, and why it runs.
///
/// Properties of the `State` are read as if they were its own, as with ``Context``: a slot throws
/// ``SagaError/Code/missing`` when it is empty, unless an optional is asked for. Everything here has been
/// recorded and is the same after a crash. Safe to pass to any task.
///
/// ```swift
/// .compensate { order, undo in try await orders.cancel(order, because: undo.error) }
/// .compensateUnknown { undo in try await payments.void(key: undo.idempotencyKey) }
/// ```
@dynamicMemberLookup
public struct Undo<State: Sendable>: Sendable {
  private let context: UndoContext
  private let box: StateBox<State>

  init(_ context: UndoContext) {
    self.context = context
    self.box = unsafeDowncast(context.box, to: StateBox<State>.self)
  }

  /// Why the saga is undone: its first failure.
  public var error: any Error { context.error }
  /// How many attempts the step's action had.
  public var attempts: Int { context.attempts }
  /// The key of the step's *action*, to look up or void what it may have done.
  ///
  /// The undo's own key is `run.idempotencyKey`.
  public var idempotencyKey: String { context.run.host.info.key(context.actionPath) }
  /// The run of the undo itself: its own attempt and key.
  public var run: StepRun { context.run }
  /// The plain `State`, slots as optionals.
  public var state: State { box.value }

  /// The value in a slot.
  /// - Throws: ``SagaError`` with the code ``SagaError/Code/missing`` when the slot is empty.
  public subscript<Value>(dynamicMember slot: KeyPath<State, Value?>) -> Value {
    get throws {
      guard let value = box.value[keyPath: slot] else { throw SagaError.missing(slot, run: run) }
      return value
    }
  }

  /// A property of the `State`.
  public subscript<Value>(dynamicMember property: KeyPath<State, Value>) -> Value {
    box.value[keyPath: property]
  }
}
