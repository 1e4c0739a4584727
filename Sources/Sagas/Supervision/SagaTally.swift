/// Counts what has become of the sagas of one definition. Sharded, so that sagas that end do not queue for one lock.
///
/// A saga comes here once, at its end, and with each retry.
final class SagaTally: Sendable {
  /// What was counted.
  struct Count: Sendable {
    var completed = 0
    var compensated = 0
    var failed = 0
    var retries = 0
    var latency = LatencyDistribution()
    var rate = EndingRate()
  }

  private final class Shard: Sendable {
    let count = Lock(Count())
  }

  private let shards = (0..<8).map { _ in Shard() }

  /// By the last character, in which ids differ most.
  private func shard(_ info: SagaInfo) -> Shard { shards[Int(info.idByte) % 8] }

  /// A saga has ended.
  func end(_ info: SagaInfo, _ status: SagaStatus, at time: Timestamp) {
    shard(info).count.withLock { count in
      switch status {
      case .completed: count.completed += 1
      case .compensated: count.compensated += 1
      case .failed: count.failed += 1
      case .created, .running, .waiting, .compensating, .suspended, .stuck, .parked: return
      }
      let (took, overflow) = time.nanoseconds.subtractingReportingOverflow(info.startedAt.nanoseconds)
      count.latency.record(nanoseconds: overflow ? .max : took)
      count.rate.record(startedAt: info.startedAt, endedAt: time)
    }
  }

  /// An attempt begins that is not the first one.
  func retry(_ info: SagaInfo) {
    shard(info).count.withLock { $0.retries += 1 }
  }

  /// Adds what was counted to figures; gives how many have ended within the last minute, and since when they count.
  func add(to figures: inout SagaFigures, at now: Timestamp) -> (ended: Int, since: Timestamp?) {
    var ended = 0
    var since: Timestamp?
    for shard in shards {
      let count = shard.count.withLock { $0 }
      figures.completed += count.completed
      figures.compensated += count.compensated
      figures.failed += count.failed
      figures.retries += count.retries
      figures.latency.merge(count.latency)
      ended += count.rate.count(at: now)
      if let began = count.rate.since { since = min(since ?? began, began) }
    }
    return (ended, since)
  }
}
