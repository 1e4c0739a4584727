/// What the machine remembers of one node.
struct Row: Hashable, Sendable {
  /// The action's side.
  enum Forward: UInt8, Hashable, Sendable, CaseIterable {
    case pending
    /// An attempt is in flight.
    case running
    /// The attempt in flight ran out of time and was asked to stop.
    case stopping
    /// The attempt in flight was asked to stop because the saga does not go on.
    case closing
    /// An attempt has ended without a result, or an event or a time has come and is judged; within one record only.
    case deciding
    /// Waits for the time of its next attempt.
    case backoff
    /// Waits for an event or a time; of a guarded sequence: is under way, and an event may end it.
    case waiting
    case completed
    case failed
    case unknown
    case skipped
  }

  /// The undo's side.
  enum Undo: UInt8, Hashable, Sendable, CaseIterable {
    case none
    case queued
    case running
    /// The attempt in flight ran out of time and was asked to stop.
    case stopping
    /// An attempt has failed; within one record only.
    case deciding
    case backoff
    case undone
    case impossible
    case failed
    /// Somebody decided that it needs no undo.
    case skipped
  }

  struct Flags: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    /// Some attempt is known to have taken effect.
    static let returned = Flags(rawValue: 1 << 0)
    /// Of some attempt nobody knows whether it took effect.
    static let doubtful = Flags(rawValue: 1 << 1)
    /// The attempt in flight may have begun in an earlier process.
    static let presumed = Flags(rawValue: 1 << 2)
    /// An attempt of the undo that was given up has returned.
    static let undoReturned = Flags(rawValue: 1 << 3)
    /// `moment` is when it is due.
    fileprivate static let isDue = Flags(rawValue: 1 << 6)
    /// A result came too late to be undone.
    static let late = Flags(rawValue: 1 << 4)
    /// The step had completed when the saga was resumed last, and is to run once more.
    static let withdrawn = Flags(rawValue: 1 << 5)
  }

  var forward = Forward.pending
  var undo = Undo.none
  var flags: Flags = []
  /// What the step's strategy has said.
  var verdict = Verdict.open
  var attempts: Attempt = 0
  /// Attempts that do not count for its retries: those before the saga was resumed.
  var base: Attempt = 0
  var undoAttempts: Attempt = 0
  /// Attempts of the undo that do not count for its retries: those before somebody wanted it tried again.
  var undoBase: Attempt = 0
  /// The wave it is undone in, from 1, where an order has said so; of the root, 1 once the order has been asked.
  var wave: UInt16 = 0
  /// Children of a group that have settled; of a choice, the number of the branch taken, from 1; of a
  /// sequence, the node that has been reached, 0 for the first one; of one that an event has ended and whose last
  /// child has settled since, the first number behind it.
  var children: UInt16 = 0
  /// The place among all steps, waits and guards that have begun, from 1.
  var begun: UInt32 = 0
  /// The place among all settled steps, from 1; kept until it begins again.
  var order: UInt32 = 0
  @Packed var startedAt: Timestamp?
  @Packed var endedAt: Timestamp?
  /// What `attemptedAt` or `due` is, of which a node needs one at a time: of each live saga there are many rows.
  @Packed private var moment: Timestamp?

  /// Passes every field, in an order that makes for small distances between times.
  mutating func pass(to packer: inout some FieldPacker) {
    packer.begin(maskBytes: 2)
    packer.pass(&forward)
    packer.pass(&undo)
    var rawFlags = flags.rawValue
    packer.pass(&rawFlags)
    flags = Flags(rawValue: rawFlags)
    packer.pass(&verdict)
    packer.pass(&attempts)
    packer.pass(&base)
    packer.pass(&undoAttempts)
    packer.pass(&undoBase)
    packer.pass(&wave)
    packer.pass(&children)
    packer.pass(&begun)
    packer.pass(&order)
    packer.pass(&startedAt)
    packer.pass(&moment)
    packer.pass(&endedAt)
  }

  /// When the latest attempt, of the action or the undo, was decided on; not known while it waits for a time.
  var attemptedAt: Timestamp? {
    get { flags.contains(.isDue) ? nil : moment }
    set {
      flags.remove(.isDue)
      moment = newValue
    }
  }

  /// When the next attempt begins, or the wait ends.
  var due: Timestamp? {
    get { flags.contains(.isDue) ? moment : nil }
    set {
      if newValue == nil, !flags.contains(.isDue) { return }
      if newValue == nil { flags.remove(.isDue) } else { flags.insert(.isDue) }
      moment = newValue
    }
  }

  /// Whether an attempt of the action is in flight.
  var isActive: Bool { forward == .running || forward == .stopping || forward == .closing }

  /// Whether its action has settled.
  var isSettled: Bool { forward == .completed || forward == .failed || forward == .unknown || isLeft }

  /// Whether it has failed, and was skipped over or waits to begin again.
  private var isLeft: Bool { order > 0 && (forward == .skipped || forward == .pending) }

  /// Whether nobody knows what became of it, and nothing of it is under way.
  var isLeftOpen: Bool { forward == .unknown || isLeft && effect == .unknown }

  /// Whether the effect is known to be there, and no undo of it has begun.
  var isStanding: Bool { effect == .completed && undoAttempts == 0 && (undo == .none || undo == .queued) }

  /// What may have happened in the world.
  var effect: EffectKnown {
    if flags.contains(.returned) || forward == .completed { return .completed }
    if flags.contains(.doubtful) { return .unknown }
    return (forward == .failed || isLeft) && attempts > 0 ? .failed : .none
  }
}
