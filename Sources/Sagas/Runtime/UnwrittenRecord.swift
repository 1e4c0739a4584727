/// A record that is not durable yet, and what waits for it.
struct UnwrittenRecord: Sendable {
  let record: JournalRecord
  let actions: SmallList<Action>
  /// The scratch with this record in it, where it is another one than before.
  let scratch: [String: ScratchValue]?
  /// What is to be announced.
  let announcements: [SupervisorEvent]
  var isDurable = false
  /// Events that were taken in this record, or before it.
  var offers: [EventOffer] = []
  var waiters: [CheckedContinuation<Void, any Error>] = []
}
