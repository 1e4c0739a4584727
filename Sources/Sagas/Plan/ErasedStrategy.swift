/// A ``CompensationStrategy`` whose `State` the engine does not know.
enum ErasedStrategy: Sendable {
  case immediate
  case ask(@Sendable (AnyStateBox, StepRun, any Error) -> Verdict)
}
