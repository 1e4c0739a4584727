/// The figures of the sagas of one name, or of all.
public struct SagaFigures: Sendable, Hashable {
  /// How many have not ended: those that wait, are suspended or are stuck included.
  public internal(set) var active = 0
  /// How many of the active ones wait: for an event, a time, the next attempt of a step, or a slot.
  public internal(set) var waiting = 0
  /// How many of the active ones are suspended.
  public internal(set) var suspended = 0
  /// How many of the active ones are stuck.
  public internal(set) var stuck = 0
  /// How many have completed.
  public internal(set) var completed = 0
  /// How many have ended as compensated.
  public internal(set) var compensated = 0
  /// How many have ended as failed.
  public internal(set) var failed = 0
  /// How many attempts of actions and undoes were not the first ones.
  public internal(set) var retries = 0
  /// How many end per second: on average over the last minute, or since the first of them was started if that is less
  /// (but at least a second).
  public internal(set) var throughput = 0.0
  /// How long those that have ended took, from their acceptance to their end.
  public internal(set) var latency = LatencyDistribution()
  /// How long ago the one recorded something that has waited longest; `nil` where none waits.
  public internal(set) var oldestWaiting: Duration?

  /// How many have ended, in whichever way.
  public var ended: Int { completed + compensated + failed }

  /// Takes one live saga into account.
  mutating func add(_ status: SagaStatus, for duration: Duration) {
    active += 1
    switch status {
    case .waiting:
      waiting += 1
      oldestWaiting = max(oldestWaiting ?? .zero, duration)
    case .suspended: suspended += 1
    case .stuck: stuck += 1
    case .created, .running, .compensating, .parked, .completed, .compensated, .failed: break
    }
  }
}
