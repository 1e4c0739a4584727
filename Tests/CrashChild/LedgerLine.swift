/// One line of the ledger: what a service did or was asked for, or what a process did with a saga.
struct LedgerLine: Hashable, Sendable {
  enum Kind: String, Sendable {
    /// A process began; `detail` is its number.
    case process
    /// `recover()` has returned in this process.
    case recovered
    /// The creation of a saga is durable: `start` has returned.
    case started
    /// `publish` has returned; `detail` is the id of the event.
    case published
    /// A saga is about to be cancelled, dealt with by the operator.
    case cancel, operated
    /// A saga was recovered too often; is about to be given up because of that; the operator's verb, `detail`, was
    /// taken.
    case wornOut, abandon, rescued
    /// A saga has ended, as its handle says; `detail` is the status.
    case ended
    /// A service was asked to apply a key, to take one back; `detail` is the number of the attempt.
    case ask, askBack
    /// A service applied a key, took back what was applied, or closed a key under which nothing was.
    case apply, void, fence
    /// Something happened that must not.
    case violation
  }

  /// A line never lies across two pages of the file: between two pages a kill may come.
  static let length = 128

  let kind: Kind
  var saga = ""
  var step = ""
  var detail = ""

  /// The idempotency key of the step's action.
  var key: String { "\(saga)/\(step)" }

  /// The line as it stands in the file.
  var bytes: [UInt8] {
    let text = [kind.rawValue, saga, step, detail].joined(separator: "\t").utf8.prefix(Self.length - 1)
    return text + [UInt8](repeating: UInt8(ascii: " "), count: Self.length - 1 - text.count)
      + [UInt8(ascii: "\n")]
  }
}

extension LedgerLine {
  /// `nil` for what is no line.
  init?(_ bytes: some Collection<UInt8>) {
    var text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.count == Self.length, text.popLast() == "\n" else { return nil }
    while text.last == " " { text.removeLast() }
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard let kind = parts.first.flatMap(Kind.init), parts.count == 4 else { return nil }
    self.init(kind: kind, saga: parts[1], step: parts[2], detail: parts[3])
  }
}
