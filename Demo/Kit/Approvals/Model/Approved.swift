import Sagas

/// Somebody says yes.
struct Approved: SagaEvent {
  let desk: Desk
  /// Who.
  let by: String
  /// The id of the decision, which is that of the event too.
  let decision: String
}
