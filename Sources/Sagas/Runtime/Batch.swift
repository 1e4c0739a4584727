/// What one event leads to, with all the answers it asked for: one record.
struct Batch {
  let time: Timestamp
  /// The number of the first entry.
  let firstNumber: UInt64
  var count = 0
  var actions = SmallList<Action>()
  /// The entries as the journal keeps them, where it keeps bytes.
  var format: RecordFormat?
  /// What the attempt has set in the scratch, until an entry has taken it.
  var writes: ScratchWrites?
  /// The event that is delivered, until an entry has taken it.
  var delivery: RecordFormat.Delivery?
  /// The scratch with these entries in it, where it is another one than before.
  private(set) var scratch: [String: ScratchValue]?
  /// What is to be announced once these entries are durable.
  var announcements: [SupervisorEvent] = []
  /// Rides beside `created`.
  var header: RecordFormat.Header?

  init(time: Timestamp, firstNumber: UInt64, keepsBytes: Bool) {
    self.time = time
    self.firstNumber = firstNumber
    if keepsBytes { format = RecordFormat(time: time, firstNumber: firstNumber) }
  }

  mutating func add(_ entry: Entry, _ payload: Payload) {
    count += 1
    guard format != nil else { return }
    let attachment: RecordFormat.Attachment =
      switch payload {
      case .none: .none
      case .value(_, let bytes): bytes.map { .value($0) } ?? .none
      case .error(let error): .error(RecordedError(error))
      }
    format?.entries.append((entry, attachment))
  }

  /// Puts beside the last entry what an attempt has set in the scratch.
  mutating func attach(_ writes: ScratchWrites, scratch: [String: ScratchValue]) {
    self.writes = nil
    self.scratch = scratch
    guard let last = format?.entries.indices.last, let own = format?.entries[last].attachment else { return }
    format?.entries[last].attachment = .scratch(writes.records, beside: own)
  }

  /// Puts beside the last entry which event it is about.
  mutating func attach(_ delivery: RecordFormat.Delivery) {
    self.delivery = nil
    guard let last = format?.entries.indices.last, let own = format?.entries[last].attachment else { return }
    format?.entries[last].attachment = .event(delivery, value: own)
  }

  /// The bytes of the record, and those it has to have once the saga has ended, where they are others.
  func encoded(redacting nodes: [NodeID]) -> (bytes: [UInt8], redacted: [UInt8]?) {
    guard var format else { return ([], nil) }
    if let header, !format.entries.isEmpty { format.entries[0].attachment = .header(header) }
    return (format.encoded(), nodes.isEmpty ? nil : format.redacted(nodes)?.encoded())
  }
}
