extension SagaProgram {
  /// Whether a saga of the other program can go on as one of this, without being encoded: it has to have the very same
  /// types, not only types of the same names.
  func fits(_ other: SagaProgram) -> Bool {
    state.identity == other.state.identity && fingerprint == other.fingerprint
      && code.map(\.coding?.typeName) == other.code.map(\.coding?.typeName)
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
