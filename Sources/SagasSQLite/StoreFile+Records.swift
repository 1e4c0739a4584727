#if canImport(SQLite3) || canImport(CSQLite)
#if canImport(SQLite3)
import SQLite3
#else
import CSQLite
#endif
import Sagas

extension StoreFile {
  /// How many heads are kept.
  private static var headLimit: Int { 200_000 }

  /// Writes records and events in one transaction; what became of each of them, in the same order.
  ///
  /// One that is refused is refused alone. When the transaction fails, all the others have failed.
  func write(_ writes: [PendingWrite]) -> [Result<Void, any Error>] {
    do {
      return try transaction {
        var results: [Result<Void, any Error>] = []
        results.reserveCapacity(writes.count)
        var ended = 0
        for write in writes {
          if let refusal = try add(write, &ended) {
            results.append(.failure(refusal))
          } else {
            results.append(.success(()))
          }
        }
        try expire(atMost: 4 + 2 * ended)
        return results
      }
    } catch {
      // What is wrong with one of them must not keep the others out.
      if writes.count > 1, (error as? SagaError)?.isAboutOneRecord == true {
        return writes.flatMap { write([$0]) }
      }
      return writes.map { _ in .failure(error) }
    }
  }

  /// Writes one of them; returns why it is refused.
  private func add(_ write: PendingWrite, _ ended: inout Int) throws -> SagaError? {
    switch write.content {
    case .record(let record, let changes, let metadata): try add(record, changes, metadata, &ended)
    case .event(let event, let writer): try add(event, by: writer)
    case .removal(let numbers, let writer): try remove(numbers, by: writer)
    }
  }

  private func add(
    _ record: JournalRecord, _ changes: [UInt8]?, _ metadata: [UInt8], _ ended: inout Int
  ) throws -> SagaError? {
    guard var head = try head(of: record.sagaID) else {
      // What comes late of a saga that has ended and was deleted comes too late.
      guard record.firstNumber == 0 else { return nil }
      if record.run > 0, record.run != (try earlierRuns(of: record.sagaID)) + 1 {
        return .staleRun(record.sagaID)
      }
      let head = try create(record, changes, metadata)
      now = max(now, record.time)
      if record.status.isTerminal { ended += 1 } else { keep(head, of: record.sagaID) }
      return nil
    }
    // The same, and the id has been used again.
    guard record.firstNumber == 0 || head.startedAt == record.startedAt else { return nil }
    let takesOver = record.takenOverAt > 0 && record.firstNumber == record.takenOverAt
    // Whoever has claimed the saga has not created it.
    guard record.firstNumber > 0 || head.creator == record.writer else { return .takenOver(record.sagaID) }
    // What has ended is not claimed: what comes late of it is still that of whoever ran it.
    let isOver = head.status.isTerminal && record.firstNumber > 0
    guard isOver || writer(of: head) == record.writer,
      isOver || takesOver || takenOver[head.seq] ?? 0 == record.takenOverAt
    else { return .takenOver(record.sagaID) }
    guard head.next == record.firstNumber else {
      if !takesOver, try isWritten(record, head) { return nil }
      return SagaError(
        .storeFailed, "record \(record.firstNumber) does not follow \(head.next)", saga: record.sagaID)
    }
    try insert(record, changes, head.seq)
    now = max(now, record.time)
    if takesOver { takenOver[head.seq] = record.takenOverAt }
    head.next += UInt64(record.count)
    let details = record.details
    let waysOut = details?.waysOut ?? []
    if record.status != head.status || details?.output != nil || details?.error != nil || !waysOut.isEmpty {
      let statement = statements.updateSaga
      statement.bind(record.status.rawValue, at: 1)
      statement.bind(record.status.isTerminal ? record.time.nanoseconds : nil, at: 2)
      statement.bind(text: details?.output, at: 3)
      statement.bind(details?.error, at: 4)
      statement.bind(text: JSONText.text(of: waysOut), at: 5)
      statement.bind(head.seq, at: 6)
      try statement.run()
    }
    if record.status.isTerminal, !head.status.isTerminal {
      try redact(head.seq)
      ended += 1
      finished += 1
    }
    head.status = record.status
    if record.status.isTerminal {
      heads[record.sagaID] = nil
    } else {
      keep(head, of: record.sagaID)
    }
    return nil
  }

  private func create(
    _ record: JournalRecord, _ changes: [UInt8]?, _ metadata: [UInt8]
  ) throws -> Head {
    let creation = record.details?.creation
    let definition = try creation.map { try self.definition($0.outline) }
    let seq = nextSeq
    nextSeq += 1
    let statement = statements.insertSaga
    statement.bind(seq, at: 1)
    statement.bind(record.sagaID, at: 2)
    statement.bind(record.sagaName, at: 3)
    statement.bind(Int64(record.sagaVersion), at: 4)
    statement.bind(record.status.rawValue, at: 5)
    statement.bind(Int64(bitPattern: record.writer), at: 6)
    statement.bind(record.startedAt.nanoseconds, at: 7)
    statement.bind(record.status.isTerminal ? record.time.nanoseconds : nil, at: 8)
    statement.bind(Int64(creation?.outline.steps.count ?? 0), at: 9)
    statement.bind(text: creation?.input, at: 10)
    statement.bind(text: record.details?.output, at: 11)
    statement.bind(record.details?.error, at: 12)
    statement.bind(text: metadata, at: 13)
    statement.bind(Int64(record.run), at: 14)
    statement.bind(definition, at: 15)
    statement.bind(text: JSONText.text(of: record.details?.waysOut ?? []), at: 16)
    try statement.run()
    try insert(record, changes, seq)
    if record.status.isTerminal { finished += 1 }
    return Head(
      seq: seq, creator: record.writer, startedAt: record.startedAt, status: record.status,
      next: UInt64(record.count))
  }

  /// The number of a definition's steps in the file; writes them where they are not there yet.
  private func definition(_ outline: SagaOutline) throws -> Int64 {
    if let known = definitions[outline] { return known }
    let text = JSONText.text(of: outline.steps)
    let query = statements.definition
    query.bind(text: text, at: 1)
    let found = try query.step() ? query.number(0) : nil
    query.reset()
    let number = try found ?? insert(outline, text)
    definitions[outline] = number
    return number
  }

  private func insert(_ outline: SagaOutline, _ text: [UInt8]) throws -> Int64 {
    statements.insertDefinition.bind(text: text, at: 1)
    try statements.insertDefinition.run()
    let number = try connection.number("SELECT last_insert_rowid()")
    let statement = statements.insertDefinitionStep
    for (place, step) in outline.steps.enumerated() {
      statement.bind(number, at: 1)
      statement.bind(step.name, at: 2)
      statement.bind(Int64(place), at: 3)
      statement.bind(step.hasSlot ? 1 : nil, at: 4)
      statement.bind(text: JSONText.text(of: step.reads), at: 5)
      try statement.run()
    }
    return number
  }

  private func insert(_ record: JournalRecord, _ changes: [UInt8]?, _ seq: Int64) throws {
    let statement = statements.insertRecord
    statement.bind(seq, at: 1)
    statement.bind(Int64(bitPattern: record.firstNumber), at: 2)
    statement.bind(Int64(record.count), at: 3)
    statement.bind(record.time.nanoseconds, at: 4)
    statement.bind(blob: record.redacted ?? record.bytes, at: 5)
    statement.bind(text: changes, at: 6)
    statement.bind(record.redacted == nil ? nil : 1, at: 7)
    try statement.run()
    guard record.redacted != nil else { return }
    let secret = statements.insertSecret
    secret.bind(seq, at: 1)
    secret.bind(Int64(bitPattern: record.firstNumber), at: 2)
    secret.bind(blob: record.bytes, at: 3)
    try secret.run()
  }

  /// Whether this very record is there: its writing was reported as failed, and had not.
  private func isWritten(_ record: JournalRecord, _ head: Head) throws -> Bool {
    guard record.firstNumber < head.next else { return false }
    let statement = statements.record
    statement.bind(head.seq, at: 1)
    statement.bind(Int64(bitPattern: record.firstNumber), at: 2)
    defer { statement.reset() }
    guard try statement.step() else { return false }
    let bytes = statement.bytes(0)
    return bytes == record.bytes || bytes == record.redacted
  }

  /// Deletes what is not kept behind the end of a saga, and overwrites it in the file; see ``Schema/secrets``.
  private func redact(_ seq: Int64) throws {
    let query = statements.isToRedact
    query.bind(seq, at: 1)
    let isToRedact = try query.step()
    query.reset()
    guard isToRedact else { return }
    // The pages that become free, which costs writing them: only for this.
    try connection.execute("PRAGMA secure_delete = ON")
    defer { try? connection.execute("PRAGMA secure_delete = FAST") }
    for statement in [statements.redact, statements.deleteSecrets] {
      statement.bind(seq, at: 1)
      try statement.run()
    }
  }

  // MARK: Heads

  private func head(of id: String) throws -> Head? {
    if let head = heads[id] { return head }
    let statement = statements.head
    statement.bind(id, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return Head(
      seq: statement.number(0), creator: UInt64(bitPattern: statement.number(1)),
      startedAt: Timestamp(nanoseconds: statement.number(2)),
      status: SagaStatus(rawValue: statement.text(3)) ?? .running,
      next: UInt64(bitPattern: statement.number(4)))
  }

  private func keep(_ head: Head, of id: String) {
    if heads.count >= Self.headLimit { heads.removeAll() }
    heads[id] = head
  }

  /// Who may write to a saga now.
  private func writer(of head: Head) -> UInt64 {
    writer(of: head.seq, creator: head.creator)
  }

  private func writer(of seq: Int64, creator: UInt64) -> UInt64 {
    if let alone = claimedAlone[seq] { return alone }
    return if let claimed, seq <= claimed.upTo { claimed.by } else { creator }
  }

  // MARK: Handing out

  /// Hands over what has not ended; see ``SagaStore/claim(for:)``.
  func claim(for writer: UInt64) throws -> [StoredSaga] {
    let live = SagaStatus.allCases.filter { !$0.isTerminal }.map { "'\($0.rawValue)'" }
    do {
      let query = try connection.prepare(
        "SELECT seq, id, writer, status FROM saga WHERE status IN (\(live.joined(separator: ", ")))")
      var found: [(seq: Int64, id: String, status: String)] = []
      while try query.step() {
        let seq = query.number(0)
        let creator = UInt64(bitPattern: query.number(2))
        if self.writer(of: seq, creator: creator) != writer {
          found.append((seq, query.text(1), query.text(3)))
        }
      }
      let sagas = try found.sorted { $0.seq < $1.seq }
        .map { saga in
          StoredSaga(
            id: saga.id, records: try records(of: saga.seq), place: UInt64(bitPattern: saga.seq),
            status: SagaStatus(rawValue: saga.status))
        }
      claimed = (nextSeq - 1, writer)
      claimedAlone.removeAll()
      return sagas
    } catch {
      throw named(error)
    }
  }

  /// Hands over one saga that has not ended; see ``SagaStore/claim(_:for:)``.
  func claim(_ id: String, for writer: UInt64) throws -> StoredSaga? {
    guard let saga = try load(id), saga.status?.isTerminal != true else { return nil }
    claimedAlone[Int64(bitPattern: saga.place)] = writer
    return saga
  }

  /// A saga, ended or not.
  func load(_ id: String) throws -> StoredSaga? {
    do {
      let statement = statements.saga
      statement.bind(id, at: 1)
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      let records = try records(of: statement.number(0))
      // Deleted in between.
      return records.isEmpty
        ? nil
        : StoredSaga(
          id: id, records: records, place: UInt64(bitPattern: statement.number(0)),
          status: SagaStatus(rawValue: statement.text(1)))
    } catch {
      throw named(error)
    }
  }

  /// What there is of an id; see ``SagaStore/occupancy(of:)``.
  func occupancy(of id: String) throws -> Occupancy {
    do {
      if let saga = try load(id) { return Occupancy(saga: saga) }
      return Occupancy(saga: nil, earlierRuns: try earlierRuns(of: id))
    } catch {
      throw named(error)
    }
  }

  private func earlierRuns(of id: String) throws(SQLiteFailure) -> Int {
    let statement = statements.usedID
    statement.bind(id, at: 1)
    defer { statement.reset() }
    return try statement.step() ? Int(statement.number(0)) : 0
  }

  func records(of seq: Int64) throws(SQLiteFailure) -> [[UInt8]] {
    let statement = statements.records
    statement.bind(seq, at: 1)
    var records: [[UInt8]] = []
    while try statement.step() { records.append(statement.bytes(0)) }
    statement.reset()
    return records
  }
}

extension SagaError {
  /// Whether it is the record that cannot be written, not the file.
  fileprivate var isAboutOneRecord: Bool {
    guard let failure = cause as? SQLiteFailure else { return false }
    return [SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE].contains(failure.primaryCode)
  }
}
#endif
