/// What a step can learn about the run it is part of: `$0.run` in every closure of a saga.
///
/// A value: copies stay valid after the attempt has ended. Safe to use from any task.
public struct StepRun: Sendable {
  @usableFromInline let host: any StepRunHost
  /// The name of the step this run belongs to.
  public let step: String
  /// The number of this attempt, counted from 1. Survives a restart.
  public let attempt: Int
  /// The recorded time at which this attempt was decided on; the same when it is run again after a crash.
  public let now: Timestamp
  /// What the key has behind the run's id.
  let path: String
  /// Whether this is a run of an action or an undo; closures that are only asked something run as part of the saga.
  var isAttempt = true

  /// The key under which the effect should be made, so that making it twice makes it once:
  /// `runID/step` for an action, `runID/step~undo` for its undo.
  ///
  /// The same for every attempt and after every crash.
  public var idempotencyKey: String { host.info.key(path) }

  /// The id of the saga.
  public var sagaID: String { host.info.id }
  /// The name of the saga's definition.
  public var sagaName: String { host.info.name }
  /// The version of the definition this instance started with.
  public var version: Int { host.info.version }
  /// When the saga was accepted.
  public var startedAt: Timestamp { host.info.startedAt }
  /// How long the saga has been going, up to `now`.
  public var elapsed: Duration { startedAt.duration(to: now) }
  /// What the caller of `start` passed along: trace ids, authentication.
  public var metadata: [String: String] { host.info.metadata }

  /// Small values the saga keeps beside its State; they survive the attempt that sets them, and a crash.
  public var scratch: Scratch { Scratch(run: self) }

  /// Tells whoever watches how far this step is.
  ///
  /// Never waits and is never journaled; a report from an attempt that has ended is dropped.
  /// - Parameters:
  ///   - progress: the step's own progress, 0…1; values outside are brought to the nearer end.
  ///   - stage: what the step is at, in a word.
  ///   - message: anything worth showing to a person.
  public func report(progress: Double? = nil, stage: String? = nil, message: String? = nil) {
    host.report(
      StepProgress(step: step, attempt: attempt, progress: progress, stage: stage, message: message))
  }
}
