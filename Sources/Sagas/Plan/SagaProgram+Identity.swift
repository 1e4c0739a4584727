extension SagaProgram {
  /// Whether a saga of the other program can go on as one of this.
  func fits(_ other: SagaProgram) -> Bool {
    state.identity == other.state.identity && plan.nodes.map(\.shape) == other.plan.nodes.map(\.shape)
      && plan.names == other.plan.names
  }

  /// Stands for a definition that is not registered: no steps, nothing that could run.
  static func unknown(name: String, version: Int) -> SagaProgram {
    let root = PlanNode(kind: .sequential, end: NodeID(1), children: 0)
    return SagaProgram(
      name: name, version: version, plan: SagaPlan(nodes: [root], names: [""]), code: [.none],
      state: StateCoding(Done.self), identity: ObjectIdentifier(Done.self), defaultRetry: .never,
      defaultUndoRetry: .never)
  }
}

extension SagaProgram {
  /// Whether this only stands for a definition that is not registered.
  var isUnknown: Bool { identity == ObjectIdentifier(Done.self) }
}

extension PlanNode {
  /// What must be the same for a log to fit: kind, nesting, presence of undo, what is asked. Limits and policies may
  /// change.
  fileprivate struct Shape: Equatable {
    let kind: Kind
    let end: NodeID
    let undo: Traits
    let isOptional: Bool
    let isAtMostOnce: Bool
    let waiting: Traits
    let alternatives: UInt16
  }

  fileprivate var shape: Shape {
    Shape(
      kind: kind, end: end, undo: traits.intersection(.anyUndo), isOptional: traits.contains(.optional),
      isAtMostOnce: traits.contains(.atMostOnce),
      waiting: traits.intersection([.guarded, .asksKey, .judgesEvent, .judgesTime]),
      alternatives: alternatives)
  }
}
