import Foundation
import SagasTesting
import Testing

@testable import Sagas

/// The log of one saga as text: a line for the saga, one for each record, and one for each event that was kept.
///
/// Fields have tabs between them, bytes are hexadecimal. Lines that begin with `#` say what the next one has, for a
/// person.
struct FixtureFile {
  var saga: (id: String, name: String, version: Int)
  var records: [(status: SagaStatus, bytes: [UInt8])] = []
  var events: [EventRecord] = []

  /// What a store has of a saga, and of events.
  init(of id: String, in store: InMemoryStore) async throws {
    let stored = try #require(try await store.load(id))
    let records = try #require(stored.records)
    let header = try SagaImage.header(id: id, records: records)
    saga = (id, header.name, header.version)
    // The last one's is all a store tells; nobody looks at the others.
    self.records = records.map { (stored.status ?? .running, $0) }
    events = try await store.claimEvents(for: 1).events
  }

  init(reading path: String) throws {
    var saga: (String, String, Int)?
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    where !line.hasPrefix("#") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch fields[0] {
      case "saga":
        saga = (fields[1], fields[2], try #require(Int(fields[3])))
      case "record":
        records.append((try #require(SagaStatus(rawValue: fields[1])), try Self.bytes(fields[2])))
      case "event":
        let time = Timestamp(nanoseconds: try #require(Int64(fields[5])))
        events.append(
          EventRecord(
            number: try #require(UInt64(fields[1])), id: fields[2], name: fields[3],
            sagaID: fields[4] == "-" ? nil : fields[4], time: time, bytes: try Self.bytes(fields[6])))
      default: throw Refused(why: "\(path): what is \(fields[0])?")
      }
    }
    self.saga = try #require(saga)
  }

  /// The text of the file.
  func text() throws -> String {
    var lines = ["# A saga as its store had it, in records of format \(RecordFormat.version). Never changed."]
    lines.append("saga\t\(saga.id)\t\(saga.name)\t\(saga.version)")
    for (status, bytes) in records {
      let record = try RecordFormat(decoding: bytes)
      let entries = record.entries.map { "\($0.entry)".replacing(/Sagas\.\w+\./, with: "") }
      lines.append("# \(record.firstNumber): \(entries.joined(separator: ", "))")
      lines.append("record\t\(status.rawValue)\t\(Self.text(bytes))")
    }
    for event in events {
      lines.append("# \(String(decoding: event.bytes, as: UTF8.self))")
      lines.append(
        "event\t\(event.number)\t\(event.id)\t\(event.name)\t\(event.sagaID ?? "-")\t\(event.time.nanoseconds)\t"
          + Self.text(event.bytes))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A store that has this and nothing else.
  func store() async throws -> InMemoryStore {
    let store = InMemoryStore(encoding: true)
    _ = try await store.claimEvents(for: 1)
    for event in events {
      try #require(store.append(event, by: 1) { _ in } == .durable)
    }
    let startedAt = try RecordFormat(decoding: records[0].bytes).time
    for (status, bytes) in records {
      let record = try RecordFormat(decoding: bytes)
      let durability = store.append(
        JournalRecord(
          sagaID: saga.id, sagaName: saga.name, sagaVersion: saga.version, startedAt: startedAt, writer: 1,
          firstNumber: record.firstNumber, count: record.entries.count, time: record.time, status: status,
          bytes: bytes)
      ) { _ in }
      try #require(durability == .durable)
    }
    return store
  }

  // MARK: - Bytes

  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  static func bytes(_ text: String) throws -> [UInt8] {
    let digits = Array(text)
    try #require(digits.count % 2 == 0)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
    }
  }
}
