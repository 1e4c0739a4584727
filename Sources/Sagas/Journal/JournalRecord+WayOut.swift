extension JournalRecord {
  /// Something that can be asked of a saga that stands still, and that is not refused.
  public struct WayOut: Sendable, Hashable {
    /// The verb of ``SagaOrchestrator``: `retry`, say.
    public let verb: String
    /// The step it is about, where it is about one.
    public let step: String?

    package init(verb: String, step: String? = nil) {
      self.verb = verb
      self.step = step
    }
  }
}
