/// The states of one saga, or of all, as they change.
///
/// Each iteration gets the present state first. The buffer is bounded and drops the oldest: a slow reader sees
/// fewer states, but always the last one, and never slows a saga. The sequence of one saga ends with its terminal
/// state, not with a standstill that somebody may still end: ``SagaRun/settled`` tells of that. The sequence of all
/// sagas keeps one unread state per saga and goes on until its task is cancelled.
public struct SagaUpdates: AsyncSequence, Sendable {
  /// One state.
  public typealias Element = SagaUpdate
  /// Reading never fails.
  public typealias Failure = Never

  let subscribe: @Sendable () -> UpdateMailbox

  /// Begins to watch.
  public func makeAsyncIterator() -> Iterator { Iterator(mailbox: subscribe()) }

  /// Reads the states; one reader at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let mailbox: UpdateMailbox

    /// The next state; `nil` behind the terminal one, or when the reading task is cancelled.
    public mutating func next() async -> SagaUpdate? { await mailbox.next() }

    /// The next state; `nil` behind the terminal one, or when the reading task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> SagaUpdate? {
      await mailbox.next()
    }
  }
}
