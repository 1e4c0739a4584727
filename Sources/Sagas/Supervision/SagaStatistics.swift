/// How an orchestrator and its sagas are doing at one moment.
///
/// Counts begin with the process; what a saga did in an earlier one is not in them.
public struct SagaStatistics: Sendable {
  /// When they were taken.
  public let time: Timestamp
  /// Of all sagas together.
  public let total: SagaFigures
  /// By the name of the definition, all its versions together; registered names without sagas included.
  public let byName: [String: SagaFigures]

  /// The figures of one name; `nil` where no such saga is registered.
  public subscript(name: String) -> SagaFigures? { byName[name] }
}
