/// One step of a saga as it is behind a record that changed it.
public struct StepChange: Sendable, Hashable {
  /// Where the undo of a step is.
  public enum Undo: String, Sendable, Hashable, CaseIterable {
    /// Its turn has not come.
    case queued
    /// An attempt of it is in flight.
    case running
    /// It waits for its next attempt.
    case waiting
    /// It has completed.
    case compensated
    /// It said that it cannot be done.
    case impossible
    /// It failed for good.
    case failed
    /// Somebody decided that it is not needed.
    case skipped
  }

  /// The step's name.
  public let name: String
  /// The step's status.
  public let status: StepStatus
  /// Attempts of the action so far.
  public let attempts: Int
  /// When the first attempt began.
  public let startedAt: Timestamp?
  /// When the action settled.
  public let endedAt: Timestamp?
  /// When its wait ends, or the next attempt of its action or of its undo begins, where that waits for a time.
  public let dueAt: Timestamp?
  /// Whether it is to run again since somebody had the saga go on from there: a result it had counts no more.
  public let runsAgain: Bool
  /// The result as JSON, in the record it came with.
  public let result: [UInt8]?
  /// What the last failed attempt failed with.
  public let error: String?
  /// Where its undo is; `nil` as long as it is not to be undone.
  public let undo: Undo?
  /// Attempts of the undo so far.
  public let undoAttempts: Int
  /// What the last failed attempt of the undo failed with.
  public let undoError: String?

  package init(
    name: String, status: StepStatus, attempts: Int, startedAt: Timestamp? = nil, endedAt: Timestamp? = nil,
    dueAt: Timestamp? = nil, runsAgain: Bool = false, result: [UInt8]? = nil, error: String? = nil,
    undo: Undo? = nil, undoAttempts: Int = 0, undoError: String? = nil
  ) {
    self.name = name
    self.status = status
    self.attempts = attempts
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.dueAt = dueAt
    self.runsAgain = runsAgain
    self.result = result
    self.error = error
    self.undo = undo
    self.undoAttempts = undoAttempts
    self.undoError = undoError
  }
}
