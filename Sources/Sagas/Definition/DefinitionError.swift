/// All that is wrong with the definition of a saga, found when it is registered, before anything runs.
///
/// Its description lists every problem on a line of its own, with the saga, the step and the remedy.
public struct DefinitionError: Error, Sendable, Hashable {
  /// The name of the definition.
  public let saga: String
  /// The version of the definition.
  public let version: Int
  /// What is wrong, at least one thing, in the order of the body.
  public let problems: [Problem]
}

extension DefinitionError: CustomStringConvertible {
  /// Every problem on a line of its own, under the name of the saga.
  public var description: String {
    (["saga '\(saga)' (version \(version)) is not valid:"] + problems.map { "  - \($0)" })
      .joined(separator: "\n")
  }
}
