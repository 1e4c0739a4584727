/// One attempt of an action or an undo with interceptors around it.
///
/// Remembers what the work itself came to, whatever the interceptors make of it: nobody may lose an effect.
final class InterceptedCall: Sendable {
  /// What the work inside of all interceptors has come to.
  enum Effect: Sendable {
    case notBegun
    case returned(any Sendable)
    case threw(any Error)
  }

  private let interceptors: [any Interceptor]
  private let run: StepRun
  private let side: Flight.Side
  private let work: @Sendable () async throws -> any Sendable
  private let state = Lock(Effect.notBegun)

  init(
    _ interceptors: [any Interceptor], around side: Flight.Side, _ run: StepRun,
    _ work: @escaping @Sendable () async throws -> any Sendable
  ) {
    self.interceptors = interceptors
    self.run = run
    self.side = side
    self.work = work
  }

  /// What the work itself has come to.
  var effect: Effect { state.withLock { $0 } }

  /// Goes through all interceptors; the result of the work, if none of them objects.
  func perform() async throws -> any Sendable {
    try await goOn(to: 0)
    guard case .returned(let value) = effect else {
      // Each level throws unless the one inside of it returned, so the work did.
      throw SagaError(.interceptorMisuse, "the action has not run", saga: run.sagaID, step: run.step)
    }
    return value
  }

  private func goOn(to index: Int) async throws {
    guard index < interceptors.count else {
      do {
        let value = try await work()
        state.withLock { $0 = .returned(value) }
      } catch {
        state.withLock { $0 = .threw(error) }
        throw error
      }
      return
    }
    let interceptor = interceptors[index]
    let passage = Passage()
    let next: @Sendable () async throws -> Void = {
      guard passage.enter() else {
        throw self.misuse(of: interceptor, "called next a second time, or too late")
      }
      do {
        try await self.goOn(to: index + 1)
        passage.leave(with: nil)
      } catch {
        passage.leave(with: error)
        throw error
      }
    }
    var objection: (any Error)?
    do {
      switch side {
      case .action: try await interceptor.attempt(run, next)
      case .undo: try await interceptor.undo(run, next)
      }
    } catch {
      objection = error
    }
    let inner = await passage.close()
    if let objection { throw objection }
    switch inner {
    case nil: throw misuse(of: interceptor, "returned without calling next; throw instead, to refuse")
    case .failure(let error)?: throw error
    case .success?: return
    }
  }

  private func misuse(of interceptor: any Interceptor, _ what: String) -> SagaError {
    SagaError(
      .interceptorMisuse, "the interceptor \(String(reflecting: type(of: interceptor))) \(what)",
      saga: run.sagaID, step: run.step, attempt: run.attempt)
  }
}
