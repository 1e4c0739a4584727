/// What a supervisor sees when it looks at a saga that stalls or is suspended.
struct Sight: Sendable {
  /// It stalls; otherwise it is suspended.
  let isStalled: Bool
  /// When it recorded something last.
  let lastRecord: Timestamp
  /// The first of the steps at work.
  let step: String?
  /// Whether a command would be answered: nothing waits for its store.
  let mayAct: Bool
  let report: SagaReport
}
