/// What became of an event when it was published.
public struct PublishReport: Sendable, Hashable {
  /// The id of the event: the one it was given, or one that was made up.
  public let eventID: String
  /// The ids of the sagas that have taken the event, in the order in which they began to wait for it.
  ///
  /// A saga that takes it later, because it has not come to its wait yet, is not among them.
  public var deliveredTo: [String] = []
  /// The ids of the sagas that were started on the event.
  public var started: [String] = []
  /// Whether the event is kept for sagas that come to their wait later.
  public var isKept = true
  /// Whether an event of this id was kept already; then nothing was published.
  public var isDuplicate = false
}
