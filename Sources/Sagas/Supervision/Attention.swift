/// What a supervisor remembers of a saga it has found fault with.
struct Attention: Sendable {
  /// Which saga: its id may be used again.
  let info: SagaInfo
  /// The last record of the saga when it was announced as stalled.
  var stalledAt: Timestamp?
  /// The last record of the saga when the policy was applied to it, or refused.
  var actedAt: Timestamp?
  /// How many times it was resumed.
  var resumed = 0

  init(_ info: SagaInfo) { self.info = info }
}
