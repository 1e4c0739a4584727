/// Where an engine's sagas are recorded.
enum Journal: Sendable {
  /// Nothing is encoded: running sagas are their own records.
  case images(InMemoryStore)
  case log(any SagaStore)

  init(_ store: any SagaStore) {
    if let memory = store as? InMemoryStore, !memory.encoding {
      self = .images(memory)
    } else {
      self = .log(store)
    }
  }

  /// Whether values have to be encoded.
  var keepsBytes: Bool {
    if case .log = self { true } else { false }
  }

  var store: any SagaStore {
    switch self {
    case .images(let store): store
    case .log(let store): store
    }
  }
}
