/// Time as an outcome of a ``WaitForEvent`` with alternatives: the value it comes to when nothing was published.
///
/// ```swift
/// After(.hours(24)) { _ in .nobodyAnswered }
/// ```
public struct After<State: Sendable, Value: Codable & Sendable>: Sendable {
  let alternative: WaitAlternative<State, Value>

  /// What the wait comes to after some time.
  /// - Parameters:
  ///   - delay: more than zero; counted from when the saga has come to the wait, as ``WaitForEvent/timeout(_:)`` is.
  ///   - value: asked once and recorded. If it throws, the wait fails with what it throws.
  public init(_ delay: Duration, value: @escaping @Sendable (Context<State>) throws -> Value) {
    alternative = WaitAlternative(
      time: .init(delay: delay) { box, run in try value(Context(erased: box, run: run)) })
  }
}

extension After {
  /// Not available: a number has no unit.
  @available(*, unavailable, message: "how long is that? write a Duration: After(.hours(24)) { _ in ... }")
  public init(_ delay: Int, value: @escaping @Sendable (Context<State>) throws -> Value) {
    alternative = WaitAlternative()
  }
}
