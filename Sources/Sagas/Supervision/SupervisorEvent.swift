/// Something the supervisor announces.
public struct SupervisorEvent: Sendable {
  /// What is announced. More kinds may be added in any version.
  public struct Kind: Hashable, Sendable, CustomStringConvertible {
    /// The name of the kind.
    public let description: String
    init(_ name: String) { description = name }

    /// A step failed, nothing in the saga tolerates that, and ``SupervisorEvent/status`` is what the saga does about
    /// it by its own policy. A saga that somebody cancels or gives up has not failed.
    public static let sagaFailed = Kind("sagaFailed")
    /// The saga's own time limit passed; ``SupervisorEvent/status`` is what it does about it.
    public static let sagaTimedOut = Kind("sagaTimedOut")
    /// The saga's own time limit passed behind its pivot, where that changes nothing.
    public static let overdue = Kind("overdue")
    /// The saga is suspended, and nothing of it is in flight any more.
    public static let sagaSuspended = Kind("sagaSuspended")
    /// The saga is stuck: somebody has to decide.
    public static let sagaStuck = Kind("sagaStuck")
    /// The saga has recorded nothing for the stall threshold, and nothing of it waits. Announced once until it records
    /// something again.
    public static let sagaStalled = Kind("sagaStalled")
    /// A step's action or undo has failed for good because its retries are used up.
    public static let retriesExhausted = Kind("retriesExhausted")
    /// A result came after its undo had begun or the saga had ended.
    public static let lateResult = Kind("lateResult")
    /// The saga goes on after a crash, or after another orchestrator.
    public static let recovered = Kind("recovered")
    /// The saga cannot be run as it is, or was recovered too often without getting on; the error says which.
    public static let sagaParked = Kind("sagaParked")
    /// So many sagas of this name in a row ended as failed or got stuck.
    public static let failureThresholdReached = Kind("failureThresholdReached")
    /// Sagas of this name cannot be started for now.
    public static let admissionStopped = Kind("admissionStopped")
    /// What the store has of the saga is not what the saga is.
    public static let stateDiffers = Kind("stateDiffers")
    /// The store could not say what it has of the saga; the state check ends here for this time.
    public static let stateCheckFailed = Kind("stateCheckFailed")
    /// The supervisor has done what its policy says, see ``SupervisorEvent/decision``.
    public static let policyApplied = Kind("policyApplied")
    /// The saga refused what the policy says; the error says why.
    public static let policyRefused = Kind("policyRefused")
    /// A sign of life, with the statistics.
    public static let heartbeat = Kind("heartbeat")
  }

  /// What is announced.
  public let kind: Kind
  /// When it happened, or was found.
  public let time: Timestamp
  /// The saga's id; `nil` for what is about no single saga.
  public let sagaID: String?
  /// The name of the saga's definition; `nil` for a heartbeat.
  public let sagaName: String?
  /// The saga's status behind what happened.
  public let status: SagaStatus?
  /// The step concerned.
  public let step: String?
  /// What went wrong.
  public let error: (any Error)?
  /// What the policy says.
  public let decision: SupervisorPolicy.Decision?
  /// The statistics; of a heartbeat.
  public let statistics: SagaStatistics?

  init(
    _ kind: Kind, at time: Timestamp, id: String? = nil, name: String? = nil, status: SagaStatus? = nil,
    step: String? = nil, error: (any Error)? = nil, decision: SupervisorPolicy.Decision? = nil,
    statistics: SagaStatistics? = nil
  ) {
    self.kind = kind
    self.time = time
    sagaID = id
    sagaName = name
    self.status = status
    self.step = step
    self.error = error
    self.decision = decision
    self.statistics = statistics
  }
}

extension SupervisorEvent: CustomStringConvertible {
  /// Names the kind, the saga, the step and the type of the error, in one line; no values of the user's.
  public var description: String {
    var text = kind.description
    if let sagaName { text += " '\(sagaName)'" }
    if let sagaID { text += " (\(sagaID))" }
    if let status { text += ", \(status.rawValue)" }
    if let step { text += ", step '\(step)'" }
    if let decision { text += ", \(decision)" }
    if let error { text += ": \(describeType(of: error))" }
    return text
  }
}
