/// What is known of an instance from its creation on, and never changes.
@usableFromInline
final class SagaInfo: Sendable {
  let id: String
  /// The id that idempotency keys are made of: the saga's id, `id~2` when the id is used a second time.
  let runID: String
  let name: String
  let version: Int
  let startedAt: Timestamp
  let metadata: [String: String]
  /// What was different for it from its start on; `nil` where nothing was.
  let options: Shared<StartOptions>?
  /// The number of the last event before it was created: it takes what has a higher one.
  let mark: UInt64

  init(
    id: String, runID: String, name: String, version: Int, startedAt: Timestamp,
    metadata: [String: String], options: StartOptions? = nil, mark: UInt64 = 0
  ) {
    self.id = id
    self.runID = runID
    self.name = name
    self.version = version
    self.startedAt = startedAt
    self.metadata = metadata
    self.options = options.map { Shared($0) }
    self.mark = mark
  }

  /// The idempotency key of a path. Made when it is asked for: most steps never do.
  func key(_ path: String) -> String { "\(runID)/\(path)" }
}
