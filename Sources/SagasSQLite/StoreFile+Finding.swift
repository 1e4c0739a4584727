#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

extension StoreFile {
  /// Sagas that meet a filter, in the order of their creation.
  func list(_ filter: SagaFilter, limit: Int, after place: UInt64?) throws -> [StoredSaga] {
    do {
      var conditions = Conditions(filter)
      conditions.add("seq > ?", .number(place.map { Int64(bitPattern: $0) } ?? -1))
      let query = try connection.prepare(
        "SELECT seq, id, status FROM saga WHERE \(conditions.sql) ORDER BY seq LIMIT ?")
      let next = conditions.bind(to: query)
      query.bind(Int64(limit), at: next)
      var sagas: [StoredSaga] = []
      while try query.step() {
        let records = try records(of: query.number(0))
        // Deleted in between.
        if records.isEmpty { continue }
        sagas.append(
          StoredSaga(
            id: query.text(1), records: records, place: UInt64(bitPattern: query.number(0)),
            status: SagaStatus(rawValue: query.text(2))))
      }
      return sagas
    } catch {
      throw named(error)
    }
  }

  /// How many sagas meet a filter, by status.
  func count(_ filter: SagaFilter) throws -> [SagaStatus: Int] {
    do {
      let conditions = Conditions(filter)
      let query = try connection.prepare(
        "SELECT status, count(*) FROM saga WHERE \(conditions.sql) GROUP BY status")
      _ = conditions.bind(to: query)
      var counts: [SagaStatus: Int] = [:]
      while try query.step() {
        if let status = SagaStatus(rawValue: query.text(0)) { counts[status] = Int(query.number(1)) }
      }
      return counts
    } catch {
      throw named(error)
    }
  }
}

/// A filter as SQL: texts that never hold a value, and the values.
private struct Conditions {
  enum Value {
    case number(Int64)
    case text(String)
  }

  private var texts: [String] = []
  private var values: [Value] = []

  var sql: String { texts.isEmpty ? "1" : texts.joined(separator: " AND ") }

  init(_ filter: SagaFilter) {
    if let name = filter.name { add("name = ?", .text(name)) }
    if let version = filter.version { add("version = ?", .number(Int64(version))) }
    if let statuses = filter.statuses {
      let known = SagaStatus.allCases.filter { statuses.contains($0) }
      texts.append("status IN (\(known.map { "'\($0.rawValue)'" }.joined(separator: ", ")))")
    }
    if let time = filter.startedFrom { add("created >= ?", .number(time.nanoseconds)) }
    if let time = filter.startedBefore { add("created < ?", .number(time.nanoseconds)) }
    if let time = filter.endedFrom { add("ended >= ?", .number(time.nanoseconds)) }
    if let time = filter.endedBefore { add("ended < ?", .number(time.nanoseconds)) }
    for (key, value) in filter.metadata.sorted(by: { $0.key < $1.key }) {
      texts.append("EXISTS (SELECT 1 FROM json_each(metadata) m WHERE m.key = ? AND m.value = ?)")
      values += [.text(key), .text(value)]
    }
  }

  mutating func add(_ text: String, _ value: Value) {
    texts.append(text)
    values.append(value)
  }

  /// Returns the place of the next value.
  func bind(to query: Statement) -> Int32 {
    var place: Int32 = 1
    for value in values {
      switch value {
      case .number(let number): query.bind(number, at: place)
      case .text(let text): query.bind(text, at: place)
      }
      place += 1
    }
    return place
  }
}
#endif
