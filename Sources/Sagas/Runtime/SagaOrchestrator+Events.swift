extension SagaOrchestrator {
  /// Starts a saga on every event of a type, once for each: those that are kept, and those that are published from now
  /// on.
  ///
  /// ```swift
  /// try await sagas.start(Approval.self, on: ExpenseSubmitted.self) { .init(expense: $0.expense) }
  /// ```
  ///
  /// Call it at each launch, after registering the saga, and before ``recover()``: until that has ended, no event of
  /// the store is let go, however old it is. An event that was published before a crash, and on which no saga was
  /// started, is seen to then; one on which a saga was started is not started on again, also when that saga has ended
  /// and its record is gone, unless the process went down before it was recorded that the saga was started. A saga that
  /// could not be started because the store failed, or because the supervisor lets none of its name begin for now, is
  /// tried again every second; in the latter case `publish` does not wait for it. Lasts as long as the process.
  /// - Parameters:
  ///   - type: the registered saga, in the version of this type. An event on which a saga was started in another
  ///     version of its name is not started on again.
  ///   - event: the type of the events.
  ///   - id: the id of the saga; where it is left out, it is made of the saga's name and the event's id. An event for
  ///     which there is a saga of the id starts none.
  ///   - state: the input of the saga. Called off the caller's actor.
  ///
  /// Throws ``SagaError``: `notRegistered` or `deprecated` for the saga, `alreadyRegistered` when another type of event
  /// has the name, or `storeFailed` when the kept events could not be read.
  public nonisolated func start<S: Saga, Event: SagaEvent>(
    _ type: S.Type, on event: Event.Type, id: (@Sendable (Event) -> String)? = nil,
    state: @escaping @Sendable (Event) -> S.State
  ) async throws {
    _ = try engine.catalog.startable(type)
    let (_, topic) = try engine.events.topic(of: event)
    try await engine.events.open()
    let name = S.name
    let start = EventStart(saga: name) { [engine] kept in
      guard let event = kept.value as? Event else { return .never }
      let id = id?(event) ?? "\(name)-\(NameRules.escaped(kept.id))"
      return await engine.start(type, on: kept, StateBox(state(event)), id: id)
    }
    engine.events.add(start, to: topic)
  }
}

extension Engine {
  /// Starts a saga on an event, or finds that it was.
  fileprivate func start<S: Saga>(
    _ type: S.Type, on event: KeptEvent, _ state: StateBox<S.State>, id: String
  ) async -> EventStart.Outcome {
    while let program = try? catalog.startable(type) {
      do {
        _ = try await start(program, state, id: id, metadata: [:], onExisting: .join)
        return .started(id)
      } catch let error as SagaError where error.code == .storeFailed {
        await runtime.pause(.seconds(1))
      } catch let error as SagaError where error.code == .admissionStopped && !isStopping {
        return .later
      } catch {
        return .never
      }
    }
    return .never
  }
}
