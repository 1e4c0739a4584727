/// The events of one type as they are published, from the moment on at which somebody begins to read.
///
/// Each iteration has a bounded buffer that drops the oldest: a slow reader misses events, and never slows a
/// publisher. For what must not be missed, wait for the event in a saga. Goes on until its task is cancelled.
public struct EventStream<Event: SagaEvent>: AsyncSequence, Sendable {
  /// One event.
  public typealias Element = Event
  /// Reading never fails.
  public typealias Failure = Never

  let subscribe: @Sendable () -> EventMailbox

  /// Begins to read.
  public func makeAsyncIterator() -> Iterator { Iterator(mailbox: subscribe()) }

  /// Reads the events; one reader at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let mailbox: EventMailbox

    /// The next event; `nil` when the reading task is cancelled.
    public mutating func next() async -> Event? { await mailbox.next(as: Event.self) }

    /// The next event; `nil` when the reading task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> Event? {
      await mailbox.next(as: Event.self)
    }
  }
}
