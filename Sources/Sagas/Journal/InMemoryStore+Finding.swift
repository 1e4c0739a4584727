/// Looking for sagas, and letting go of them.
extension InMemoryStore {
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
}
