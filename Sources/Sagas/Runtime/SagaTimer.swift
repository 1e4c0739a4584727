/// Something a saga is to be told at a certain time.
struct SagaTimer: Sendable {
  enum Alarm: Hashable, Sendable {
    case event(Event)
    /// Do not wait any longer for whoever is told that this step has failed.
    case failureTold(NodeID)
    /// Offer to the store what it did not take.
    case write
    /// What runs has had its time: leave an orchestrator that is being shut down.
    case leave
  }

  let time: Timestamp
  let alarm: Alarm
}
