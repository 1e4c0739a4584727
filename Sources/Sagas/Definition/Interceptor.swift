/// Stands around every attempt of an action and of an undo, and is told what becomes of sagas.
///
/// For logs, metrics and spans, for permissions, for faults in tests. Those in the configuration of an orchestrator
/// stand around those of a saga; within a list the first one is the outermost.
///
/// ```swift
/// struct OfficeHours: Interceptor {
///   let isOpen: @Sendable () async -> Bool
///
///   func attempt(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws {
///     guard await isOpen() else { throw Closed() }    // the action does not run; the step's retries decide
///     try await next()
///   }
/// }
/// ```
///
/// All three do nothing unless given. They may be called by many sagas at once.
public protocol Interceptor: Sendable {
  /// Stands around one attempt of a step's action; calls `next` once to go on inward.
  ///
  /// Runs where the action runs: off the saga's actor, in the task of the attempt, so that a cancel reaches it, and
  /// inside of the attempt's timeout. What `run` says and keeps (``StepRun/report(progress:stage:message:)``) is
  /// that of the attempt.
  ///
  /// - Throws: what is thrown is what the attempt fails with.
  ///   - Before `next` was called, the action has not run: a definite failure, which the step's retry policy is asked
  ///     about like any other.
  ///   - After `next` threw, it takes the place of that error. If either leaves open what happened, the effect is
  ///     unknown.
  ///   - After `next` returned, the action is done and its result is lost with the throw: the effect is unknown, so
  ///     that it is neither repeated nor forgotten as a failure would be. Do not throw for the sake of a log.
  ///
  /// Returning although `next` threw changes nothing: the attempt fails with what `next` threw. Returning without
  /// calling it fails the attempt with ``SagaError/Code/interceptorMisuse``, and a second call throws that instead
  /// of running the action again. A `next` that is still under way when this returns is waited for.
  func attempt(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws

  /// Stands around one attempt of a step's undo, as ``attempt(_:_:)`` does around the action.
  ///
  /// - Throws: whatever is thrown fails the attempt of the undo, also after `next` returned: the undo is then run
  ///   again as its retry policy has it, under the same key, and the saga may become stuck although it was done.
  func undo(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws

  /// Is told that the status of a saga has changed, once that is durable.
  ///
  /// A saga begins as `created`, without being told. Of several changes in one record only the last is told. For one
  /// saga this is called in order, one call at a time and of all interceptors the outermost first, by a job of its
  /// own: the saga goes on meanwhile and may be further than `to`. What has not been told yet is kept for it, so
  /// return soon, and is lost in a crash.
  func saga(_ id: String, from: SagaStatus, to: SagaStatus) async
}

extension Interceptor {
  /// Goes on inward.
  public func attempt(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws {
    try await next()
  }

  /// Goes on inward.
  public func undo(_ run: StepRun, _ next: @escaping @Sendable () async throws -> Void) async throws {
    try await next()
  }

  /// Does nothing.
  public func saga(_ id: String, from: SagaStatus, to: SagaStatus) async {}
}
