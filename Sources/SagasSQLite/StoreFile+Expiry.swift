#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

extension StoreFile {
  /// Deletes finished sagas that are not to be kept any longer, a few at a time; how many it has deleted.
  ///
  /// Within a transaction. A few ride along with each one that writes, the rest goes when there is nothing to write.
  @discardableResult
  func expire(atMost limit: Int) throws -> Int {
    var deleted = 0
    if let age = retention.age {
      deleted += try delete(endedBefore: now.advanced(by: .zero - age).nanoseconds, limit)
    }
    if let count = retention.count, finished > count, deleted < limit {
      deleted += try delete(endedBefore: .max, min(limit - deleted, finished - count))
    }
    return deleted
  }

  /// Goes on with it when there is nothing else to do; whether there may be more.
  func tidy() -> Bool {
    // Where it cannot be done now, it is with one of the next transactions.
    guard (try? needsExpiry()) == true else { return false }
    return (try? transaction { try expire(atMost: 64) }) ?? 0 > 0
  }

  private func needsExpiry() throws -> Bool {
    if let count = retention.count, finished > count { return true }
    guard let age = retention.age else { return false }
    let query = statements.ended
    query.bind(now.advanced(by: .zero - age).nanoseconds, at: 1)
    query.bind(1, at: 2)
    defer { query.reset() }
    return try query.step()
  }

  /// Deletes a finished saga.
  func forget(_ id: String) throws {
    do {
      let statement = statements.saga
      statement.bind(id, at: 1)
      guard try statement.step() else {
        statement.reset()
        throw SagaError.notFound(id)
      }
      let seq = statement.number(0)
      let status = SagaStatus(rawValue: statement.text(1)) ?? .running
      statement.reset()
      guard status.isTerminal else { throw SagaError.notEnded(id, status) }
      try transaction { try delete(seq, id) }
    } catch {
      throw named(error)
    }
  }

  private func delete(endedBefore time: Int64, _ limit: Int) throws -> Int {
    let query = statements.ended
    query.bind(time, at: 1)
    query.bind(Int64(limit), at: 2)
    var found: [(seq: Int64, id: String)] = []
    while try query.step() { found.append((query.number(0), query.text(1))) }
    query.reset()
    for saga in found { try delete(saga.seq, saga.id) }
    return found.count
  }

  private func delete(_ seq: Int64, _ id: String) throws {
    for statement in [statements.rememberID, statements.deleteRecords, statements.deleteSaga] {
      statement.bind(seq, at: 1)
      try statement.run()
    }
    heads[id] = nil
    claimedAlone[seq] = nil
    takenOver[seq] = nil
    finished -= 1
  }
}
#endif
