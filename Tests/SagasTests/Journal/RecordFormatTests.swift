import SagasTesting
import Testing

@testable import Sagas

/// The bytes of the journal.
@Suite("Record format")
struct RecordFormatTests {
  static let entries: [Entry] = {
    let node = NodeID(300)
    let attempts: [Entry] = [
      .started(node, 1), .completed(node, 65_535), .attemptFailed(node, 2, unknown: true),
      .attemptFailed(node, 2, unknown: false), .timedOut(node, 3), .attemptCut(node, 4),
      .returnedLate(node, 5),
      .lateResult(node, 6), .neverStarted(node, 7), .failed(node),
    ]
    let undo: [Entry] = [
      .undoStarted(node, 1), .undoTimedOut(node, 2), .undoAttemptFailed(node, 3), .undoReturnedLate(node, 4),
      .undone(node, 5), .undoImpossible(node, 6), .undoFailed(node), .undoSkipped(node), .unwindExpired,
      .unwindResumed,
    ]
    let answers: [Answer] = [
      .branch(nil), .branch(0), .branch(9), .count(70_000), .key, .deadline(Timestamp(nanoseconds: -5)),
      .state,
      .requests, .failure, .noFailure, .retry(nil), .retry(.milliseconds(1)), .verdict(.now),
      .verdict(.never), .wave(0), .wave(.max), .waves, .output,
    ]
    let saga: [Entry] = [
      .created, .admitted, .recovered, .failing(.node(node), then: .unwind),
      .failing(.cancelled, then: .stop),
      .failing(.deadline, then: .unwind),
      .unwinding,
      .suspended, .resumed(from: nil), .resumed(from: NodeID(0)), .resumed(from: node), .overdue, .stuck,
      .parked,
      .ended(.completed), .ended(.compensated), .ended(.failed), .joined(node), .pivoted(node),
      .waiting(node),
      .delivered(node, alternative: 3), .elapsed(node), .childEnded(node, .failed),
    ]
    return saga + answers.map { .answered(node, $0) } + attempts + undo
  }()

  @Test func everyEntry_comesBackAsItWas() throws {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1_700_000_000_000_000_000), firstNumber: 1 << 40)
    record.entries = Self.entries.map { ($0, .none) }
    let back = try RecordFormat(decoding: record.encoded())
    #expect(back.time == record.time && back.firstNumber == record.firstNumber)
    #expect(back.entries.map(\.entry) == Self.entries)
  }

  @Test func attachments_comeBackAsTheyWere() throws {
    let attachments: [RecordFormat.Attachment] = [
      .none, .value([]), .value([1, 2, 255]),
      .error(RecordedError(type: "T", message: "ü", payload: nil)),
      .error(RecordedError(type: "T", message: "", payload: [0])),
      .header(
        .init(runID: "a~2", name: "n", version: -1, metadata: ["b": "2", "a": "1"], input: [9], options: [4])),
      .scratch([], beside: .none),
      .scratch([.init(name: "ü", value: [1]), .init(name: "", value: nil)], beside: .value([2, 3])),
      .redacted, .event(.init(number: 7, id: "e"), value: .redacted),
    ]
    var record = RecordFormat(time: Timestamp(nanoseconds: 0), firstNumber: 0)
    record.entries = attachments.map { (.created, $0) }
    #expect(try RecordFormat(decoding: record.encoded()).entries.map(\.attachment) == attachments)
  }

  @Test func damagedBytes_areRefused_andNothingTraps() throws {
    var record = RecordFormat(time: Timestamp(nanoseconds: 7), firstNumber: 3)
    record.entries = Self.entries.map {
      ($0, .scratch([.init(name: "n", value: [4])], beside: .value([1, 2, 3])))
    }
    let bytes = record.encoded()
    for length in 0..<bytes.count {
      #expect(throws: (any Error).self) { try RecordFormat(decoding: Array(bytes[..<length])) }
    }
    var random = SeededRandom(seed: 1)
    for _ in 0..<5_000 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = .random(
          in: .min ... .max, using: &random)
      }
      _ = try? RecordFormat(decoding: damaged)
    }
  }

  /// Logs written today must be read by every later version: these bytes never change.
  @Test func theBytesOfVersionOne() {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 2)
    record.entries = [(.started(NodeID(1), 1), .none), (.completed(NodeID(1), 1), .value([0x34, 0x32]))]
    #expect(record.encoded() == [1, 2, 2, 2, 40, 1, 1, 0, 41, 1, 1, 1, 2, 0x34, 0x32])
  }

  @Test func theBytesOfGoingOnFromSomewhere() {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 2)
    record.entries = [
      (.suspended, .none), (.resumed(from: nil), .none), (.resumed(from: NodeID(5)), .none),
    ]
    #expect(record.encoded() == [1, 2, 2, 3, 6, 0, 7, 0, 0, 7, 6, 0])
  }

  @Test func theBytesOfScratch() {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 2)
    let writes: [RecordFormat.ScratchWrite] = [
      .init(name: "a", value: [0x37]), .init(name: "b", value: nil),
    ]
    record.entries = [(.undone(NodeID(1), 1), .scratch(writes, beside: .none))]
    #expect(record.encoded() == [1, 2, 2, 1, 64, 1, 1, 4, 2, 1, 0x61, 1, 1, 0x37, 1, 0x62, 0, 0])
  }

  @Test func theBytesOfAllThatRidesBesideAnEntry() {
    func bytes(_ attachment: RecordFormat.Attachment) -> [UInt8] {
      var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 2)
      record.entries = [(.completed(NodeID(1), 1), attachment)]
      let bytes = record.encoded()
      #expect(bytes.prefix(7) == [1, 2, 2, 1, 41, 1, 1])
      return Array(bytes.dropFirst(7))
    }
    #expect(bytes(.none) == [0])
    #expect(bytes(.value([9])) == [1, 1, 9])
    #expect(bytes(.error(RecordedError(type: "T", message: "m", payload: nil))) == [2, 1, 0x54, 1, 0x6D, 0])
    #expect(
      bytes(.error(RecordedError(type: "T", message: "", payload: [8]))) == [2, 1, 0x54, 0, 1, 1, 8])
    #expect(bytes(.event(.init(number: 3, id: "e"), value: .value([9]))) == [5, 3, 1, 0x65, 1, 1, 9])
    #expect(bytes(.redacted) == [7])
    #expect(bytes(.event(.init(number: 3, id: "e"), value: .redacted)) == [5, 3, 1, 0x65, 7])
    #expect(bytes(.scratch([], beside: .redacted)) == [4, 0, 7])
  }

  /// A header of the first form, and one with what was added to it.
  @Test func theBytesOfHeaders() throws {
    var header = RecordFormat.Header(
      runID: "a", name: "n", version: 1, metadata: ["k": "v"], mark: 3, input: [9], options: [4])
    func bytes() -> [UInt8] {
      var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 0)
      record.entries = [(.created, .header(header)), (.admitted, .none)]
      return record.encoded()
    }
    let first: [UInt8] = [1, 0x61, 1, 0x6E, 2, 1, 1, 0x6B, 1, 0x76, 3, 1, 9, 1, 4]
    #expect(bytes() == [1, 2, 0, 2, 1, 3] + first + [2, 0])
    header.fingerprint = Fingerprint(value: 300)
    #expect(bytes() == [1, 2, 0, 2, 1, 6] + first + [1, 1, 2, 0xAC, 2] + [2, 0])
    #expect(try RecordFormat(decoding: bytes()).entries.first?.attachment == .header(header))
  }

  /// A later version of the library has said more than this one knows.
  @Test func aFieldThatIsNotKnown_isPassedOver() throws {
    let header = RecordFormat.Header(
      runID: "a", name: "n", version: 1, metadata: [:], input: [], fingerprint: Fingerprint(value: 5))
    let first: [UInt8] = [1, 0x61, 1, 0x6E, 2, 0, 0, 0, 0]
    let fields: [UInt8] = [3, 0xAC, 2, 1, 7, 1, 1, 5, 99, 0]
    let record = try RecordFormat(decoding: [1, 2, 0, 2, 1, 6] + first + fields + [2, 0])
    #expect(record.entries.map(\.attachment) == [.header(header), .none])
    #expect(record.entries.map(\.entry) == [.created, .admitted])
    // What is known has to be right.
    #expect(throws: ByteReader.Malformed.self) {
      try RecordFormat(decoding: [1, 2, 0, 1, 1, 6] + first + [1, 1, 2, 5, 5])
    }
  }

  /// Scratch beside scratch would let a log make the reader call itself without end.
  @Test func scratchBesideScratch_isRefused() {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 2)
    record.entries = [(.created, .scratch([], beside: .scratch([], beside: .none)))]
    let bytes = record.encoded()
    #expect(throws: EntryFormat.UnknownTag.self) { try RecordFormat(decoding: bytes) }
  }
}
