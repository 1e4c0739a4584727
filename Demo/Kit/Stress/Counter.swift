import Synchronization

/// A number that several tasks add to.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// Adds, and gives the sum.
  @discardableResult
  func add(_ number: Int) -> Int { value.add(number, ordering: .relaxed).newValue }
}
