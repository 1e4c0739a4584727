/// The bytes of one entry: a tag that never changes its meaning, then its fields.
enum EntryFormat {
  static func write(_ entry: Entry, to writer: inout ByteWriter) {
    switch entry {
    case .created: writer.byte(1)
    case .admitted: writer.byte(2)
    case .recovered: writer.byte(3)
    case .failing(let cause, let closing):
      writer.byte(4)
      switch cause {
      case .node(let node): writer.byte(0); writer.number(UInt64(node.index))
      case .cancelled: writer.byte(1)
      case .deadline: writer.byte(2)
      }
      writer.byte(closing.rawValue)
    case .unwinding: writer.byte(5)
    case .suspended: writer.byte(6)
    case .resumed(let node):
      writer.byte(7)
      writer.number(node.map { UInt64($0.index) + 1 } ?? 0)
    case .overdue: writer.byte(8)
    case .stuck: writer.byte(9)
    case .parked: writer.byte(10)
    case .ended(let ending): writer.byte(11); writer.byte(ending.rawValue)

    case .answered(let node, let answer):
      head(20, node, &writer)
      write(answer, to: &writer)
    case .joined(let node): head(21, node, &writer)
    case .pivoted(let node): head(22, node, &writer)
    case .waiting(let node): head(23, node, &writer)
    case .stepSkipped(let node): head(27, node, &writer)
    case .delivered(let node, let alternative): head(24, node, &writer); writer.number(UInt64(alternative))
    case .elapsed(let node): head(25, node, &writer)
    case .childEnded(let node, let ending): head(26, node, &writer); writer.byte(ending.rawValue)

    case .started(let node, let attempt): head(40, node, attempt, &writer)
    case .completed(let node, let attempt): head(41, node, attempt, &writer)
    case .attemptFailed(let node, let attempt, let unknown):
      head(42, node, attempt, &writer)
      writer.byte(unknown ? 1 : 0)
    case .timedOut(let node, let attempt): head(43, node, attempt, &writer)
    case .attemptCut(let node, let attempt): head(44, node, attempt, &writer)
    case .returnedLate(let node, let attempt): head(45, node, attempt, &writer)
    case .lateResult(let node, let attempt): head(46, node, attempt, &writer)
    case .neverStarted(let node, let attempt): head(47, node, attempt, &writer)
    case .failed(let node): head(48, node, &writer)

    case .undoStarted(let node, let attempt): head(60, node, attempt, &writer)
    case .undoTimedOut(let node, let attempt): head(61, node, attempt, &writer)
    case .undoAttemptFailed(let node, let attempt): head(62, node, attempt, &writer)
    case .undoReturnedLate(let node, let attempt): head(63, node, attempt, &writer)
    case .undone(let node, let attempt): head(64, node, attempt, &writer)
    case .undoImpossible(let node, let attempt): head(65, node, attempt, &writer)
    case .undoFailed(let node): head(66, node, &writer)
    case .undoSkipped(let node): head(67, node, &writer)
    case .unwindExpired: writer.byte(68)
    case .unwindResumed: writer.byte(69)
    }
  }

  static func read(from reader: inout ByteReader) throws -> Entry {
    let tag = try reader.byte()
    switch tag {
    case 1: return .created
    case 2: return .admitted
    case 3: return .recovered
    case 4: return .failing(try cause(&reader), then: try closing(&reader))
    case 5: return .unwinding
    case 6: return .suspended
    case 7:
      let number = try reader.small(UInt16.self)
      return .resumed(from: number == 0 ? nil : NodeID(Int(number) - 1))
    case 8: return .overdue
    case 9: return .stuck
    case 10: return .parked
    case 11: return .ended(try ending(&reader))
    case 20: return .answered(try node(&reader), try answer(&reader))
    case 21: return .joined(try node(&reader))
    case 22: return .pivoted(try node(&reader))
    case 23: return .waiting(try node(&reader))
    case 24: return .delivered(try node(&reader), alternative: try reader.small(UInt16.self))
    case 25: return .elapsed(try node(&reader))
    case 26: return .childEnded(try node(&reader), try ending(&reader))
    case 27: return .stepSkipped(try node(&reader))
    case 48: return .failed(try node(&reader))
    case 66: return .undoFailed(try node(&reader))
    case 67: return .undoSkipped(try node(&reader))
    case 68: return .unwindExpired
    case 69: return .unwindResumed
    default: return try attemptEntry(tag, &reader)
    }
  }

  private static func attemptEntry(_ tag: UInt8, _ reader: inout ByteReader) throws -> Entry {
    let node = try node(&reader)
    let attempt = try reader.small(Attempt.self)
    switch tag {
    case 40: return .started(node, attempt)
    case 41: return .completed(node, attempt)
    case 42: return .attemptFailed(node, attempt, unknown: try reader.byte() != 0)
    case 43: return .timedOut(node, attempt)
    case 44: return .attemptCut(node, attempt)
    case 45: return .returnedLate(node, attempt)
    case 46: return .lateResult(node, attempt)
    case 47: return .neverStarted(node, attempt)
    case 60: return .undoStarted(node, attempt)
    case 61: return .undoTimedOut(node, attempt)
    case 62: return .undoAttemptFailed(node, attempt)
    case 63: return .undoReturnedLate(node, attempt)
    case 64: return .undone(node, attempt)
    case 65: return .undoImpossible(node, attempt)
    default: throw UnknownTag(tag: tag)
    }
  }

  /// The log has something that this version of the library does not know.
  struct UnknownTag: Error {
    let tag: UInt8
  }

  // MARK: Fields

  private static func head(_ tag: UInt8, _ node: NodeID, _ writer: inout ByteWriter) {
    writer.byte(tag)
    writer.number(UInt64(node.index))
  }

  private static func head(_ tag: UInt8, _ node: NodeID, _ attempt: Attempt, _ writer: inout ByteWriter) {
    head(tag, node, &writer)
    writer.number(UInt64(attempt))
  }

  private static func node(_ reader: inout ByteReader) throws -> NodeID {
    NodeID(Int(try reader.small(UInt16.self)))
  }

  private static func cause(_ reader: inout ByteReader) throws -> Cause {
    switch try reader.byte() {
    case 0: return .node(try node(&reader))
    case 1: return .cancelled
    case 2: return .deadline
    case let other: throw UnknownTag(tag: other)
    }
  }

  private static func closing(_ reader: inout ByteReader) throws -> Closing {
    let raw = try reader.byte()
    guard let closing = Closing(rawValue: raw) else { throw UnknownTag(tag: raw) }
    return closing
  }

  private static func ending(_ reader: inout ByteReader) throws -> Ending {
    let raw = try reader.byte()
    guard let ending = Ending(rawValue: raw) else { throw UnknownTag(tag: raw) }
    return ending
  }

  private static func write(_ answer: Answer, to writer: inout ByteWriter) {
    switch answer {
    case .branch(let number): writer.byte(0); writer.number(number.map { UInt64($0) + 1 } ?? 0)
    case .count(let count): writer.byte(1); writer.number(UInt64(count))
    case .key: writer.byte(2)
    case .deadline(let time): writer.byte(3); writer.signed(time.nanoseconds)
    case .state: writer.byte(4)
    case .requests: writer.byte(5)
    case .failure: writer.byte(6)
    case .noFailure: writer.byte(7)
    case .retry(let delay):
      writer.byte(delay == nil ? 8 : 9)
      if let delay { writer.signed(delay.clampedNanoseconds) }
    case .verdict(let verdict):
      writer.byte(10)
      writer.byte(verdict.rawValue)
    case .wave(let wave):
      writer.byte(11)
      writer.number(UInt64(wave))
    case .waves: writer.byte(12)
    case .output: writer.byte(13)
    }
  }

  private static func answer(_ reader: inout ByteReader) throws -> Answer {
    let tag = try reader.byte()
    switch tag {
    case 0:
      let number = try reader.small(UInt16.self)
      return .branch(number == 0 ? nil : number - 1)
    case 1: return .count(try reader.small(UInt32.self))
    case 2: return .key
    case 3: return .deadline(Timestamp(nanoseconds: try reader.signed()))
    case 4: return .state
    case 5: return .requests
    case 6: return .failure
    case 7: return .noFailure
    case 8: return .retry(nil)
    case 9: return .retry(.nanoseconds(try reader.signed()))
    case 10:
      let raw = try reader.byte()
      guard let verdict = Verdict(rawValue: raw) else { throw UnknownTag(tag: raw) }
      return .verdict(verdict)
    case 11: return .wave(try reader.small(UInt16.self))
    case 12: return .waves
    case 13: return .output
    default: throw UnknownTag(tag: tag)
    }
  }
}
