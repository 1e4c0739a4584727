/// The closures of one node. All but a step's are asked on the saga's actor: once, synchronously, and recorded.
enum NodeCode: Sendable {
  /// Sequences and groups have no closures.
  case none
  /// Shared, because a step's code is looked at many times while it runs.
  case step(Shared<StepCode>)
  /// The number of the branch to take, `nil` for none of them.
  case choice(@Sendable (AnyStateBox, StepRun) throws -> Int?)
  case fail(@Sendable (AnyStateBox, StepRun) throws -> any Error)
  case output(@Sendable (AnyStateBox, StepRun) throws -> any Sendable, ValueCoding)

  var step: Shared<StepCode>? {
    if case .step(let code) = self { code } else { nil }
  }
}
