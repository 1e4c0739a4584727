/// The live sagas of an engine, by id. Sharded, so that starts do not queue for one lock.
final class Registry: Sendable {
  private final class Shard: Sendable {
    let sagas = Lock(IDTable<SagaInstance>())
  }

  private let shards = (0..<16).map { _ in Shard() }

  /// By what the tables go by: an id has one shard, in whichever bytes it is spelt. The lowest bits, as a table makes
  /// places of the highest.
  private func shard(_ hash: UInt32) -> Shard { shards[Int(hash % 16)] }

  subscript(id: String) -> SagaInstance? {
    let hash = SagaInfo.hash(id)
    return shard(hash).sagas.withLock { $0.element(id, hash: hash) }
  }

  /// Enters a saga, unless its id is taken; returns who has it.
  func enter(_ instance: SagaInstance, id: String) -> SagaInstance? {
    shard(instance.idHash).sagas.withLock { $0.insert(instance, id: id) }
  }

  func remove(_ instance: SagaInstance) {
    shard(instance.idHash).sagas.withLock { $0.remove(instance) }
  }

  /// The live sagas, by id.
  var sagas: [SagaInstance] {
    // Each id is made once: asked for, it is made anew.
    shards.flatMap { $0.sagas.withLock { $0.all } }.map { (id: $0.id, saga: $0) }
      .sorted { $0.id < $1.id }.map(\.saga)
  }

  /// The parts it consists of: what looks at all sagas takes one at a time.
  var shardNumbers: Range<Int> { shards.indices }

  /// The sagas of one part, in an order that means nothing.
  func all(in shard: Int) -> [SagaInstance] { shards[shard].sagas.withLock { $0.all } }

  /// How many sagas are live.
  var count: Int { shards.reduce(0) { $0 + $1.sagas.withLock { $0.count } } }
}
