/// The wording of the library's errors, in one place.
extension SagaError {
  package static func takenOver(_ id: String) -> SagaError {
    SagaError(
      .takenOver,
      "another orchestrator has claimed this saga from the store and goes on with it; ask that one",
      saga: id)
  }

  static func admissionStopped(_ name: String? = nil) -> SagaError {
    SagaError(
      .admissionStopped,
      "this orchestrator was shut down and begins nothing new; make another one over the same store, register the "
        + "definitions, and call recover() before starting",
      saga: name)
  }

  static func shutDown(_ id: String) -> SagaError {
    SagaError(
      .shutDown,
      "the orchestrator that ran this saga was shut down; what the store has of it goes on once another "
        + "orchestrator over the same store calls recover()",
      saga: id)
  }

  static func brokenLog(_ id: String, _ what: String, cause: (any Error)? = nil) -> SagaError {
    SagaError(
      .brokenLog, "its recorded log cannot be used: \(what); it is parked, nothing of it is run", saga: id,
      cause: cause)
  }

  static func notInStore(_ id: String) -> SagaError {
    SagaError(
      .brokenLog, "its store has nothing of it; it goes on, but cannot be recovered: look at the store",
      saga: id)
  }

  static func storeDiffers(
    _ id: String, stored: (entries: UInt64, status: SagaStatus), live: (entries: UInt64, status: SagaStatus)
  ) -> SagaError {
    SagaError(
      .brokenLog,
      "its store has \(stored.entries) entries of it, up to \(stored.status.rawValue); it has recorded "
        + "\(live.entries), up to \(live.status.rawValue); after a crash it would go on from what the store has",
      saga: id)
  }

  static func tooManyRecoveries(
    _ id: String, _ recoveries: Int, _ steps: [String], isCancellable: Bool
  ) -> SagaError {
    let times =
      switch recoveries {
      case 0: "is not to be recovered by itself"
      case 1: "was recovered once without getting on"
      default: "was recovered \(recoveries) times without getting on"
      }
    return SagaError(
      .tooManyRecoveries,
      """
      \(times), with \
      \(steps.map { "'\($0)'" }.joined(separator: ", ")) in flight; find out whether that ends the process; \
      recover(id) tries it once more, \(isCancellable ? "cancel(id) and abandon(id) end" : "abandon(id) ends") it \
      without that
      """,
      saga: id, step: steps.first, steps: steps)
  }

  static func redacted(_ id: String? = nil, step: String? = nil) -> SagaError {
    SagaError(
      .redacted,
      "its result is marked as redacted and is not kept behind the end of the saga; ask before, or put what may be kept "
        + "into the output",
      saga: id, step: step)
  }

  package static func staleRun(_ id: String) -> SagaError {
    SagaError(.staleRun, "its id was used by another saga in between; start it again", saga: id)
  }

  static func negativeRecoveries(_ recoveries: Int) -> SagaError {
    SagaError(
      .invalidArgument, "recoveries is \(recoveries); use zero or more, or nil for any number of times")
  }

  static func notRegistered(_ name: String) -> SagaError {
    SagaError(
      .notRegistered,
      "no such saga is registered; call register(_:) with a value of it before it is started or recovered",
      saga: name)
  }

  static func alreadyRegistered(_ name: String, _ version: Int) -> SagaError {
    SagaError(
      .alreadyRegistered, "version \(version) is registered already; give a changed definition a new version",
      saga: name)
  }

  static func alreadyExists(_ id: String, _ existing: AnySagaRun) -> SagaError {
    SagaError(
      .alreadyExists,
      "a saga of this id exists; use its handle (`existing`), `onExisting: .join`, or another id",
      saga: id, existing: existing)
  }

  package static func notFound(_ id: String) -> SagaError {
    SagaError(.notFound, "no saga of this id runs here or is kept by the store", saga: id)
  }

  static func unsupported(_ what: String) -> SagaError {
    SagaError(.unsupported, "this store cannot \(what); use one that can, or add it to the store")
  }

  static func badLimit(_ limit: Int) -> SagaError {
    SagaError(.invalidArgument, "a page of \(limit) sagas has none; ask for 1 or more")
  }

  static func noPlace(_ id: String) -> SagaError {
    SagaError(
      .notFound,
      "no saga of this id is kept any longer, so nothing comes behind it; pass the last report of the page instead "
        + "of its id",
      saga: id)
  }

  package static func notEnded(_ id: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notFinished,
      "only a saga that has ended can be forgotten; this one is \(status.rawValue); cancel or abandon it first",
      saga: id)
  }

  static func notStuck(_ id: String, _ verb: String, _ status: SagaStatus) -> SagaError {
    SagaError(.notStuck, "\(verb) is for a stuck saga; this one is \(status.rawValue)", saga: id)
  }

  static func stuckOtherwise(_ id: String, _ verb: String, isForUnwind: Bool) -> SagaError {
    SagaError(
      .notStuck,
      isForUnwind
        ? "\(verb) is for a saga that failed undoes have made stuck; this one is stuck behind its pivot; use retry, "
          + "skip(step:) or abandon"
        : "\(verb) is for a saga that is stuck behind its pivot; failed undoes have made this one stuck; use "
          + "retryCompensation, skipCompensation(step:) or abandon",
      saga: id)
  }

  static func notHeld(_ id: String, _ verb: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notStuck, "\(verb) is for a saga held by a step that failed; this one is \(status.rawValue)", saga: id)
  }

  static func pastPivot(_ id: String, _ verb: String) -> SagaError {
    SagaError(
      .pastPivot,
      "\(verb) would undo, but the saga is past its pivot; use retry, skip, abandon, or cancel(compensating: false)",
      saga: id)
  }

  static func notSuspended(_ id: String, _ verb: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notSuspended, "\(verb) is for a suspended saga; this one is \(status.rawValue)", saga: id)
  }

  static func mustNotRepeat(_ id: String, _ verb: String, _ steps: [String]) -> SagaError {
    SagaError(
      .wouldRepeat,
      """
      \(verb) would run \(steps.map { "'\($0)'" }.joined(separator: ", ")) again, which may have taken effect and is \
      to do so at most once; find out what it did, then use skip(step:), or cancel, compensate or abandon
      """,
      saga: id, step: steps.first, steps: steps)
  }

  static func cutOff(step: String, attempt: Int) -> SagaError {
    SagaError(
      .cutOff,
      "its process went down, or lost the saga, before it had an outcome; it is to run at most once and is not run again",
      step: step, attempt: attempt)
  }

  static func unwindOver(step: String, attempt: Int) -> SagaError {
    SagaError(
      .unsettled,
      "its undo had no outcome when undoing had to end: its time was over, or the saga was given up",
      step: step, attempt: attempt)
  }

  static func notRunning(_ id: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notRunning, "only a saga that is running or waiting can be suspended; this one is \(status.rawValue)",
      saga: id)
  }

  static func notAtStandstill(_ id: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notStuck,
      "abandon is for a stuck or suspended saga of which nothing is in flight; this one is \(status.rawValue); cancel "
        + "it first",
      saga: id)
  }

  static func notRunHere(_ id: String, _ status: SagaStatus) -> SagaError {
    SagaError(
      .notFound,
      "no saga of this id runs here, but the store has one as \(status.rawValue); call recover(), or ask the "
        + "orchestrator that runs it",
      saga: id)
  }

  static func wrongType(_ id: String, _ found: String, _ asked: String) -> SagaError {
    SagaError(.wrongType, "is a '\(found)', not a '\(asked)'; ask for it by its own type", saga: id)
  }

  static func invalidID(_ id: String, _ problem: String) -> SagaError {
    SagaError(.invalidArgument, "the id \(problem.replacing(" in its name", with: " in it"))", saga: id)
  }

  static func noSlots(_ limit: Int) -> SagaError {
    SagaError(
      .invalidArgument,
      "with maxConcurrentSagas at \(limit) no saga could run; set it to 1 or more, or to nil for no limit")
  }

  static func notPositive(_ name: String, _ value: String) -> SagaError {
    SagaError(
      .invalidArgument,
      "\(name) of the supervision is \(value); set it to more than zero, or to nil for never")
  }

  static func admissionStopped(_ name: String, until: Timestamp, now: Timestamp) -> SagaError {
    let end =
      until.nanoseconds == .max
      ? "" : ", or wait for \(now.duration(to: until)) until it can be started again"
    return SagaError(
      .admissionStopped,
      "too many of this name have failed in a row; see to the reason and call supervisor.resetAdmission(_:)"
        + end,
      saga: name)
  }

  static func negativeRetention(_ retention: Duration) -> SagaError {
    SagaError(.invalidArgument, "eventRetention is \(retention); use zero or more")
  }

  static func otherEventType(_ name: String) -> SagaError {
    SagaError(
      .alreadyRegistered,
      "two types of events have the name '\(name)'; give one of them a name of its own, as in "
        + "static let name = \"\(name) 2\"")
  }

  static func unknownEvent(_ name: String) -> SagaError {
    SagaError(
      .notRegistered,
      "no type of events named '\(name)' is known; register a saga that waits for it, or call "
        + "events.register(_:) with the type")
  }

  static func undecodableEvent(_ name: String, cause: any Error) -> SagaError {
    SagaError(
      .undecodableInput, "the JSON given is not an event '\(name)': \(Self.place(of: cause))", cause: cause)
  }

  static func eventNotEncodable(_ name: String, cause: any Error) -> SagaError {
    SagaError(
      .notEncodable,
      "the event '\(name)' cannot be encoded for the store; make its Codable conformance accept it",
      cause: cause)
  }

  static func notPublished(_ id: String, cause: any Error) -> SagaError {
    if let error = cause as? SagaError, [.takenOver, .unsupported].contains(error.code) { return error }
    return SagaError(
      .storeFailed,
      "the event '\(id)' could not be recorded; publish it again with the same id, which is harmless",
      cause: cause)
  }

  package static func eventsTakenOver() -> SagaError {
    SagaError(
      .takenOver,
      "another orchestrator has claimed the events of this store; publish there, or call recover() here")
  }

  static func eventsNotLoaded(cause: any Error) -> SagaError {
    SagaError(.storeFailed, "the events of the store could not be read; try again", cause: cause)
  }

  static func undecodableInput(_ name: String, cause: any Error) -> SagaError {
    SagaError(
      .undecodableInput, "the JSON given is not a State of this saga: \(Self.place(of: cause))", saga: name,
      cause: cause)
  }

  static func notEncodable(_ saga: String, step: String?, cause: any Error) -> SagaError {
    SagaError(
      .notEncodable, "the value cannot be encoded for the store; make its Codable conformance accept it",
      saga: saga, step: step, cause: cause)
  }

  /// Where in the JSON it went wrong, without the value found there.
  static func place(of error: any Error) -> String {
    // Of keys that the code does not name, such as those of a dictionary, nothing is said: they are the user's values.
    func name(_ key: any CodingKey) -> String {
      let mirror = Mirror(reflecting: key)
      if mirror.displayStyle == .enum, mirror.children.isEmpty { return key.stringValue }
      return key.intValue.map { "[\($0)]" } ?? "…"
    }
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty
        ? "at the top" : "at '\(context.codingPath.map(name).joined(separator: "."))'"
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "'\(name(key))' is missing \(path(context))"
    case .typeMismatch(let type, let context): return "not a \(type) \(path(context))"
    case .valueNotFound(let type, let context): return "null instead of a \(type) \(path(context))"
    case .dataCorrupted(let context): return "malformed \(path(context))"
    case nil: return describeType(of: error)
    @unknown default: return describeType(of: error)
    }
  }
}
