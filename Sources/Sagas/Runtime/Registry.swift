/// The live sagas of an engine, by id. Sharded, so that starts do not queue for one lock.
final class Registry: Sendable {
  private final class Shard: Sendable {
    let sagas = Lock<[String: SagaInstance]>([:])
  }

  private let shards = (0..<16).map { _ in Shard() }

  /// By the last character, in which ids differ most: hashing all of it is left to the dictionary.
  private func shard(_ id: String) -> Shard { shards[Int(id.utf8.last ?? 0) % 16] }

  subscript(id: String) -> SagaInstance? { shard(id).sagas.withLock { $0[id] } }

  /// Enters a saga, unless its id is taken; returns who has it.
  func enter(_ instance: SagaInstance) -> SagaInstance? {
    shard(instance.info.id).sagas.withLock { sagas in
      if let existing = sagas[instance.info.id] { return existing }
      sagas[instance.info.id] = instance
      return nil
    }
  }

  func remove(_ instance: SagaInstance) {
    shard(instance.info.id).sagas.withLock { sagas in
      if sagas[instance.info.id] === instance { sagas[instance.info.id] = nil }
    }
  }

  /// How many sagas are live.
  var count: Int { shards.reduce(0) { $0 + $1.sagas.withLock { $0.count } } }
}
