/// What a step may have done to the world: handed to its undo.
///
/// Of several attempts the most an attempt may have done counts: `completed` before `unknown` before
/// `failed`.
public enum Effect<Output: Sendable>: Sendable {
  /// The action returned this result.
  case completed(Output)
  /// The action threw: it has had no effect.
  case failed(any Error)
  /// Nobody knows. The action timed out, was asked to stop, was cut off by a crash, or threw an error that
  /// the step declares with ``Step/unknown(_:when:)``.
  case unknown(any Error)
}
