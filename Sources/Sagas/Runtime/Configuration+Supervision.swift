extension SagaOrchestrator.Configuration {
  /// How the supervisor of an orchestrator watches over its sagas.
  ///
  /// Where something may be `nil`, that means never; nothing may be zero or less, otherwise
  /// ``SagaOrchestrator/register(_:deprecated:)`` and ``SagaOrchestrator/recover()`` throw ``SagaError``
  /// `invalidArgument`.
  public struct Supervision: Sendable {
    /// How often the supervisor looks for sagas that stall or are suspended; `nil` for never.
    public var checkInterval: Duration?
    /// How often the supervisor announces the statistics to whoever listens; `nil` for never.
    public var heartbeat: Duration?
    /// How often live sagas are held against what their store has of them; `nil` for never.
    public var stateCheck: Duration?
    /// How long a saga may record nothing, with nothing of it waiting, before it counts as stalled; `nil` for ever.
    public var stallThreshold: Duration?
    /// How many sagas of one name have to end as `failed` or get `stuck` in a row to raise
    /// ``SupervisorEvent/Kind/failureThresholdReached``; `nil` for no number of them.
    ///
    /// One that completes begins the row anew, and so does reaching the threshold. One that ends `compensated` is not
    /// looked at: it neither counts nor interrupts. One that gets stuck counts then, and not again when it is given up.
    public var failureThreshold: Int?
    /// Whether a name that has reached the failure threshold cannot be started for a while.
    public var stopsAdmission: Bool
    /// When such a name can be started again by itself; `nil` for only by ``SagaSupervisor/resetAdmission(_:)``.
    public var admissionCoolDown: Duration?
    /// What is done about sagas that stall or are suspended.
    public var policy: SupervisorPolicy

    /// How sagas are watched over; what is left out is as stated here.
    /// - Parameters:
    ///   - checkInterval: 30 seconds by default.
    ///   - heartbeat: 30 seconds by default.
    ///   - stateCheck: 60 seconds by default.
    ///   - stallThreshold: 5 minutes by default.
    ///   - failureThreshold: 5 by default.
    ///   - stopsAdmission: whether reaching the failure threshold keeps sagas of that name from being started; not by
    ///     default.
    ///   - admissionCoolDown: for how long; 60 seconds by default.
    ///   - policy: what is done about sagas that stall or are suspended; nothing by default.
    public init(
      checkInterval: Duration? = .seconds(30), heartbeat: Duration? = .seconds(30),
      stateCheck: Duration? = .seconds(60), stallThreshold: Duration? = .minutes(5),
      failureThreshold: Int? = 5, stopsAdmission: Bool = false, admissionCoolDown: Duration? = .seconds(60),
      policy: SupervisorPolicy = .leave
    ) {
      self.checkInterval = checkInterval
      self.heartbeat = heartbeat
      self.stateCheck = stateCheck
      self.stallThreshold = stallThreshold
      self.failureThreshold = failureThreshold
      self.stopsAdmission = stopsAdmission
      self.admissionCoolDown = admissionCoolDown
      self.policy = policy
    }

    /// Throws what keeps a supervisor from working with this.
    func check() throws {
      let durations = [
        ("checkInterval", checkInterval), ("heartbeat", heartbeat), ("stateCheck", stateCheck),
        ("stallThreshold", stallThreshold), ("admissionCoolDown", admissionCoolDown),
      ]
      for (name, duration) in durations {
        if let duration, duration <= .zero { throw SagaError.notPositive(name, "\(duration)") }
      }
      if let failureThreshold, failureThreshold < 1 {
        throw SagaError.notPositive("failureThreshold", "\(failureThreshold)")
      }
    }
  }
}
