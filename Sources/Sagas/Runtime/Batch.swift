/// What one event leads to, with all the answers it asked for: one record.
struct Batch {
  let time: Timestamp
  /// The number of the first entry.
  let firstNumber: UInt64
  var count = 0
  var actions = SmallList<Action>()
  /// The entries as the journal keeps them, where it keeps bytes.
  var format: RecordFormat?
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

  /// The bytes of the record.
  func encoded() -> [UInt8] {
    guard var format else { return [] }
    if let header, !format.entries.isEmpty { format.entries[0].attachment = .header(header) }
    return format.encoded()
  }
}
