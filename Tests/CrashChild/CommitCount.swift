import Sagas

/// How many transactions have begun.
final class CommitCount: Sendable {
  private let count = Lock(0)

  var value: Int { count.withLock { $0 } }

  /// Counts one more; its number.
  func begin() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
