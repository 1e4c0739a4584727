extension SagaInstance {
  /// Goes on from a node; returns once that is durable.
  ///
  /// Throws ``SagaError`` where it is not suspended, or cannot go on from there.
  func resume(from node: NodeID) async throws {
    guard machine.status == .suspended else {
      throw SagaError.notSuspended(info.id, "resume(from:)", machine.status)
    }
    if let obstacle = machine.obstacle(to: node) {
      throw obstacle.error(from: node, program.plan, saga: info.id)
    }
    try await command(.resumeFrom(node))
  }
}

extension Obstacle {
  /// What is told to whoever wanted a saga to go on from there, or to begin there.
  func error(from node: NodeID, _ plan: SagaPlan, saga: String) -> SagaError {
    let name = plan.name(of: node)
    return switch self {
    case .pivot: .beforePivot(saga, from: name)
    case .choice(let choice): .notTaken(saga, name, choice: plan.name(of: choice))
    case .effects(let nodes): .wouldRepeat(saga, from: name, nodes.map { plan.name(of: $0) })
    }
  }
}
