/// The closures of one node. All but a step's are asked on the saga's actor: once, synchronously, and recorded.
enum NodeCode: Sendable {
  /// Sequences and groups have no closures, unless an event ends them.
  case none
  /// Shared, because a step's code is looked at many times while it runs.
  case step(Shared<StepCode>)
  /// That of a wait, or of the guard of a sequence.
  case wait(Shared<WaitCode>)
  /// The number of the branch to take, `nil` for none of them.
  case choice(@Sendable (AnyStateBox, StepRun) throws -> Int?)
  case fail(@Sendable (AnyStateBox, StepRun) throws -> any Error)
  case output(@Sendable (AnyStateBox, StepRun) throws -> any Sendable, ValueCoding)

  var step: Shared<StepCode>? {
    if case .step(let code) = self { code } else { nil }
  }

  var wait: Shared<WaitCode>? {
    if case .wait(let code) = self { code } else { nil }
  }

  /// Where the node's result goes; `nil` where it has none, or keeps it without a slot.
  var slot: SlotAccess? {
    switch self {
    case .step(let code): code.value.slot
    case .wait(let code): code.value.slot
    case .none, .choice, .fail, .output: nil
    }
  }

  /// What turns the result of a step or a wait into bytes; `nil` where there is none to keep.
  var coding: ValueCoding? {
    switch self {
    case .step(let code): code.value.coding
    case .wait(let code): code.value.slot == nil ? nil : code.value.coding
    case .none, .choice, .fail, .output: nil
    }
  }
}
