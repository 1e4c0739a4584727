/// What a plan takes for everything that neither a step nor its saga declares: the orchestrator's
/// configuration.
struct PlanDefaults: Sendable {
  var step = StepDefaults()
  var settleGrace: Duration = .seconds(10)
  var undoRetry: RetryPolicy = .exponential(retries: 3, from: .seconds(1))
  var undoTimeout: Duration = .seconds(30)
  /// Around those of the saga.
  var interceptors: [any Interceptor] = []
}
