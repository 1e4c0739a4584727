/// Keeps the journals of sagas.
///
/// A saga acts only on what its store has made durable, and comes back from what the store hands out. One
/// orchestrator at a time writes to a saga; the store refuses the others.
public protocol SagaStore: Sendable {
  /// Adds a record to the journal of its saga.
  ///
  /// Called in the order of the saga, possibly before earlier records are durable, and never for the same saga from
  /// two threads at once. A record whose `firstNumber` does not continue the saga's journal is refused, as is one
  /// of a writer that is not the saga's (with code ``SagaError/Code/takenOver``). A record that was refused or could
  /// not be written is offered again, unchanged, with all behind it.
  /// - Returns: whether the record is durable already; if not, `whenDurable` is called with how it went.
  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability

  /// Hands over every saga that has not ended, in the order of their creation.
  ///
  /// From then on only `writer` may append to them. Calling it again with the same writer hands over nothing that it
  /// already has, unless it is new.
  func claim(for writer: UInt64) async throws -> [StoredSaga]

  /// A saga, ended or not, without claiming it; `nil` when there is none, or it is not kept any longer.
  func load(_ id: String) async throws -> StoredSaga?
}
