/// A definition, compiled: a flat, validated, immutable tree in pre-order that every instance of the saga shares.
///
/// Holds data only. The closures of the definition stand beside it, in `SagaProgram`.
final class SagaPlan: Sendable {
  let nodes: [PlanNode]
  /// One name per node; composite nodes without a name have an empty one.
  let names: [String]
  /// What becomes of a saga whose undo has failed for good.
  let onCompensationFailure: CompensationFailurePolicy
  /// What a failure comes to.
  let closing: Closing
  /// Whether a failure holds the saga first.
  let suspendsOnFailure: Bool
  /// How long a saga may take from its admission on; `nil` for no limit.
  let timeout: Duration?
  /// How long undoing may take from the failure on; `nil` for no limit.
  let unwindTimeout: Duration?
  /// How often a saga is recovered that does not get on; `nil` for any number of times.
  let recoveryLimit: Int?
  /// Whether there is an order to ask in which waves to undo. Else the last settled goes first, one by one.
  let asksWaves: Bool
  /// Whether any step is undone at once, or has a strategy to be asked.
  let hasStrategies: Bool
  /// Number of steps a person would count: what progress is measured against.
  let plannedSteps: Int
  private let numbers: [String: NodeID]

  init(
    nodes: [PlanNode], names: [String], onCompensationFailure: CompensationFailurePolicy = .stuck,
    closing: Closing = .unwind, suspendsOnFailure: Bool = false, timeout: Duration? = nil,
    unwindTimeout: Duration? = nil, recoveryLimit: Int? = nil,
    asksWaves: Bool = false
  ) {
    self.nodes = nodes
    self.names = names
    self.onCompensationFailure = onCompensationFailure
    self.closing = closing
    self.suspendsOnFailure = suspendsOnFailure
    self.timeout = timeout
    self.unwindTimeout = unwindTimeout
    self.recoveryLimit = recoveryLimit
    self.asksWaves = asksWaves
    self.hasStrategies = nodes.contains { !$0.traits.isDisjoint(with: [.undoesAtOnce, .asksStrategy]) }
    self.plannedSteps = nodes.count { $0.isCounted }
    self.numbers = Dictionary(
      names.indices.filter { !names[$0].isEmpty }.map { (names[$0], NodeID($0)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The same plan, with other rules.
  init(
    _ plan: SagaPlan, nodes: [PlanNode], closing: Closing, suspendsOnFailure: Bool, timeout: Duration?
  ) {
    self.nodes = nodes
    names = plan.names
    onCompensationFailure = plan.onCompensationFailure
    self.closing = closing
    self.suspendsOnFailure = suspendsOnFailure
    self.timeout = timeout
    unwindTimeout = plan.unwindTimeout
    recoveryLimit = plan.recoveryLimit
    asksWaves = plan.asksWaves
    hasStrategies = plan.hasStrategies
    plannedSteps = plan.plannedSteps
    numbers = plan.numbers
  }

  subscript(node: NodeID) -> PlanNode { nodes[Int(node.index)] }

  func name(of node: NodeID) -> String { names[Int(node.index)] }

  func node(named name: String) -> NodeID? { numbers[name] }

  /// All nodes, in declaration order.
  var all: some RandomAccessCollection<NodeID> { nodes.indices.lazy.map { NodeID($0) } }

  /// The direct children of a node, in declaration order.
  func children(of node: NodeID) -> Children {
    Children(plan: self, upcoming: self[node].children == 0 ? nil : NodeID(Int(node.index) + 1))
  }

  /// One child of a node, by its place among its siblings.
  func child(_ number: Int, of node: NodeID) -> NodeID? {
    children(of: node).dropFirst(number).first { _ in true }
  }

  struct Children: Sequence, IteratorProtocol {
    let plan: SagaPlan
    var upcoming: NodeID?

    mutating func next() -> NodeID? {
      guard let child = upcoming else { return nil }
      upcoming = plan[child].next
      return child
    }
  }

  /// The nodes of a subtree, its root included.
  func subtree(of node: NodeID) -> some RandomAccessCollection<NodeID> {
    (Int(node.index)..<Int(self[node].end.index)).lazy.map { NodeID($0) }
  }

  /// Whether what `earlier` wrote can be seen by `node`: they part at a sequence, and `earlier` comes first in it.
  func isVisible(_ earlier: NodeID, to node: NodeID) -> Bool {
    guard earlier < node else { return false }
    var scope = self[earlier].parent
    while let candidate = scope {
      if node < self[candidate].end { return self[candidate].kind == .sequential }
      scope = self[candidate].parent
    }
    return false
  }
}
