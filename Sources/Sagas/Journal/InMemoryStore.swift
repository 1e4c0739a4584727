/// Keeps sagas in this process: they survive their orchestrator, not a crash.
///
/// By default nothing is encoded and no log is kept: a saga that runs is its own record, and one that has ended is
/// kept as it ended. With `encoding: true` every record is encoded and kept as bytes, as a durable store would, so
/// that a result that cannot be encoded shows.
///
/// How often an id was used is remembered when its saga is let go, of the ten thousand ids for which that was last:
/// idempotency keys do not come again.
public final class InMemoryStore: SagaStore {
  /// Which finished sagas are kept.
  public enum Retention: Sendable, Hashable {
    /// That many, the ones that ended last.
    case last(Int)
    /// All of them.
    case all
  }

  struct State {
    /// Counts sagas, so that they can be handed over in the order of their creation: a saga's place.
    var created: UInt64 = 0
    var logs: [String: Log] = [:]
    /// One look for each of a saga's beginning, end and going: they are on every saga's way.
    var records = IDTable<Record>()
    /// Ids of ended sagas, the first to end first; those before `dropped` are gone.
    var endings: [String] = []
    var dropped = 0
    /// Ids whose sagas are gone.
    var usedIDs = UsedIDs(limit: 10_000)
    /// Events by number.
    var events: [UInt64: EventRecord] = [:]
    var lastEvent: UInt64 = 0
    /// Who may add events.
    var eventWriter: UInt64?
  }

  /// Whether records are kept as bytes.
  public let encoding: Bool
  let retention: Retention
  let state = Lock(State())

  /// An empty store.
  /// - Parameters:
  ///   - encoding: whether values are encoded and records kept as bytes; slower, and nearer to a durable store.
  ///   - retention: which finished sagas are kept. A negative number keeps none.
  public init(encoding: Bool = false, retention: Retention = .last(1_000)) {
    self.encoding = encoding
    self.retention = retention
  }

  // MARK: Bytes

  /// Keeps a record; it is as durable as it gets when this returns.
  public func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    let refusal = state.withLock { state -> SagaError? in
      if record.firstNumber == 0, state.logs[record.sagaID] == nil {
        guard record.run == 0 || record.run == Int(state.usedIDs[record.sagaID]) + 1 else {
          return .staleRun(record.sagaID)
        }
        state.logs[record.sagaID] = Log(
          place: state.created, name: record.sagaName, version: record.sagaVersion,
          startedAt: record.startedAt, run: UInt32(clamping: record.run), writer: record.writer,
          status: record.status)
        state.created += 1
      }
      guard let log = state.logs[record.sagaID] else {
        // The saga ended and has been dropped; what comes late comes too late.
        return nil
      }
      // The same, and the id has been used again.
      guard record.firstNumber == 0 || log.startedAt == record.startedAt else { return nil }
      let takesOver = record.takenOverAt > 0 && record.firstNumber == record.takenOverAt
      guard log.writer == record.writer, takesOver || log.takenOverAt == record.takenOverAt else {
        return .takenOver(record.sagaID)
      }
      guard log.count == record.firstNumber else {
        let isThere = log.records.contains {
          $0.number == record.firstNumber && ($0.bytes == record.bytes || $0.bytes == record.redacted)
        }
        if !takesOver, isThere {
          return nil
        }
        return SagaError(
          .storeFailed, "record \(record.firstNumber) does not follow \(log.count)", saga: record.sagaID)
      }
      state.logs[record.sagaID]?.takenOverAt = record.takenOverAt
      state.logs[record.sagaID]?.records.append((record.firstNumber, record.bytes, record.redacted))
      state.logs[record.sagaID]?.count += UInt64(record.count)
      state.logs[record.sagaID]?.status = record.status
      if record.status.isTerminal, !log.hasEnded {
        state.logs[record.sagaID]?.endedAt = record.time
        state.logs[record.sagaID]?.redact()
        Self.retire(record.sagaID, in: &state, retention)
      }
      return nil
    }
    guard let refusal else { return .durable }
    whenDurable(.failure(refusal))
    return .pending
  }

  /// Hands over every saga that has not ended, and tells those who ran them; see ``SagaStore/claim(for:)``.
  public func claim(for writer: UInt64) async throws -> [StoredSaga] {
    let (sources, stored) = state.withLock { state in
      var stored: [(place: UInt64, saga: StoredSaga)] = []
      for (id, log) in state.logs where !log.hasEnded && log.writer != writer {
        state.logs[id]?.writer = writer
        stored.append((log.place, StoredSaga(id, log)))
      }
      var sources: [(place: UInt64, source: any SagaImageSource)] = []
      for record in state.records.all {
        guard let source = record.source, source.writer != writer else { continue }
        sources.append((record.place, source))
      }
      return (sources, stored)
    }
    // The order of tables decides nothing: places are unique.
    var all = stored
    for (place, source) in sources.sorted(by: { $0.place < $1.place }) {
      if let image = await source.handOver() { all.append((place, StoredSaga(image, place: place))) }
    }
    return all.sorted { $0.place < $1.place }.map(\.saga)
  }

  /// Hands over one saga; see ``SagaStore/claim(_:for:)``.
  public func claim(_ id: String, for writer: UInt64) async throws -> StoredSaga? {
    let (stored, source) = state.withLock { state -> (StoredSaga?, (UInt64, any SagaImageSource)?) in
      if let log = state.logs[id], !log.hasEnded {
        state.logs[id]?.writer = writer
        return (StoredSaga(id, log), nil)
      }
      guard let record = state.records[id] else { return (nil, nil) }
      switch record {
      case .running(let saga) where saga.writer != writer: return (nil, (record.place, saga))
      case .parked(let saga): return (nil, (record.place, saga))
      case .running, .ended: return (nil, nil)
      }
    }
    guard let (place, source) = source else { return stored }
    return await source.handOver().map { StoredSaga($0, place: place) }
  }

  /// A saga, ended or not, as long as it is kept.
  public func load(_ id: String) async throws -> StoredSaga? {
    let (stored, running) = state.withLock { state -> (StoredSaga?, (UInt64, any SagaImageSource)?) in
      guard let record = state.records[id] else { return (state.logs[id].map { StoredSaga(id, $0) }, nil) }
      switch record {
      case .ended(let image): return (StoredSaga(image.value, place: record.place), nil)
      case .running, .parked: return (nil, record.source.map { (record.place, $0) })
      }
    }
    if let (place, source) = running { return StoredSaga(await source.image, place: place) }
    return stored
  }

  /// A saga has ended: those that ended first are let go of, as far as not so many are kept.
  static func retire(_ id: String, in state: inout State, _ retention: Retention) {
    state.endings.append(id)
    guard case .last(let limit) = retention else { return }
    while state.endings.count - state.dropped > max(limit, 0) {
      let oldest = state.endings[state.dropped]
      state.dropped += 1
      if let record = state.records[oldest] {
        state.usedIDs.note(oldest, run: record.info.run)
        state.records.remove(oldest)
      }
      if !state.logs.isEmpty, let log = state.logs.removeValue(forKey: oldest) {
        state.usedIDs.note(oldest, run: log.run)
      }
    }
    if state.dropped > 64, state.dropped * 2 > state.endings.count {
      state.endings.removeFirst(state.dropped)
      state.dropped = 0
    }
  }
}
