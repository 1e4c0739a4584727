/// What a saga declares under the name of a requirement, but with another type, so that the default would be taken
/// without a word.
enum Declarations {
  /// What would be ignored, each with the remedy.
  static func ignored<S: Saga>(of saga: S) -> [String] {
    var ignored: [String] = []
    for (label, value) in Mirror(reflecting: saga).children {
      guard let label, let types = expected[label], !types.contains(where: { $0 == type(of: value) }) else {
        continue
      }
      ignored.append(
        "the saga's \(label) is declared as \(type(of: value)), so it would not be taken; declare it as \(types[0])"
      )
    }
    if S.StatedOutput.self != S.Output.self {
      ignored.append(
        "the saga's output(_:) returns \(S.StatedOutput.self), so it would not be taken; return something that is "
          + "Codable and Sendable")
    }
    return ignored
  }

  /// The types a stored property of these names may have. A computed one cannot be seen here.
  private static let expected: [String: [Any.Type]] = [
    "timeout": [Duration.self, Duration?.self],
    "unwindTimeout": [Duration.self, Duration?.self],
    "recoveries": [Int?.self],
    "defaults": [StepDefaults.self],
    "failurePolicy": [FailurePolicy.self],
    "onCompensationFailure": [CompensationFailurePolicy.self],
    "compensationOrder": [CompensationOrder.self],
    "interceptors": [[any Interceptor].self],
  ]
}
