/// What there is of an id, for whoever is about to use it.
public struct Occupancy: Sendable {
  /// The saga that has it, ended or not; `nil` where it is free.
  public let saga: StoredSaga?
  /// How many sagas had it before, and are not kept any more.
  public let earlierRuns: Int

  /// What a store knows of an id.
  public init(saga: StoredSaga?, earlierRuns: Int = 0) {
    self.saga = saga
    self.earlierRuns = earlierRuns
  }
}
