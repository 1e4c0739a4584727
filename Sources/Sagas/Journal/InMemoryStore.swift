/// Keeps sagas in this process: they survive their orchestrator, not a crash.
///
/// By default nothing is encoded and no log is kept: a saga that runs is its own record, and one that has ended is
/// kept as it ended. With `encoding: true` every record is encoded and kept as bytes, as a durable store would, so
/// that a result that cannot be encoded shows.
public final class InMemoryStore: SagaStore {
  /// Which finished sagas are kept.
  public enum Retention: Sendable, Hashable {
    /// That many, the ones that ended last.
    case last(Int)
    /// All of them.
    case all
  }

  private struct Log {
    let place: UInt64
    var writer: UInt64
    var records: [[UInt8]] = []
    /// The number of the next entry.
    var count: UInt64 = 0
    var hasEnded = false
  }

  /// A saga that is its own record.
  private struct Record {
    enum Content {
      case running(any SagaImageSource)
      case ended(Shared<SagaImage>)
    }

    let place: UInt64
    var content: Content
  }

  private struct State {
    /// Counts sagas, so that they can be handed over in the order of their creation: a saga's place.
    var created: UInt64 = 0
    var logs: [String: Log] = [:]
    /// One look for each of a saga's beginning, end and going: they are on every saga's way.
    var records: [String: Record] = [:]
    /// Ids of ended sagas, the first to end first; those before `dropped` are gone.
    var endings: [String] = []
    var dropped = 0
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
        state.logs[record.sagaID] = Log(place: state.created, writer: record.writer)
        state.created += 1
      }
      guard let log = state.logs[record.sagaID] else {
        // The saga ended and has been dropped; what comes late comes too late.
        return nil
      }
      guard log.writer == record.writer else { return .takenOver(record.sagaID) }
      guard log.count == record.firstNumber else {
        return SagaError(
          .storeFailed, "record \(record.firstNumber) does not follow \(log.count)", saga: record.sagaID)
      }
      state.logs[record.sagaID]?.records.append(record.bytes)
      state.logs[record.sagaID]?.count += UInt64(record.count)
      if record.status.isTerminal, !log.hasEnded {
        state.logs[record.sagaID]?.hasEnded = true
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
        stored.append((log.place, StoredSaga(id: id, records: log.records)))
      }
      var sources: [(place: UInt64, source: any SagaImageSource)] = []
      for record in state.records.values {
        guard case .running(let source) = record.content, source.writer != writer else { continue }
        sources.append((record.place, source))
      }
      return (sources, stored)
    }
    // Dictionary order decides nothing: places are unique.
    var all = stored
    for (place, source) in sources.sorted(by: { $0.place < $1.place }) {
      if let image = await source.handOver() { all.append((place, StoredSaga(image))) }
    }
    return all.sorted { $0.place < $1.place }.map(\.saga)
  }

  /// A saga, ended or not, as long as it is kept.
  public func load(_ id: String) async throws -> StoredSaga? {
    let (stored, source) = state.withLock { state -> (StoredSaga?, (any SagaImageSource)?) in
      switch state.records[id]?.content {
      case .ended(let image): (StoredSaga(image.value), nil)
      case .running(let source): (nil, source)
      case nil: (state.logs[id].map { StoredSaga(id: id, records: $0.records) }, nil)
      }
    }
    if let source { return StoredSaga(await source.image) }
    return stored
  }

  // MARK: Images

  /// A saga that is its own record is to begin, unless there is one of its id: then that is returned.
  func begin(_ source: any SagaImageSource, id: String) async -> StoredSaga? {
    let former = state.withLock { state -> Record.Content? in
      if let record = state.records[id] { return record.content }
      state.records[id] = Record(place: state.created, content: .running(source))
      state.created += 1
      return nil
    }
    switch former {
    case nil: return nil
    case .ended(let image): return StoredSaga(image.value)
    case .running(let other): return StoredSaga(await other.image)
    }
  }

  /// A saga that is its own record goes on in another instance.
  func attach(_ source: any SagaImageSource, id: String) {
    state.withLock { $0.records[id]?.content = .running(source) }
  }

  /// A saga has ended; a later call replaces what is kept of it, if it still is.
  func finish(_ image: Shared<SagaImage>, of source: any SagaImageSource) {
    let id = image.value.info.id
    state.withLock { state in
      guard let index = state.records.index(forKey: id) else { return }
      // Not another saga, to which the id was given when this one was dropped.
      switch state.records.values[index].content {
      case .running(let running) where running === source:
        state.records.values[index].content = .ended(image)
        Self.retire(id, in: &state, retention)
      case .ended(let former) where former.value.info === image.value.info:
        state.records.values[index].content = .ended(image)
      case .running, .ended: return
      }
    }
  }

  private static func retire(_ id: String, in state: inout State, _ retention: Retention) {
    state.endings.append(id)
    guard case .last(let limit) = retention else { return }
    while state.endings.count - state.dropped > max(limit, 0) {
      let oldest = state.endings[state.dropped]
      state.dropped += 1
      state.records[oldest] = nil
      if !state.logs.isEmpty { state.logs[oldest] = nil }
    }
    if state.dropped > 64, state.dropped * 2 > state.endings.count {
      state.endings.removeFirst(state.dropped)
      state.dropped = 0
    }
  }
}
