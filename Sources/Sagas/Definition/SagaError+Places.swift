/// What is wrong with the place a saga is to go on from, or to begin at.
extension SagaError {
  static func wouldRepeat(_ id: String, from step: String, _ steps: [String]) -> SagaError {
    SagaError(
      .wouldRepeat,
      "going on from here would repeat what has an undo, or is to run at most once: \(quoted(steps)); go on from behind them, or compensate and "
        + "start anew",
      saga: id, step: step, steps: steps)
  }

  static func beforePivot(_ id: String, from step: String) -> SagaError {
    SagaError(
      .pastPivot, "lies before the pivot that the saga has passed; go on from a step behind it", saga: id,
      step: step)
  }

  static func notTaken(_ saga: String, _ step: String, choice: String) -> SagaError {
    SagaError(
      .invalidArgument,
      "lies in a branch that '\(choice)' has not taken; name '\(choice)' instead, it is asked then",
      saga: saga,
      step: step)
  }

  static func noPart(_ saga: String, named name: String) -> SagaError {
    SagaError(
      .invalidArgument, "has no part of this name; give one as in its definition", saga: saga, step: name)
  }

  static func noWriter(_ saga: String, of slot: AnyKeyPath) -> SagaError {
    SagaError(
      .invalidArgument, "no step writes \(slot); name the step instead, as a text", saga: saga)
  }

  static func severalWriters(_ saga: String, of slot: AnyKeyPath, _ steps: [String]) -> SagaError {
    SagaError(
      .ambiguousStepName, "\(slot) is written by \(quoted(steps)); name one of them instead, as a text",
      saga: saga, steps: steps)
  }

  private static func quoted(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
