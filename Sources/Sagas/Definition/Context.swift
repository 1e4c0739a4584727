/// What a closure of a saga sees: the `State` at its place in the plan, and the run it is part of.
///
/// Properties of the `State` are read as if they were the context's own. A slot reads as the value in it, and
/// throws ``SagaError`` with the code ``SagaError/Code/missing`` when nothing visible has written it; the
/// `try` of the call covers that. Where an optional is asked for, a slot gives one and does not throw:
///
/// ```swift
/// Step("create order", \.order) { try await orders.create($0.receipt) }   // a Receipt, not a Receipt?
/// Step("send mail") { if let quote = $0.quote { try await orders.mail(quote) } }
/// ```
///
/// A value: what other branches write meanwhile does not show. Safe to pass to any task.
@dynamicMemberLookup
public struct Context<State: Sendable>: Sendable {
  @usableFromInline let box: StateBox<State>
  /// The run this closure is part of: ids, attempt, time, progress reports.
  public let run: StepRun

  @inlinable
  init(box: StateBox<State>, run: StepRun) {
    self.box = box
    self.run = run
  }

  /// The plain `State`, slots as optionals.
  @inlinable
  public var state: State { box.value }

  /// The value in a slot.
  /// - Throws: ``SagaError`` with the code ``SagaError/Code/missing`` when the slot is empty.
  @inlinable
  public subscript<Value>(dynamicMember slot: KeyPath<State, Value?>) -> Value {
    get throws { try require(slot) }
  }

  /// A property of the `State`.
  @inlinable
  public subscript<Value>(dynamicMember property: KeyPath<State, Value>) -> Value {
    box.value[keyPath: property]
  }

  @inlinable
  func require<Value>(_ slot: KeyPath<State, Value?>) throws -> Value {
    guard let value = box.value[keyPath: slot] else { throw SagaError.missing(slot, run: run) }
    return value
  }
}

extension Context {
  /// The context of a closure whose `State` type the engine does not know.
  init(erased box: AnyStateBox, run: StepRun) {
    self.init(box: unsafeDowncast(box, to: StateBox<State>.self), run: run)
  }
}
