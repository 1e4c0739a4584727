/// One piece of work for a saga, waiting for a worker.
struct Job: Sendable {
  enum Work: Sendable {
    /// Begin an attempt of a step's action.
    case run(NodeID, Attempt)
    /// Begin an attempt of a step's undo.
    case undo(NodeID, Attempt)
    /// Tell that a step has failed for good.
    case tellFailure(NodeID)
    /// The saga has got a slot.
    case slot
    /// Something may be due.
    case timers
    /// A record has become durable, or could not be written.
    case written(firstNumber: UInt64, Result<Void, any Error>)
    /// A step has said something.
    case publish
    /// Somebody begins to watch.
    case watch(UpdateMailbox)
    /// The saga may leave an orchestrator that is being shut down.
    case leave
    /// An event was published that it may be waiting for.
    case offer(EventOffer)
    /// There may be kept events that it waits for.
    case events
    /// Interceptors are to be told of the saga's status.
    case tell
  }

  let saga: SagaInstance
  let work: Work
}
