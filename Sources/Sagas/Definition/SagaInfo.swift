import Synchronization

/// What is known of an instance from its creation on, and never changes.
///
/// There is one for each live saga: what they have in common, or seldom have, is not in it.
@usableFromInline
final class SagaInfo: Sendable {
  /// What few sagas have of their own.
  private struct More: Sendable {
    let run: UInt32
    let metadata: [String: String]
    let options: Shared<StartOptions>?
  }

  let kind: SagaKind
  private let more: Shared<More>?
  let startedAt: Timestamp
  /// The number of the last event before it was created, and in the lowest bit, whether the library has made up its id:
  /// no bus counts that far.
  private let markAndOrigin: UInt64
  /// Where it stands in the order of creation, as an in-memory store that has no log of it counts; given once, by
  /// that store, before anybody asks.
  let place = Atomic<UInt64>(0)
  private let text: ExactText
  /// Of the id.
  let idHash: UInt32

  init(
    id: String, run: UInt32, kind: SagaKind, startedAt: Timestamp,
    metadata: [String: String], options: StartOptions? = nil, mark: UInt64 = 0
  ) {
    self.kind = kind
    text = ExactText(id)
    idHash = Self.hash(id)
    self.startedAt = startedAt
    markAndOrigin = mark << 1 | (run == 0 ? 1 : 0)
    more =
      run < 2 && metadata.isEmpty && options == nil
      ? nil : Shared(More(run: run, metadata: metadata, options: options.map { Shared($0) }))
  }

  /// The saga's id. A text of more than 15 characters is made anew each time: ask once.
  var id: String { text.string }

  /// The number of the last event before it was created: it takes what has a higher one.
  var mark: UInt64 { markAndOrigin >> 1 }

  /// Which use of its id it is, from 1; 0 where the library has made the id up, and nobody uses it again.
  var run: UInt32 { markAndOrigin & 1 == 1 ? 0 : more?.value.run ?? 1 }

  /// The id that idempotency keys are made of: the saga's id, `id~2` when the id is used a second time.
  var runID: String { run > 1 ? "\(id)~\(run)" : id }

  /// Which use of its id a `runID` stands for.
  static func run(of runID: String) -> UInt32 {
    // By bytes: the sign may be one character with what stands before it. No id has one.
    guard let sign = runID.utf8.lastIndex(of: UInt8(ascii: "~")) else { return 1 }
    return UInt32(Substring(runID.utf8[runID.utf8.index(after: sign)...])) ?? 1
  }

  var name: String { kind.name }
  var version: Int { kind.version }
  var metadata: [String: String] { more?.value.metadata ?? [:] }

  /// What was different for it from its start on; `nil` where nothing was.
  var options: Shared<StartOptions>? { more?.value.options }

  /// What tells it from others best, where they are to be spread over a few places.
  var idByte: UInt8 { text.lastByte }

  /// Whether this is its id; makes no text.
  func hasID(_ id: String) -> Bool { text.equals(id) }

  /// What `idHash` is of an id.
  static func hash(_ id: String) -> UInt32 { UInt32(truncatingIfNeeded: id.hashValue) }

  /// The idempotency key of a path. Made when it is asked for: most steps never do.
  func key(_ path: String) -> String { "\(runID)/\(path)" }
}
