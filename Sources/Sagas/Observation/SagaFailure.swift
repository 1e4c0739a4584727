/// Why a saga did not complete, what was undone, and what was not.
public struct SagaFailure: Error, Sendable {
  /// The step whose failure was accepted first; `nil` for a cancel or a time limit of the whole saga.
  public let step: String?
  /// The first failure, which is what the saga fails with. Failures of undoes never take its place.
  public let error: any Error
  /// The steps that were undone, in the order in which their undoes settled.
  public let undone: [String]
  /// What may still stand in the world, in the order of the definition.
  public let unresolved: [Unresolved]
  /// Failures accepted after the first one, by step, in the order of the definition.
  public let others: [(step: String, error: any Error)]
  /// The saga's id.
  public let sagaID: String
  /// The name of the saga's definition.
  public let sagaName: String

  /// The first failure as a certain type, also when it was journaled by an earlier process and came back encoded.
  public func error<E: Error>(as type: E.Type) -> E? {
    (error as? E) ?? (error as? RecordedError)?.restored(as: type)
  }
}

extension SagaFailure: CustomStringConvertible {
  /// Names the saga, the step, the type of the error and the lists; values of the error are left out.
  public var description: String {
    var text = "saga '\(sagaName)' (\(sagaID)) failed"
    if let step { text += " in step '\(step)'" }
    text += ": \(describeType(of: error))"
    if !undone.isEmpty { text += "; undone: \(undone.joined(separator: ", "))" }
    if !unresolved.isEmpty { text += "; unresolved: \(unresolved.map(\.step).joined(separator: ", "))" }
    return text
  }
}
