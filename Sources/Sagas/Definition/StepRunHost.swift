/// The side of a saga instance that its steps may talk to.
@usableFromInline
protocol StepRunHost: AnyObject, Sendable {
  var info: SagaInfo { get }
  func report(_ progress: StepProgress)
}
