import Sagas

/// The rules of the house, in virtual time.
struct ApprovalPolicy: Sendable {
  /// What is more needs a decision.
  var limit = Money(cents: 10_000)
  /// How long the manager has.
  var managersTime = Duration.hours(24)
  /// How long the director has after that.
  var directorsTime = Duration.hours(48)
  /// What may take longer than any bank does: for undoing.
  var patience = Duration.hours(24)
}
