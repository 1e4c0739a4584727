/// A record that is not durable yet, and what waits for it.
struct UnwrittenRecord: Sendable {
  let record: JournalRecord
  let actions: SmallList<Action>
  var isDurable = false
  var waiters: [CheckedContinuation<Void, any Error>] = []
}
