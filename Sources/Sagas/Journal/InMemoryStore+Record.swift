extension InMemoryStore {
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
}
