import Synchronization

/// The readers of one saga, or of all. Costs one atomic read while nobody reads.
final class UpdateHub: Sendable {
  private struct Reader {
    weak var mailbox: UpdateMailbox?
  }

  private let readers = Lock<[Reader]>([])
  private let count = Atomic<Int>(0)

  /// Whether anybody may be reading.
  var isWatched: Bool { count.load(ordering: .acquiring) > 0 }

  /// Whether anybody is reading. Takes the lock, and forgets those who have left.
  var isRead: Bool { readers.withLock { prune(&$0) > 0 } }

  /// Adds a reader; it leaves by letting go of its mailbox.
  func add(_ mailbox: UpdateMailbox) {
    readers.withLock { readers in
      readers.append(Reader(mailbox: mailbox))
      count.store(readers.count, ordering: .releasing)
    }
  }

  func push(_ update: SagaUpdate) {
    for mailbox in current() { mailbox.push(update) }
  }

  /// Ends the sequences of all readers.
  func finish() {
    for mailbox in current() { mailbox.finish() }
  }

  private func current() -> [UpdateMailbox] {
    readers.withLock { readers in
      _ = prune(&readers)
      return readers.compactMap(\.mailbox)
    }
  }

  /// Forgets readers who have left; gives how many there are.
  private func prune(_ readers: inout [Reader]) -> Int {
    readers.removeAll { $0.mailbox == nil }
    count.store(readers.count, ordering: .releasing)
    return readers.count
  }
}
