/// A body as it was written, its types erased: what the plan is compiled from.
indirect enum NodeTree: Sendable {
  /// One after the other.
  case sequential([NodeTree])
  /// One after the other, until an event ends it.
  case guarded(WaitDefinition, [NodeTree])
  /// Side by side.
  case parallel(name: String, branches: [NodeTree])
  /// At most one of several.
  case choice(ChoiceTree)
  case step(StepDefinition)
  case wait(WaitDefinition)
  case sleep(name: String, Duration)
  case pivot(name: String)
  case fail(name: String, @Sendable (AnyStateBox, StepRun) throws -> any Error)
}
