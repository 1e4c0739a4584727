#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

/// Builds JSON text from values that are JSON already, and from texts and numbers.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  mutating func open(_ bracket: Character) {
    separate()
    bytes.append(bracket.asciiValue ?? 0)
    needsComma = false
  }

  mutating func close(_ bracket: Character) {
    bytes.append(bracket.asciiValue ?? 0)
    needsComma = true
  }

  mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func key(_ key: String) {
    text(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func json(_ value: [UInt8]) {
    separate()
    bytes.append(contentsOf: value)
  }

  mutating func number(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func text(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }
}

extension JSONText {
  /// The changes of a record, as the views read them.
  static func text(of changes: [StepChange]) -> [UInt8] {
    var json = JSONText()
    json.open("[")
    for change in changes { json.add(change) }
    json.close("]")
    return json.bytes
  }

  private mutating func add(_ change: StepChange) {
    open("{")
    key("step")
    text(change.name)
    key("status")
    text(change.status.rawValue)
    key("attempts")
    number(Int64(change.attempts))
    if let time = change.startedAt {
      key("started")
      number(time.nanoseconds)
    }
    if let time = change.endedAt {
      key("ended")
      number(time.nanoseconds)
    }
    if let time = change.dueAt {
      key("due")
      number(time.nanoseconds)
    }
    if change.runsAgain {
      key("again")
      number(1)
    }
    if let result = change.result {
      key("result")
      json(result)
    }
    if let error = change.error {
      key("error")
      text(error)
    }
    if let undo = change.undo {
      key("undo")
      text(undo.rawValue)
      key("undoAttempts")
      number(Int64(change.undoAttempts))
    }
    if let error = change.undoError {
      key("undoError")
      text(error)
    }
    close("}")
  }

  /// The steps of a definition.
  static func text(of outline: [SagaOutline.Step]) -> [UInt8] {
    var json = JSONText()
    json.open("[")
    for step in outline {
      json.open("{")
      json.key("step")
      json.text(step.name)
      if step.hasSlot {
        json.key("slot")
        json.number(1)
      }
      json.key("reads")
      json.json(text(of: step.reads))
      json.close("}")
    }
    json.close("]")
    return json.bytes
  }

  /// From which place to which, as the view of steps reads it.
  static func text(of places: [ClosedRange<Int>]) -> [UInt8] {
    var json = JSONText()
    json.open("[")
    for range in places {
      json.open("[")
      json.number(Int64(range.lowerBound))
      json.number(Int64(range.upperBound))
      json.close("]")
    }
    json.close("]")
    return json.bytes
  }

  /// What can be asked of a saga; none where there is nothing.
  static func text(of waysOut: [JournalRecord.WayOut]) -> [UInt8]? {
    guard !waysOut.isEmpty else { return nil }
    var json = JSONText()
    json.open("[")
    for way in waysOut {
      json.open("{")
      json.key("verb")
      json.text(way.verb)
      if let step = way.step {
        json.key("step")
        json.text(step)
      }
      json.close("}")
    }
    json.close("]")
    return json.bytes
  }

  static func text(of metadata: [String: String]) -> [UInt8] {
    var json = JSONText()
    json.open("{")
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      json.key(key)
      json.text(value)
    }
    json.close("}")
    return json.bytes
  }
}
#endif
