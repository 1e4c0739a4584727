extension InMemoryStore {
  /// A saga that meets what can be told at once.
  enum Candidate {
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
}
