/// What a supervisor announces, from the beginning of each iteration on.
///
/// Any number may listen. Each has a buffer of its own that keeps the newest 256: one that reads slowly misses the
/// oldest, and never slows a saga. The sequence ends when the orchestrator and all its sagas are gone, or the reading
/// task is cancelled. What happens while nobody listens is announced to nobody.
public struct SupervisorEvents: AsyncSequence, Sendable {
  /// One announcement.
  public typealias Element = SupervisorEvent
  /// Reading never fails.
  public typealias Failure = Never

  let subscribe: @Sendable () -> SupervisorMailbox

  /// Begins to listen.
  public func makeAsyncIterator() -> Iterator { Iterator(mailbox: subscribe()) }

  /// Reads what is announced; one reader at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let mailbox: SupervisorMailbox

    /// The next announcement; `nil` at the end, or when the reading task is cancelled.
    public mutating func next() async -> SupervisorEvent? { await mailbox.next() }

    /// The next announcement; `nil` at the end, or when the reading task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> SupervisorEvent? {
      await mailbox.next()
    }
  }
}
