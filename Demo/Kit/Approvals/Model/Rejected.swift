import Sagas

/// Somebody says no.
struct Rejected: SagaEvent {
  let desk: Desk
  /// Who.
  let by: String
  let because: String
  /// The id of the decision, which is that of the event too.
  let decision: String
}
