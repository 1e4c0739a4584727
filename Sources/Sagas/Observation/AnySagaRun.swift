/// The handle of a saga whose type is not known where it is used.
public struct AnySagaRun: Sendable {
  let core: RunCore

  init(_ core: RunCore) { self.core = core }

  /// The handle of a typed one.
  public init<S: Saga>(_ run: SagaRun<S>) { core = run.core }

  /// The saga's id.
  public var id: String { core.info.id }

  /// The name of its definition.
  public var name: String { core.info.name }

  /// Its present status.
  public var status: SagaStatus { get async { await core.image().status } }

  /// Everything that is known of it now.
  public var report: SagaReport { get async { await core.report() } }

  /// How it ended. Returns on a terminal status only.
  public var outcome: SagaOutcome<JournaledValue> {
    get async {
      let image = await core.bulletin.outcome().value
      let failure = image.failure ?? image.failure(with: image.standstill ?? SagaError.notFound(id))
      switch image.status {
      case .completed: return image.output.map { .completed($0) } ?? .failed(failure)
      case .compensated: return .compensated(failure)
      case .failed, .parked, .created, .running, .waiting, .compensating, .suspended, .stuck:
        return .failed(failure)
      }
    }
  }

  /// Its status, once it does not go on by itself: terminal, suspended, stuck or parked.
  public var settled: SagaStatus { get async { await core.bulletin.settled() } }

  /// Its states as they change, the present one first.
  public var updates: SagaUpdates { core.updates }

  /// The result of a step, by its name; see ``SagaRun/result(of:as:)``.
  public func result<Value: Codable & Sendable>(of step: String, as type: Value.Type) async throws -> Value {
    try await core.result(of: step, as: type)
  }

  /// The typed handle; `nil` when the saga is of another type.
  public func typed<S: Saga>(as type: S.Type) -> SagaRun<S>? {
    core.program.identity == ObjectIdentifier(type) ? SagaRun(core) : nil
  }
}
