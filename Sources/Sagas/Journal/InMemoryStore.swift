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

  fileprivate struct Log {
    let place: UInt64
    let name: String
    let version: Int
    let startedAt: Timestamp
    let run: UInt32
    var writer: UInt64
    /// With which entry it was taken over last; 0 where it never was.
    var takenOverAt: UInt64 = 0
    var status: SagaStatus
    var endedAt: Timestamp?
    var records: [(number: UInt64, bytes: [UInt8], redacted: [UInt8]?)] = []
    /// The number of the next entry.
    var count: UInt64 = 0

    var hasEnded: Bool { endedAt != nil }
    var bytes: [[UInt8]] { records.map(\.bytes) }

    /// Lets go of what is not kept behind the end.
    mutating func redact() {
      for index in records.indices {
        guard let redacted = records[index].redacted else { continue }
        records[index].bytes = redacted
        records[index].redacted = nil
      }
    }
  }

  /// A saga that is its own record. One word: of a million sagas that wait, each has one.
  enum Record: Identified {
    case running(SagaInstance)
    /// It does not run, and has not ended.
    case parked(ParkedSaga)
    case ended(Shared<SagaImage>)

    var info: SagaInfo {
      switch self {
      case .running(let saga): saga.info
      case .parked(let saga): saga.info
      case .ended(let image): image.value.info
      }
    }

    /// Who has the record, while it has not ended.
    var source: (any SagaImageSource)? {
      switch self {
      case .running(let saga): saga
      case .parked(let saga): saga
      case .ended: nil
      }
    }

    var place: UInt64 { info.place.load(ordering: .relaxed) }
    var idHash: UInt32 { info.idHash }
    func hasID(_ id: String) -> Bool { info.hasID(id) }
  }

  private struct State {
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
  private let retention: Retention
  private let state = Lock(State())

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

  // MARK: Finding

  /// What there is of an id; see ``SagaStore/occupancy(of:)``.
  public func occupancy(of id: String) async throws -> Occupancy {
    let stored = try await load(id)
    return Occupancy(saga: stored, earlierRuns: stored == nil ? state.withLock { Int($0.usedIDs[id]) } : 0)
  }

  /// Sagas that meet a filter; see ``SagaStore/list(_:limit:after:)``.
  public func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) async throws -> [StoredSaga] {
    var found: [StoredSaga] = []
    for candidate in candidates(filter, after: place) where found.count < limit {
      if let stored = await candidate.stored(filter) { found.append(stored) }
    }
    return found
  }

  /// How many sagas meet a filter; see ``SagaStore/count(_:)``.
  public func count(_ filter: SagaFilter) async throws -> [SagaStatus: Int] {
    var counts: [SagaStatus: Int] = [:]
    for candidate in candidates(filter, after: nil) {
      if let status = await candidate.stored(filter)?.status { counts[status, default: 0] += 1 }
    }
    return counts
  }

  /// Deletes a saga that has ended.
  public func forget(_ id: String) async throws {
    let running = try state.withLock { state -> (any SagaImageSource)? in
      if let record = state.records[id] {
        if let source = record.source { return source }
        state.usedIDs.note(id, run: record.info.run)
        state.records.remove(id)
      } else if let log = state.logs[id] {
        guard log.hasEnded else { throw SagaError.notEnded(id, log.status) }
        state.usedIDs.note(id, run: log.run)
        state.logs[id] = nil
      } else {
        throw SagaError.notFound(id)
      }
      // The id may be used again, and must not be dropped for this one's sake.
      if let index = state.endings[state.dropped...].firstIndex(of: id) { state.endings.remove(at: index) }
      return nil
    }
    if let running { throw SagaError.notEnded(id, await running.image.status) }
  }

  /// A saga that meets what can be told at once.
  private enum Candidate {
    case stored(StoredSaga)
    case ended(Shared<SagaImage>, place: UInt64)
    case running(any SagaImageSource, place: UInt64)

    var place: UInt64 {
      switch self {
      case .stored(let saga): saga.place
      case .ended(_, let place), .running(_, let place): place
      }
    }

    /// The saga, if the rest is met too.
    func stored(_ filter: SagaFilter) async -> StoredSaga? {
      switch self {
      case .stored(let saga):
        return saga
      case .ended(let image, let place):
        return stored(image.value, place, filter)
      case .running(let source, let place):
        return stored(await source.image, place, filter)
      }
    }

    private func stored(_ image: SagaImage, _ place: UInt64, _ filter: SagaFilter) -> StoredSaga? {
      filter.accepts(image.status, endedAt: image.machine.endedAt) ? StoredSaga(image, place: place) : nil
    }
  }

  private func candidates(_ filter: SagaFilter, after place: UInt64?) -> [Candidate] {
    func isBehind(_ other: UInt64) -> Bool { place.map { other > $0 } ?? true }
    let found = state.withLock { state in
      var found: [Candidate] = []
      for (id, log) in state.logs
      where isBehind(log.place) && filter.accepts(log.status, endedAt: log.endedAt) {
        let isWanted = filter.accepts(
          name: log.name, version: log.version, startedAt: log.startedAt,
          metadata: (try? SagaImage.header(id: id, records: log.bytes))?.metadata ?? [:])
        if isWanted { found.append(.stored(StoredSaga(id, log))) }
      }
      for record in state.records.all where isBehind(record.place) {
        switch record {
        case .ended(let image) where filter.accepts(image.value.info):
          found.append(.ended(image, place: record.place))
        case .running(let saga) where filter.accepts(saga.info):
          found.append(.running(saga, place: record.place))
        case .parked(let saga) where filter.accepts(saga.info):
          found.append(.running(saga, place: record.place))
        case .ended, .running, .parked:
          continue
        }
      }
      return found
    }
    // The order of tables decides nothing: places are unique.
    return found.sorted { $0.place < $1.place }
  }

  // MARK: Events

  /// Keeps an event; it is as durable as it gets when this returns.
  public func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    let event = encoding ? event.withoutValue : event
    let refusal = state.withLock { state -> SagaError? in
      guard state.eventWriter == writer else { return .eventsTakenOver() }
      guard state.events[event.number] == nil else {
        return SagaError(.storeFailed, "there is an event of number \(event.number)")
      }
      state.events[event.number] = event
      state.lastEvent = max(state.lastEvent, event.number)
      return nil
    }
    guard let refusal else { return .durable }
    whenDurable(.failure(refusal))
    return .pending
  }

  /// Hands over all events; see ``SagaStore/claimEvents(for:)``.
  public func claimEvents(for writer: UInt64) async throws -> StoredEvents {
    state.withLock { state in
      state.eventWriter = writer
      return StoredEvents(
        events: state.events.values.sorted { $0.number < $1.number }, lastNumber: state.lastEvent)
    }
  }

  /// Forgets events.
  public func removeEvents(_ numbers: [UInt64], by writer: UInt64) {
    state.withLock { state in
      guard state.eventWriter == writer else { return }
      for number in numbers { state.events[number] = nil }
    }
  }

  // MARK: Images

  /// A saga that is its own record is to begin, unless there is one of its id, or it is not the use of it that it
  /// says.
  func begin(_ saga: SagaInstance, id: String) async -> Occupancy {
    let (former, earlier) = state.withLock { state -> (Record?, Int) in
      let run = saga.info.run
      if run > 0, case let earlier = state.usedIDs[id], run != earlier + 1 {
        return (state.records[id], Int(earlier))
      }
      if let former = state.records.insert(.running(saga), id: id) { return (former, 0) }
      saga.info.place.store(state.created, ordering: .relaxed)
      state.created += 1
      return (nil, run == 0 ? 0 : Int(run) - 1)
    }
    guard let former else { return Occupancy(saga: nil, earlierRuns: earlier) }
    if case .ended(let image) = former {
      return Occupancy(saga: StoredSaga(image.value, place: former.place))
    }
    guard let other = former.source else { return Occupancy(saga: nil) }
    return Occupancy(saga: StoredSaga(await other.image, place: former.place))
  }

  /// A saga that is its own record goes on in another instance.
  func attach(_ saga: SagaInstance) { attach(.running(saga)) }

  /// A saga that is its own record does not go on for now.
  func attach(_ saga: ParkedSaga) { attach(.parked(saga)) }

  private func attach(_ record: Record) {
    // It was handed out with this very info, which has its place.
    state.withLock { state in _ = state.records.replace(with: record) { $0.info === record.info } }
  }

  /// A saga has ended; a later call replaces what is kept of it, if it still is.
  func finish(_ image: Shared<SagaImage>, of saga: SagaInstance) {
    state.withLock { state in
      // Not another saga, to which the id was given when this one was dropped.
      let former = state.records.replace(with: .ended(image)) { record in
        switch record {
        case .running(let running): running === saga
        case .ended(let former): former.value.info === image.value.info
        case .parked: false
        }
      }
      if case .running = former { Self.retire(image.value.info.id, in: &state, retention) }
    }
  }

  private static func retire(_ id: String, in state: inout State, _ retention: Retention) {
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

extension StoredSaga {
  fileprivate init(_ id: String, _ log: InMemoryStore.Log) {
    self.init(id: id, records: log.bytes, place: log.place, status: log.status)
  }
}
