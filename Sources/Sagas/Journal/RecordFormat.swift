/// The bytes of one record: a version, the time, the number of the first entry, then the entries with what rides
/// beside them.
struct RecordFormat: Sendable {
  /// What rides beside an entry, as the journal keeps it.
  enum Attachment: Sendable, Equatable {
    case none
    /// A result or an output, encoded by the codec.
    case value([UInt8])
    case error(RecordedError)
    /// What an attempt has set in the scratch, and what rides beside the entry apart from that.
    indirect case scratch([ScratchWrite], beside: Attachment)
    /// Beside `delivered`: which event, and the value that is kept of it.
    indirect case event(Delivery, value: Attachment)
    /// A result that was here, and has left the store.
    case redacted
    /// Beside `created`: what the instance is, and its input.
    case header(Header)
  }

  /// One value of the scratch, encoded by the codec; `nil` where it was removed.
  struct ScratchWrite: Sendable, Equatable {
    var name: String
    var value: [UInt8]?
  }

  /// An event that a saga has taken.
  struct Delivery: Sendable, Equatable {
    var number: UInt64
    var id: String
  }

  struct Header: Sendable, Equatable {
    var runID: String
    var name: String
    var version: Int
    var metadata: [String: String]
    /// The number of the last event before it was created.
    var mark: UInt64 = 0
    var input: [UInt8]
    /// What `OptionsFormat` makes of the options; empty where the saga is as its definition has it.
    var options: [UInt8] = []
    /// Of the plan it was started with; `nil` in logs from before there were fingerprints.
    var fingerprint: Fingerprint?
  }

  static let version: UInt8 = 1

  var time: Timestamp
  var firstNumber: UInt64
  var entries: [(entry: Entry, attachment: Attachment)] = []

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.byte(Self.version)
    writer.signed(time.nanoseconds)
    writer.number(firstNumber)
    writer.number(UInt64(entries.count))
    for (entry, attachment) in entries {
      EntryFormat.write(entry, to: &writer)
      Self.write(attachment, to: &writer)
    }
    return writer.bytes
  }

  init(time: Timestamp, firstNumber: UInt64) {
    self.time = time
    self.firstNumber = firstNumber
  }

  init(decoding bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    let version = try reader.byte()
    guard version == Self.version else { throw EntryFormat.UnknownTag(tag: version) }
    time = Timestamp(nanoseconds: try reader.signed())
    firstNumber = try reader.number()
    let count = try reader.number()
    while !reader.isAtEnd {
      entries.append((try EntryFormat.read(from: &reader), try Self.attachment(&reader)))
    }
    guard UInt64(entries.count) == count else { throw ByteReader.Malformed(offset: bytes.count) }
  }

  private static func write(_ attachment: Attachment, to writer: inout ByteWriter) {
    switch attachment {
    case .none: writer.byte(0)
    case .value(let bytes):
      writer.byte(1)
      writer.raw(bytes)
    case .error(let error):
      writer.byte(2)
      writer.text(error.type)
      writer.text(error.message)
      writer.byte(error.payload == nil ? 0 : 1)
      if let payload = error.payload { writer.raw(payload) }
    case .header(let header):
      let fields = header.fields
      writer.byte(fields.isEmpty ? 3 : 6)
      writer.text(header.runID)
      writer.text(header.name)
      writer.signed(Int64(header.version))
      writer.number(UInt64(header.metadata.count))
      for (key, value) in header.metadata.sorted(by: { $0.key < $1.key }) {
        writer.text(key)
        writer.text(value)
      }
      writer.number(header.mark)
      writer.raw(header.input)
      writer.raw(header.options)
      if !fields.isEmpty { HeaderField.write(fields, to: &writer) }
    case .scratch(let writes, let own):
      writer.byte(4)
      writer.number(UInt64(writes.count))
      for write in writes {
        writer.text(write.name)
        writer.byte(write.value == nil ? 0 : 1)
        if let value = write.value { writer.raw(value) }
      }
      Self.write(own, to: &writer)
    case .event(let delivery, let value):
      writer.byte(5)
      writer.number(delivery.number)
      writer.text(delivery.id)
      Self.write(value, to: &writer)
    case .redacted: writer.byte(7)
    }
  }

  private static func attachment(
    _ reader: inout ByteReader, isNested: Bool = false
  ) throws -> Attachment {
    let tag = try reader.byte()
    switch tag {
    case 0: return .none
    case 1: return .value(try reader.raw())
    case 2:
      let type = try reader.text()
      let message = try reader.text()
      let payload = try reader.byte() == 0 ? nil : try reader.raw()
      return .error(RecordedError(type: type, message: message, payload: payload))
    case 3, 6:
      var header = Header(
        runID: try reader.text(), name: try reader.text(), version: Int(try reader.signed()), metadata: [:],
        input: [])
      for _ in 0..<(try reader.number()) {
        let key = try reader.text()
        header.metadata[key] = try reader.text()
      }
      header.mark = try reader.number()
      header.input = try reader.raw()
      header.options = try reader.raw()
      if tag == 6 { try header.take(HeaderField.read(from: &reader)) }
      return .header(header)
    case 4 where !isNested:
      var writes: [ScratchWrite] = []
      for _ in 0..<(try reader.number()) {
        let name = try reader.text()
        writes.append(ScratchWrite(name: name, value: try reader.byte() == 0 ? nil : try reader.raw()))
      }
      return .scratch(writes, beside: try attachment(&reader, isNested: true))
    case 5 where !isNested:
      let delivery = Delivery(number: try reader.number(), id: try reader.text())
      return .event(delivery, value: try attachment(&reader, isNested: true))
    case 7: return .redacted
    default: throw EntryFormat.UnknownTag(tag: tag)
    }
  }
}
