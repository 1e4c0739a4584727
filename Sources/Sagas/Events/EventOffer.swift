/// An event that a saga may take.
struct EventOffer: Sendable {
  let event: KeptEvent
  /// Where to say what became of it.
  let receipt: PublishReceipt
  /// The saga's place among all that the event was offered to.
  let place: Int
}
