/// Something with a `State`: a ``Saga`` or a ``Part`` of one.
///
/// Carries the names of the parts of a body (`Step`, `Parallel`, `When`, …) with this `State` filled in, so
/// that nobody writes a generic argument. Conform to ``Saga`` or ``Part``, not to this.
public protocol Stateful {
  /// The data of one instance: the input as `let`, and one optional `var`, a *slot*, for each result.
  ///
  /// It is recorded when a saga starts, and brought back from the recorded results after a crash.
  associatedtype State: Codable & Sendable
}

extension Stateful {
  /// A ``Sagas/Step`` over this `State`.
  public typealias Step<Output: Sendable> = Sagas.Step<State, Output>
  /// A ``Sagas/Sequential`` over this `State`.
  public typealias Sequential = Sagas.Sequential<State>
  /// A ``Sagas/Parallel`` over this `State`.
  public typealias Parallel = Sagas.Parallel<State>
  /// A ``Sagas/When`` over this `State`.
  public typealias When = Sagas.When<State>
  /// A ``Sagas/Switch`` over this `State`.
  public typealias Switch<Value: Equatable & Sendable> = Sagas.Switch<State, Value>
  /// A ``Sagas/Case`` over this `State`.
  public typealias Case<Value: Equatable & Sendable> = Sagas.Case<State, Value>
  /// A ``Sagas/WaitForEvent`` over this `State`.
  public typealias WaitForEvent<Value: Codable & Sendable> = Sagas.WaitForEvent<State, Value>
  /// A ``Sagas/On`` over this `State`.
  public typealias On<Value: Codable & Sendable> = Sagas.On<State, Value>
  /// An ``Sagas/After`` over this `State`.
  public typealias After<Value: Codable & Sendable> = Sagas.After<State, Value>
  /// A ``Sagas/Sleep`` over this `State`.
  public typealias Sleep = Sagas.Sleep<State>
  /// A ``Sagas/Pivot`` over this `State`.
  public typealias Pivot = Sagas.Pivot<State>
  /// A ``Sagas/Fail`` over this `State`.
  public typealias Fail = Sagas.Fail<State>
}
