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
  /// How long one attempt may take; `nil` for no limit.
  var timeout: Duration?
  /// How long an attempt that was asked to stop is waited for.
  var settleGrace: Duration = .seconds(10)
  /// How long one attempt of the undo may take; `nil` for no limit.
  var undoTimeout: Duration?
}
