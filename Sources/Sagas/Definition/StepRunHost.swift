/// The side of a saga instance that its steps may talk to.
@usableFromInline
protocol StepRunHost: AnyObject, Sendable {
  var info: SagaInfo { get }
  func report(_ progress: StepProgress)
  /// A value of the scratch as this run sees it.
  func scratch(_ name: String, for run: StepRun) -> ScratchValue?
  /// Sets a value of the scratch for this run, to be recorded with its outcome; `nil` removes it.
  func setScratch(_ value: ScratchValue?, _ name: String, by run: StepRun)
}
