/// Sagas that are their own record.
extension InMemoryStore {
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
}
