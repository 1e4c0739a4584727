/// Something a saga is to be told at a certain time.
struct SagaTimer: Sendable {
  enum Alarm: Hashable, Sendable {
    case event(Event)
    /// Offer to the store what it did not take.
    case write
  }

  let time: Timestamp
  let alarm: Alarm
}
