/// The point of no return: once it is reached, nothing of the saga is undone any more, before or behind it.
///
/// ```swift
/// Step("reserve", \.reservation) { try await inventory.reserve($0.cart) }.compensate(inventory.release)
/// Pivot("paid")
/// Step("ship", \.parcel) { try await warehouse.ship($0.reservation) }.retry(.fixed(retries: 9, every: .minutes(1)))
/// ```
///
/// Stands directly in the body of the saga, at most once. Behind it the saga goes forward: a step that fails for good
/// makes it ``SagaStatus/stuck``, and somebody decides by ``SagaRun/retry()``, ``SagaRun/skip(step:)`` or
/// ``SagaRun/abandon()``. A cancel throws ``SagaError/Code/pastPivot``; the saga's timeout only makes it overdue.
public struct Pivot<State: Sendable>: Flow {
  /// What it adds to the plan of the saga.
  public let node: Node<State>

  /// The point of no return.
  /// - Parameter name: unique in the saga; `/ [ ] # ~` and control characters are refused at registration.
  public init(_ name: String) { node = Node(.pivot(name: name)) }
}
