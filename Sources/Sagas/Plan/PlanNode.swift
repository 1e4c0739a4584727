/// What the machine knows of one node: its kind, its place in the tree, and the rules that were declared on it.
struct PlanNode: Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    /// Children one after the other. Never empty.
    case sequential
    /// Children side by side, joined at the end. Never empty.
    case parallel
    /// At most one of the children, chosen when the node is reached.
    case choice
    /// An action with, perhaps, an undo.
    case step
    /// Waits for an event.
    case wait
    /// Waits for a time.
    case sleep
    /// The point of no return, directly under the root.
    case pivot
    /// Fails the saga when it is reached.
    case fail
    /// The saga's output; the last child of the root.
    case output
  }

  struct Traits: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    /// A failure of this step is tolerated.
    static let optional = Traits(rawValue: 1 << 0)
    /// The step's undo takes a completed effect.
    static let undoesCompleted = Traits(rawValue: 1 << 1)
    /// The step's undo takes an unknown effect.
    static let undoesUnknown = Traits(rawValue: 1 << 2)
    /// The step's undo takes a definite failure.
    static let undoesFailed = Traits(rawValue: 1 << 3)
    /// There is a retry policy to ask when an attempt failed.
    static let retries = Traits(rawValue: 1 << 4)
    /// There is a retry policy to ask when an attempt of the undo failed.
    static let retriesUndo = Traits(rawValue: 1 << 5)

    /// The step's undo does not wait for its turn.
    static let undoesAtOnce = Traits(rawValue: 1 << 6)
    /// There is a strategy to ask before the step is undone.
    static let asksStrategy = Traits(rawValue: 1 << 7)
    /// An attempt that may have taken effect is the last one.
    static let atMostOnce = Traits(rawValue: 1 << 8)
    /// Somebody is to be told when the step has failed for good.
    static let tellsFailure = Traits(rawValue: 1 << 9)

    /// An event ends the sequence.
    static let guarded = Traits(rawValue: 1 << 15)
    /// What is listened for is asked when the node is reached: reading it may fail.
    static let asksKey = Traits(rawValue: 1 << 14)
    /// A closure decides what an event makes of the node.
    static let judgesEvent = Traits(rawValue: 1 << 13)
    /// A closure decides what the wait comes to when its time has come.
    static let judgesTime = Traits(rawValue: 1 << 12)

    static let anyUndo: Traits = [.undoesCompleted, .undoesUnknown, .undoesFailed]
  }

  var kind: Kind
  var parent: NodeID?
  /// The next child of the same parent.
  var next: NodeID?
  /// The first number behind this node's subtree.
  var end: NodeID
  /// Number of direct children.
  var children: UInt16
  var traits: Traits = []
  /// Number of kinds of events the node listens for.
  var alternatives: UInt16 = 0
  /// How long one attempt, a wait or a sleep may take; `nil` for no limit.
  var timeout: Duration?
  /// How long an attempt that was asked to stop is waited for.
  var settleGrace: Duration = .seconds(10)
  /// How long one attempt of the undo may take; `nil` for no limit.
  var undoTimeout: Duration?
}

extension PlanNode {
  /// Whether it settles as a step does: in its place, with its times, perhaps with a result.
  var settles: Bool { kind == .step || kind == .wait || kind == .sleep }

  /// Whether a person would count it among the steps.
  var isCounted: Bool { settles || kind == .fail }

  /// Whether an event may end it.
  var listens: Bool { alternatives > 0 }
}
