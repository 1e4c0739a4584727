@testable import Sagas

/// Every entry and everything that can ride beside one, as the fixture has them: in this order, which never changes.
///
/// New ones come at the end of a list: a log with them is no log of an older library's, and that is all that may change
/// within a version of the format.
enum FixtureEntries {
  static var records: [RecordFormat] {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1_700_000_000_123_456_789), firstNumber: 1 << 40)
    record.entries = entries.map { ($0, .none) }
    var other = RecordFormat(time: Timestamp(nanoseconds: -1), firstNumber: 300)
    other.entries = attachments.map { (.created, $0) }
    return [record, other]
  }

  private static let attachments: [RecordFormat.Attachment] = {
    var header = RecordFormat.Header(
      runID: "id~2", name: "näme", version: 12, metadata: ["b": "2", "a": "1"], mark: 300, input: [9, 8],
      options: [4])
    let plain = header
    header.fingerprint = Fingerprint(value: 0xFEDC_BA98_7654_3210)
    return [
      .header(plain), .header(header), .value([1, 2, 255]),
      .error(RecordedError(type: "T", message: "ü", payload: nil)),
      .error(RecordedError(type: "T", message: "", payload: [0])),
      .scratch([.init(name: "ü", value: [1]), .init(name: "", value: nil)], beside: .value([2, 3])),
      .event(RecordFormat.Delivery(number: 70_000, id: "e"), value: .value([3])), .redacted,
      .scratch([.init(name: "n", value: nil)], beside: .redacted),
    ]
  }()

  private static let node = NodeID(300)

  private static let entries: [Entry] = [
    .admitted, .recovered, .failing(.node(node), then: .unwind), .failing(.cancelled, then: .stop),
    .failing(.deadline, then: .unwind), .unwinding, .suspended, .resumed(from: nil),
    .resumed(from: NodeID(0)), .resumed(from: node), .overdue, .stuck, .parked, .ended(.completed),
    .ended(.compensated), .ended(.failed), .joined(node), .pivoted(node), .waiting(node),
    .delivered(node, alternative: 3), .elapsed(node), .childEnded(node, .failed), .stepSkipped(node),
    .started(node, 1), .completed(node, 65_535), .attemptFailed(node, 2, unknown: true),
    .attemptFailed(node, 2, unknown: false), .timedOut(node, 3), .attemptCut(node, 4), .returnedLate(node, 5),
    .lateResult(node, 6), .neverStarted(node, 7), .failed(node), .undoStarted(node, 1),
    .undoTimedOut(node, 2), .undoAttemptFailed(node, 3), .undoReturnedLate(node, 4), .undone(node, 5),
    .undoImpossible(node, 6), .undoFailed(node), .undoSkipped(node), .unwindExpired, .unwindResumed,
    .answered(node, .branch(nil)), .answered(node, .branch(0)), .answered(node, .branch(9)),
    .answered(node, .count(70_000)), .answered(node, .key),
    .answered(node, .deadline(Timestamp(nanoseconds: -5))), .answered(node, .state),
    .answered(node, .requests), .answered(node, .failure), .answered(node, .noFailure),
    .answered(node, .retry(nil)), .answered(node, .retry(.milliseconds(1))),
    .answered(node, .verdict(.now)), .answered(node, .verdict(.later)), .answered(node, .verdict(.never)),
    .answered(node, .wave(0)), .answered(node, .wave(.max)), .answered(node, .waves),
    .answered(node, .output),
  ]
}
