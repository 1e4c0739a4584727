/// A mistake in the use of the library, or something it could not do.
///
/// Switch over ``code``; the set of codes is open and grows. The description names saga, step and remedy, and no
/// value of the user's; ``cause`` has the error behind it, where there is one.
public struct SagaError: Error, Sendable {
  /// What went wrong. More codes may be added in any version.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name of the code.
    public let description: String
    package init(_ name: String) { description = name }

    /// `start` was called with the id of a saga that exists; ``SagaError/existing`` has its handle.
    public static let alreadyExists = Code("alreadyExists")
    /// There is no saga of that id.
    public static let notFound = Code("notFound")
    /// No definition of that name and version, or that type, has been registered.
    public static let notRegistered = Code("notRegistered")
    /// A definition of that name and version has been registered before.
    public static let alreadyRegistered = Code("alreadyRegistered")
    /// Every version that could be started was registered as deprecated: its sagas go on, and no new ones are started.
    public static let deprecated = Code("deprecated")
    /// The definition that is registered under a saga's name and version is not the one the saga was started with; it
    /// is parked.
    public static let definitionChanged = Code("definitionChanged")
    /// Something that was recorded of a saga is no value of the type its definition has for it now; it is parked.
    public static let undecodable = Code("undecodable")
    /// The saga is past its pivot: nothing of it is undone any more.
    public static let pastPivot = Code("pastPivot")
    /// The saga is not suspended; the verb is for suspended ones.
    public static let notSuspended = Code("notSuspended")
    /// A slot was given for a step, and several steps write it; ``SagaError/steps`` names them.
    public static let ambiguousStepName = Code("ambiguousStepName")
    /// The saga does not run; only one that runs can be suspended.
    public static let notRunning = Code("notRunning")
    /// The saga is not stuck; the verb is for stuck ones.
    public static let notStuck = Code("notStuck")
    /// Sagas of this name cannot be started for now; or none can, because the orchestrator is shut down.
    public static let admissionStopped = Code("admissionStopped")
    /// An argument is outside of what is allowed; the message says what is.
    public static let invalidArgument = Code("invalidArgument")
    /// The input given as JSON is not a `State` of the saga.
    public static let undecodableInput = Code("undecodableInput")
    /// The saga is of another type than asked for.
    public static let wrongType = Code("wrongType")
    /// A step read a slot that nothing visible to it has written.
    public static let missing = Code("missing")
    /// A result, an output or an input cannot be encoded for the store.
    public static let notEncodable = Code("notEncodable")
    /// The result was marked as redacted, and has left with the end of its saga.
    public static let redacted = Code("redacted")
    /// The saga has not ended, so there is no result yet.
    public static let notFinished = Code("notFinished")
    /// An attempt that was asked to stop did not return within its settle grace.
    public static let unsettled = Code("unsettled")
    /// The process went down while an attempt ran that must not be run a second time; what it did is unknown.
    public static let cutOff = Code("cutOff")
    /// Going on would run steps again that may have taken effect, and would need their undo first or are to run at most
    /// once; ``SagaError/steps`` names them.
    public static let wouldRepeat = Code("wouldRepeat")
    /// The orchestrator that ran this saga was shut down; the saga goes on where its store is recovered.
    public static let shutDown = Code("shutDown")
    /// Another orchestrator has taken this saga over from the store.
    public static let takenOver = Code("takenOver")
    /// The saga was recovered as often as is allowed without getting on; ``SagaError/steps`` names what was in flight.
    public static let tooManyRecoveries = Code("tooManyRecoveries")
    /// The id of the saga was used again, and let go, while the saga was about to be created.
    public static let staleRun = Code("staleRun")
    /// The recorded log of a saga cannot be read or contradicts itself.
    public static let brokenLog = Code("brokenLog")
    /// An interceptor returned without calling `next`, or called it a second time or too late.
    public static let interceptorMisuse = Code("interceptorMisuse")
    /// The store has no such ability.
    public static let unsupported = Code("unsupported")
    /// The store refused a write or a read.
    public static let storeFailed = Code("storeFailed")
  }

  /// What went wrong.
  public let code: Code
  /// What went wrong and what to do about it, in a sentence or two.
  public let message: String
  /// The saga concerned: its id, or the name of its definition where there is no instance.
  public let saga: String?
  /// The step concerned.
  public let step: String?
  /// The number of the attempt concerned, counted from 1.
  public let attempt: Int?
  /// The error behind this one.
  public let cause: (any Error)?
  /// The handle of the saga that is already there (code ``Code/alreadyExists``).
  public let existing: AnySagaRun?
  /// The steps that would be repeated (code ``Code/wouldRepeat``), or that could be meant (code
  /// ``Code/ambiguousStepName``), in the order of the body.
  public let steps: [String]

  package init(
    _ code: Code, _ message: String, saga: String? = nil, step: String? = nil, attempt: Int? = nil,
    cause: (any Error)? = nil, existing: AnySagaRun? = nil, steps: [String] = []
  ) {
    self.code = code
    self.message = message
    self.saga = saga
    self.step = step
    self.attempt = attempt
    self.cause = cause
    self.existing = existing
    self.steps = steps
  }
}

extension SagaError: CustomStringConvertible {
  /// Saga, step, attempt, what went wrong and the remedy, in one line.
  public var description: String {
    var place = saga.map { "saga '\($0)'" } ?? ""
    if let step { place += (place.isEmpty ? "" : ", ") + "step '\(step)'" }
    if let attempt { place += ", attempt \(attempt)" }
    return (place.isEmpty ? "" : place + ": ") + message
  }
}
