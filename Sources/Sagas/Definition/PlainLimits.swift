/// Lets a saga declare its limits as `Duration`, where ``Saga`` has `Duration?`.
///
/// ```swift
/// let timeout = Duration.seconds(30)    // as good as: var timeout: Duration? { .seconds(30) }
/// ```
///
/// Every saga conforms to it; there is nothing to do.
public protocol PlainLimits {
  /// ``Saga/timeout``, where it is declared without the optional.
  var timeout: Duration { get }
  /// ``Saga/unwindTimeout``, where it is declared without the optional.
  var unwindTimeout: Duration { get }
}

extension PlainLimits {
  /// Stands for a limit that is not declared so: ``Saga/timeout`` has what counts.
  public var timeout: Duration { .unstated }
  /// Stands for a limit that is not declared so: ``Saga/unwindTimeout`` has what counts.
  public var unwindTimeout: Duration { .unstated }
}

extension PlainLimits {
  /// The limit of the saga, if it is declared without the optional.
  var plainTimeout: Duration? { timeout == .unstated ? nil : timeout }
  /// The limit of its unwind, if it is declared without the optional.
  var plainUnwindTimeout: Duration? { unwindTimeout == .unstated ? nil : unwindTimeout }
}

extension Duration {
  /// No duration anybody could mean.
  fileprivate static let unstated = Duration(secondsComponent: .min, attosecondsComponent: 0)
}
