/// Keeps the journals of sagas.
///
/// A saga acts only on what its store has made durable, and comes back from what the store hands out. One
/// orchestrator at a time writes to a saga; the store refuses the others.
public protocol SagaStore: Sendable {
  /// Whether records come with ``JournalRecord/details``, for tables that a person looks at; `false` unless a store
  /// says otherwise. Asked once.
  var wantsDetails: Bool { get }

  /// Adds a record to the journal of its saga.
  ///
  /// Called in the order of the saga, possibly before earlier records are durable, and never for the same saga from two
  /// threads at once. A record whose `firstNumber` does not continue the saga's journal is refused, as is one of a
  /// writer that is not the saga's (with code ``SagaError/Code/takenOver``), and a creation whose ``JournalRecord/run``
  /// is neither 0 nor one more than the uses its id has had (with code ``SagaError/Code/staleRun``). Refused with
  /// `takenOver` is also one whose ``JournalRecord/takenOverAt`` is not that of the last take-over in the journal: a
  /// record whose `firstNumber` is its `takenOverAt` is the first one of a take-over, and never offered again. Any
  /// other that was refused or could not be written is offered again, unchanged, with all behind it. One that was
  /// written although its writing was reported as failed is recognised by its writer, its `firstNumber` and its bytes:
  /// it is durable, and not written twice. What is still to come of a saga that has ended and is not kept any longer is
  /// taken for durable, and left out, also where another saga has its id by now: ``JournalRecord/startedAt`` tells. A
  /// record of an ended status has the earlier ones of its saga redacted (``JournalRecord/redacted``); then either form
  /// of one that is offered again is the same record.
  /// - Returns: whether the record is durable already; if not, `whenDurable` is called with how it went.
  func append(
    _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability

  /// Hands over every saga that has not ended, in the order of their creation.
  ///
  /// From then on only `writer` may append to them. Calling it again with the same writer hands over nothing that it
  /// already has, unless it is new.
  func claim(for writer: UInt64) async throws -> [StoredSaga]

  /// Hands over one saga, also where the writer has it already: for one that could not be run and is to be tried
  /// again. `nil` where there is none, or it has ended; also, of a store that keeps sagas themselves, where it
  /// runs for this writer.
  ///
  /// From then on only `writer` may append to it.
  func claim(_ id: String, for writer: UInt64) async throws -> StoredSaga?

  /// A saga, ended or not, without claiming it; `nil` when there is none, or it is not kept any longer.
  func load(_ id: String) async throws -> StoredSaga?

  /// What there is of an id that a saga is to be created under, without claiming it.
  ///
  /// A store remembers how often an id was used when it lets go of a saga, in the same step, unless the saga's
  /// ``JournalRecord/run`` is 0: idempotency keys are made of it, and must not come again.
  func occupancy(of id: String) async throws -> Occupancy

  /// Sagas that meet a filter as they were recorded last, at most `limit` of them, in the order of their creation;
  /// only those behind a place, where one is given.
  ///
  /// A saga's ``StoredSaga/place`` never changes and is never used again, so that going from page to page gives every
  /// saga once that is there all the time, whatever comes and goes meanwhile.
  func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) async throws -> [StoredSaga]

  /// How many sagas meet a filter as they were recorded last, by status; a status without any may be missing.
  func count(_ filter: SagaFilter) async throws -> [SagaStatus: Int]

  /// Deletes a saga that has ended, with all that was recorded of it; its id is free then.
  ///
  /// Throws ``SagaError`` with code `notFound` or `notFinished`.
  func forget(_ id: String) async throws

  // MARK: Events

  /// Adds a published event, of an orchestrator that has claimed the events.
  ///
  /// May be called from any thread, for the next event before this one is durable, and not in the order of the
  /// numbers. An event of a number that was used before is refused, as is one of a writer that is not the one who
  /// claimed last (with code ``SagaError/Code/takenOver``).
  /// - Returns: whether the event is durable already; if not, `whenDurable` is called with how it went.
  func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability

  /// Hands over all events that are kept, in the order of their numbers. From then on only `writer` may add others,
  /// with higher numbers than any that this store ever had.
  func claimEvents(for writer: UInt64) async throws -> StoredEvents

  /// Forgets events that are not needed any more, where `writer` is the one who claimed last. Need not be durable when
  /// it returns: what comes back is removed again.
  func removeEvents(_ numbers: [UInt64], by writer: UInt64)
}

extension SagaStore {
  /// No tables for people.
  public var wantsDetails: Bool { false }

  /// What ``load(_:)`` gives: enough for a saga that the writer has claimed before.
  public func claim(_ id: String, for writer: UInt64) async throws -> StoredSaga? {
    let stored = try await load(id)
    return stored?.status?.isTerminal == true ? nil : stored
  }

  /// What ``load(_:)`` gives, and no earlier runs: right for a store that never lets go of a saga.
  public func occupancy(of id: String) async throws -> Occupancy {
    Occupancy(saga: try await load(id))
  }

  /// Throws `unsupported`: a store that can do it says how.
  public func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) async throws -> [StoredSaga] {
    throw SagaError.unsupported("list sagas")
  }

  /// Throws `unsupported`: a store that can do it says how.
  public func count(_ filter: SagaFilter) async throws -> [SagaStatus: Int] {
    throw SagaError.unsupported("count sagas")
  }

  /// Throws `unsupported`: a store that can do it says how.
  public func forget(_ id: String) async throws {
    throw SagaError.unsupported("forget a saga")
  }
}

/// A store for sagas alone: nothing can be published, and there are no events.
extension SagaStore {
  /// Throws `unsupported`, by `whenDurable`: a store that can do it says how.
  public func append(
    _ event: EventRecord, by writer: UInt64,
    whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
  ) -> Durability {
    whenDurable(.failure(SagaError.unsupported("keep events")))
    return .pending
  }

  /// There are none.
  public func claimEvents(for writer: UInt64) async throws -> StoredEvents { StoredEvents() }

  /// There are none.
  public func removeEvents(_ numbers: [UInt64], by writer: UInt64) {}
}
