/// What a plan takes for everything that neither a step nor its saga declares: the orchestrator's
/// configuration.
struct PlanDefaults: Sendable {
  var step = StepDefaults()
  /// How long a saga may take whose body goes on by itself.
  var timeout: Duration? = UnstatedTimeout.standard
  /// How long a whole unwind may take.
  var unwindTimeout: Duration?
  /// How often a saga is recovered that does not get on; `nil` for any number of times.
  var recoveries: Int? = 10
  /// Around those of the saga.
  var interceptors: [any Interceptor] = []

  /// What holds where nobody says anything.
  static let settleGrace: Duration = .seconds(10)
  static let undoRetry: RetryPolicy = .exponential(retries: 3, from: .seconds(1))
  static let undoTimeout: Duration = .seconds(30)
}
