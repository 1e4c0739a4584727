extension SagaOrchestrator {
  /// Defaults for all sagas of an orchestrator. What a saga or a step says itself comes first.
  public struct Configuration: Sendable {
    /// Retries and time limits of steps whose saga and which themselves say nothing.
    public var defaults: StepDefaults
    /// How long an attempt that was asked to stop is waited for before its effect counts as unknown, where ``defaults``
    /// say nothing of that.
    public var settleGrace: Duration
    /// How long a saga may take, from its admission on, that declares no ``Saga/timeout`` and whose body goes on by
    /// itself: nothing of it waits for an event or sleeps. More than zero, `nil` for no limit; 24 hours by default.
    public var timeout: Duration?
    /// How long undoing may take in sagas that declare no ``Saga/unwindTimeout``; more than zero, `nil` for no limit.
    public var unwindTimeout: Duration?
    /// How values become bytes, where the store keeps bytes.
    public var codec: any Codec
    /// How many sagas may have an action running at the same time; `nil` for any number.
    ///
    /// A saga holds a slot from the decision to run an action of it until none of its actions is in flight, however
    /// many of its branches run; an action that was given up after its settle grace does not count any more. A
    /// backoff gives the slot back. Undoing needs none. A saga that has not got its first slot is
    /// ``SagaStatus/created``, and its own time limit has not begun; one that goes on and waits for its turn is
    /// ``SagaStatus/waiting``. Those who go on come before those who are new, each in the order in which they came.
    ///
    /// Has to be at least 1; otherwise ``SagaOrchestrator/register(_:deprecated:)`` and ``SagaOrchestrator/recover()``
    /// throw.
    public var maxConcurrentSagas: Int?
    /// How often a saga is recovered that does not get on; zero or more, `nil` for any number of times. 10 by default.
    ///
    /// Counted is a recovery that finds an action or an undo in flight: begun, and without an outcome. The count begins
    /// anew whenever the saga gets on: a step or an undo has settled, an event or a time has come, a condition was
    /// decided, it has failed or was cancelled, somebody has had it go on. So a saga that only waits is recovered at
    /// each start of the process for as long as it likes; one whose step ends the process, again and again, is parked
    /// with ``SagaError/Code/tooManyRecoveries``, and the others go on. ``SagaOrchestrator/recover(_:)`` tries it once
    /// more, ``SagaOrchestrator/cancel(_:compensating:)`` and ``SagaOrchestrator/abandon(_:)`` end it. A saga can have
    /// a number of its own, ``Saga/recoveries``.
    public var recoveries: Int?
    /// How long an event is kept at least; zero or more. 24 hours by default.
    ///
    /// It is kept longer as long as there is a live saga that began before it and whose definition names its type.
    public var eventRetention: Duration
    /// Stand around every attempt of all sagas, the first one outermost; a saga's own stand inside of them.
    public var interceptors: [any Interceptor]
    /// How the supervisor watches over the sagas.
    public var supervision: Supervision

    /// Defaults for all sagas; what is left out is as stated here.
    /// - Parameters:
    ///   - defaults: retries and time limits of steps; no retries and no limit of an action by default.
    ///   - settleGrace: 10 seconds by default.
    ///   - timeout: how long a saga may take that goes on by itself; 24 hours by default.
    ///   - unwindTimeout: none by default.
    ///   - codec: JSON by default.
    ///   - maxConcurrentSagas: how many sagas may have an action running at the same time; any number by default.
    ///   - recoveries: how often a saga is recovered that does not get on; 10 by default.
    ///   - eventRetention: how long an event is kept at least; 24 hours by default.
    ///   - interceptors: around every attempt of all sagas; none by default.
    ///   - supervision: how the supervisor watches over the sagas.
    public init(
      defaults: StepDefaults = StepDefaults(), settleGrace: Duration = .seconds(10),
      timeout: Duration? = .hours(24), unwindTimeout: Duration? = nil, codec: any Codec = JSONCodec(),
      maxConcurrentSagas: Int? = nil,
      recoveries: Int? = 10,
      eventRetention: Duration = .hours(24),
      interceptors: [any Interceptor] = [], supervision: Supervision = Supervision()
    ) {
      self.defaults = defaults
      self.settleGrace = settleGrace
      self.timeout = timeout
      self.unwindTimeout = unwindTimeout
      self.codec = codec
      self.recoveries = recoveries
      self.eventRetention = eventRetention
      self.interceptors = interceptors
      self.maxConcurrentSagas = maxConcurrentSagas
      self.supervision = supervision
    }

    /// Throws what keeps an orchestrator from working with this.
    func check() throws {
      if let limit = maxConcurrentSagas, limit < 1 { throw SagaError.noSlots(limit) }
      if let recoveries, recoveries < 0 { throw SagaError.negativeRecoveries(recoveries) }
      if eventRetention < .zero { throw SagaError.negativeRetention(eventRetention) }
      try supervision.check()
    }
  }
}
