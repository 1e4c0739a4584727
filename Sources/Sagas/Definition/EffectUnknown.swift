/// Thrown by a step that cannot tell whether its action took effect: a connection that broke behind the request.
///
/// The attempt's effect is then unknown: it is retried as its policy says, and undone by what the step declares for
/// unknown effects.
public struct EffectUnknown: Error, Sendable {
  /// What made it unknown.
  public let cause: (any Error)?

  /// An error that leaves the effect open.
  public init(_ cause: (any Error)? = nil) { self.cause = cause }
}
