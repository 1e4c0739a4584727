/// What one attempt has set in the scratch, to be recorded with what the attempt has led to.
struct ScratchWrites: Sendable {
  /// By name; `nil` where it was removed.
  let values: [String: ScratchValue?]
  /// The same as bytes, where the journal keeps bytes.
  let records: [RecordFormat.ScratchWrite]

  /// Throws what the encoding of a value throws.
  init(_ values: [String: ScratchValue?], codec: (any Codec)?) throws {
    self.values = values
    guard let codec else {
      records = []
      return
    }
    records = try values.sorted { $0.key < $1.key }
      .map { name, value in .init(name: name, value: try value?.encoded(by: codec)) }
  }

  /// As the journal brings it back.
  init(_ records: [RecordFormat.ScratchWrite], codec: any Codec) {
    self.records = records
    values = Dictionary(
      records.map { ($0.name, $0.value.map { .encoded($0, codec) }) }, uniquingKeysWith: { _, last in last })
  }
}

extension Entry {
  /// Whether an attempt has led to this: what it has set in the scratch is recorded with it. What it returns too
  /// late to count for anything is not.
  var takesScratch: Bool {
    switch self {
    case .completed, .returnedLate, .attemptFailed, .attemptCut, .undone, .undoReturnedLate,
      .undoAttemptFailed, .undoImpossible:
      true
    case .created, .admitted, .recovered, .failing, .unwinding, .suspended, .resumed, .overdue, .stuck,
      .parked, .ended, .answered, .joined, .pivoted, .stepSkipped, .waiting, .delivered, .elapsed,
      .childEnded, .started, .timedOut, .lateResult, .neverStarted, .failed, .undoStarted, .undoTimedOut,
      .undoFailed, .undoSkipped,
      .unwindExpired, .unwindResumed:
      false
    }
  }
}
