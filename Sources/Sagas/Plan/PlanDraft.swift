/// A body in pre-order, before it is known to be valid: numbers are plain integers, and nothing is too large.
struct PlanDraft {
  struct Node {
    var kind: PlanNode.Kind
    var name = ""
    var parent: Int?
    var next: Int?
    var end = 0
    var children = 0
    var code = NodeCode.none
    /// What was declared, for a step.
    var step: StepDefinition?
    /// What was declared, for a wait and for the guard of a sequence.
    var wait: WaitDefinition?
    /// For a sleep.
    var sleep: Duration?
    /// For a choice.
    var labels: ChoiceLabels?
    /// For a choice: values that more than one case was declared for.
    var repeatedCases: [String] = []
  }

  private(set) var nodes: [Node] = []

  /// The tree under a root sequence, with the saga's output as its last child.
  init(_ tree: NodeTree, output: NodeCode) {
    let pieces = Self.trimmed(tree).map(Self.pieces) ?? []
    add(Node(kind: .sequential)) { draft, root in
      for piece in pieces { draft.add(piece, to: root) }
      draft.add(Node(kind: .output, name: Self.outputName, parent: root, code: output))
    }
  }

  /// The name of the node that makes a saga's output, refused for any other.
  static let outputName = "output"

  /// Direct children of a node, in declaration order.
  func children(of node: Int) -> [Int] {
    guard nodes[node].children > 0 else { return [] }
    return Array(sequence(first: node + 1) { nodes[$0].next })
  }

  /// The tree without what is empty, sequences directly inside of sequences spliced, those of one part
  /// unwrapped.
  private static func trimmed(_ tree: NodeTree) -> NodeTree? {
    switch tree {
    case .step, .wait, .sleep, .pivot, .fail:
      return tree
    case .guarded(let definition, let pieces):
      let kept = pieces.compactMap(trimmed).flatMap(Self.pieces)
      return kept.isEmpty ? nil : .guarded(definition, kept)
    case .sequential(let pieces):
      let kept = pieces.compactMap(trimmed).flatMap(Self.pieces)
      return kept.count > 1 ? .sequential(kept) : kept.first
    case .parallel(let name, let branches):
      let kept = branches.compactMap(trimmed)
      return kept.isEmpty ? nil : .parallel(name: name, branches: kept)
    case .choice(var choice):
      let kept = choice.branches.map { trimmed($0.tree) }
      guard kept.contains(where: { $0 != nil }) else { return nil }
      for (index, tree) in kept.enumerated() {
        choice.branches[index].tree = tree ?? .sequential([])
      }
      return .choice(choice)
    }
  }

  /// What a sequence is made of; anything else is a sequence of one.
  private static func pieces(of tree: NodeTree) -> [NodeTree] {
    if case .sequential(let pieces) = tree { pieces } else { [tree] }
  }

  private mutating func add(_ tree: NodeTree, to parent: Int?) {
    switch tree {
    case .step(let step):
      add(Node(kind: .step, name: step.name, parent: parent, code: .step(Shared(step.code)), step: step))
    case .wait(let wait):
      add(Node(kind: .wait, name: wait.name, parent: parent, code: .wait(Shared(wait.code)), wait: wait))
    case .sleep(let name, let duration):
      add(Node(kind: .sleep, name: name, parent: parent, sleep: duration))
    case .guarded(let definition, let pieces):
      add(
        Node(kind: .sequential, parent: parent, code: .wait(Shared(definition.code)), wait: definition)
      ) { draft, node in
        for piece in pieces { draft.add(piece, to: node) }
      }
    case .pivot(let name):
      add(Node(kind: .pivot, name: name, parent: parent))
    case .fail(let name, let error):
      add(Node(kind: .fail, name: name, parent: parent, code: .fail(error)))
    case .sequential(let pieces):
      add(Node(kind: .sequential, parent: parent)) { draft, node in
        for piece in pieces { draft.add(piece, to: node) }
      }
    case .parallel(let name, let branches):
      add(Node(kind: .parallel, name: name, parent: parent)) { draft, node in
        for branch in branches { draft.add(branch, to: node) }
      }
    case .choice(let choice):
      add(choice, to: parent)
    }
  }

  private mutating func add(_ choice: ChoiceTree, to parent: Int?) {
    var kept: [ChoiceTree.Branch] = []
    var past: [String] = []
    // From the number of a branch as it was written to its number in the plan, where empty ones are left out.
    var numbers: [Int?] = []
    for branch in choice.branches {
      if case .sequential(let pieces) = branch.tree, pieces.isEmpty {
        past.append(branch.label)
        numbers.append(nil)
      } else {
        numbers.append(kept.count)
        kept.append(branch)
      }
    }
    let branches = kept
    let planned = numbers
    var node = Node(kind: .choice, name: choice.name, parent: parent)
    node.code = .choice { box, run in
      let written = try choice.choose(box, run)
      return planned.indices.contains(written) ? planned[written] : nil
    }
    node.labels = ChoiceLabels(
      branches: branches.map(\.label), past: past.isEmpty ? nil : past.joined(separator: ", "))
    node.repeatedCases = choice.repeatedCases
    add(node) { draft, number in
      for branch in branches { draft.add(branch.tree, to: number) }
    }
  }

  private mutating func add(_ node: Node, below: (inout PlanDraft, Int) -> Void = { _, _ in }) {
    let number = nodes.count
    nodes.append(node)
    below(&self, number)
    nodes[number].end = nodes.count
    var last: Int?
    var child = number + 1
    while child < nodes.count {
      nodes[number].children += 1
      if let last { nodes[last].next = child }
      last = child
      child = nodes[child].end
    }
  }
}
