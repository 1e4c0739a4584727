@testable import Sagas

/// A plan as a test writes it down: the shape alone, numbered by `SagaPlan.sketch`.
indirect enum Sketch: Sendable {
  case step(String, PlanNode.Traits, timeout: Duration?, undoTimeout: Duration?)
  case fail(String)
  case pivot(String)
  case wait(String, PlanNode.Traits, alternatives: UInt16, timeout: Duration?)
  case sleep(String, Duration)
  case guarded(PlanNode.Traits, alternatives: UInt16, [Sketch])
  case sequential([Sketch])
  case parallel([Sketch])
  case choice(String, [Sketch])
}

func step(
  _ name: String, _ traits: PlanNode.Traits = [], timeout: Duration? = nil, undoTimeout: Duration? = nil
) -> Sketch {
  .step(name, traits, timeout: timeout, undoTimeout: undoTimeout)
}

func fail(_ name: String) -> Sketch { .fail(name) }

func pivot(_ name: String) -> Sketch { .pivot(name) }

func wait(
  _ name: String, _ traits: PlanNode.Traits = [], alternatives: UInt16 = 1, timeout: Duration? = nil
) -> Sketch {
  .wait(name, traits, alternatives: alternatives, timeout: timeout)
}

func sleep(_ name: String, _ duration: Duration) -> Sketch { .sleep(name, duration) }

/// A sequence that an event ends.
func guarded(_ traits: PlanNode.Traits = [], alternatives: UInt16 = 1, _ members: Sketch...) -> Sketch {
  .guarded(traits, alternatives: alternatives, members)
}

func sequential(_ members: Sketch...) -> Sketch { .sequential(members) }

func parallel(_ members: Sketch...) -> Sketch { .parallel(members) }

func choice(_ name: String, _ branches: Sketch...) -> Sketch { .choice(name, branches) }

extension SagaPlan {
  /// Lays a sketch out as the compiler does: the root is sequence #0, the output is its last child.
  static func sketch(
    onCompensationFailure: CompensationFailurePolicy = .stuck, closing: Closing = .unwind,
    suspendsOnFailure: Bool = false, timeout: Duration? = nil, unwindTimeout: Duration? = nil,
    recoveryLimit: Int? = nil, asksWaves: Bool = false, _ members: Sketch...
  ) -> SagaPlan {
    sketch(
      onCompensationFailure: onCompensationFailure, closing: closing, suspendsOnFailure: suspendsOnFailure,
      timeout: timeout, unwindTimeout: unwindTimeout, recoveryLimit: recoveryLimit,
      asksWaves: asksWaves, members)
  }

  static func sketch(
    onCompensationFailure: CompensationFailurePolicy = .stuck, closing: Closing = .unwind,
    suspendsOnFailure: Bool = false, timeout: Duration? = nil, unwindTimeout: Duration? = nil,
    recoveryLimit: Int? = nil, asksWaves: Bool = false, _ members: [Sketch]
  ) -> SagaPlan {
    var layout = Layout()
    layout.addRoot(members)
    return SagaPlan(
      nodes: layout.nodes, names: layout.names, onCompensationFailure: onCompensationFailure,
      closing: closing, suspendsOnFailure: suspendsOnFailure, timeout: timeout, unwindTimeout: unwindTimeout,
      recoveryLimit: recoveryLimit, asksWaves: asksWaves)
  }

  /// The node of that name; a test that misspells one is to stop at once.
  subscript(name: String) -> NodeID { node(named: name)! }
}

/// Numbers nodes in pre-order.
private struct Layout {
  var nodes: [PlanNode] = []
  var names: [String] = []

  mutating func addRoot(_ members: [Sketch]) {
    let root = open(.sequential, "", under: nil)
    var children = members.map { add($0, under: root) }
    let output = open(.output, "output", under: root)
    close(output, [])
    children.append(output)
    close(root, children)
  }

  private mutating func add(_ sketch: Sketch, under parent: NodeID) -> NodeID {
    switch sketch {
    case .step(let name, let traits, let timeout, let undoTimeout):
      let node = open(.step, name, under: parent)
      nodes[Int(node.index)].traits = traits
      nodes[Int(node.index)].timeout = timeout
      nodes[Int(node.index)].undoTimeout = undoTimeout
      close(node, [])
      return node
    case .fail(let name):
      let node = open(.fail, name, under: parent)
      close(node, [])
      return node
    case .pivot(let name):
      let node = open(.pivot, name, under: parent)
      close(node, [])
      return node
    case .wait(let name, let traits, let alternatives, let timeout):
      let node = open(.wait, name, under: parent)
      nodes[Int(node.index)].traits = traits
      nodes[Int(node.index)].alternatives = alternatives
      nodes[Int(node.index)].timeout = timeout
      close(node, [])
      return node
    case .sleep(let name, let duration):
      let node = open(.sleep, name, under: parent)
      nodes[Int(node.index)].timeout = duration
      close(node, [])
      return node
    case .guarded(let traits, let alternatives, let members):
      let node = addGroup(.sequential, "", members, under: parent)
      nodes[Int(node.index)].traits = traits.union([.guarded, .judgesEvent])
      nodes[Int(node.index)].alternatives = alternatives
      return node
    case .sequential(let members): return addGroup(.sequential, "", members, under: parent)
    case .parallel(let members): return addGroup(.parallel, "", members, under: parent)
    case .choice(let name, let branches): return addGroup(.choice, name, branches, under: parent)
    }
  }

  private mutating func addGroup(
    _ kind: PlanNode.Kind, _ name: String, _ members: [Sketch], under parent: NodeID
  ) -> NodeID {
    precondition(!members.isEmpty, "A composite is never empty.")
    let node = open(kind, name, under: parent)
    close(node, members.map { add($0, under: node) })
    return node
  }

  private mutating func open(_ kind: PlanNode.Kind, _ name: String, under parent: NodeID?) -> NodeID {
    let node = NodeID(nodes.count)
    nodes.append(PlanNode(kind: kind, parent: parent, next: nil, end: node, children: 0))
    names.append(name)
    return node
  }

  private mutating func close(_ node: NodeID, _ children: [NodeID]) {
    nodes[Int(node.index)].end = NodeID(nodes.count)
    nodes[Int(node.index)].children = UInt16(children.count)
    for (child, next) in zip(children, children.dropFirst()) { nodes[Int(child.index)].next = next }
  }
}
