extension RunCore {
  func cancel(compensating: Bool) async throws {
    guard bulletin.ended == nil, let instance else { return }
    try await instance.command(.cancel(compensating: compensating))
  }

  func retryCompensation() async throws {
    try await decideStuck(.retryCompensation, "retryCompensation")
  }

  func skipCompensation(step: String) async throws {
    guard let node = program.plan.node(named: step), program[node].step != nil else {
      throw SagaError(.invalidArgument, "has no step of this name", saga: info.id, step: step)
    }
    let undo = await image().machine[node].undo
    guard undo == .failed || undo == .queued || bulletin.ended != nil else {
      let image = await image()
      if image.status != .stuck { throw SagaError.notStuck(info.id, "skipCompensation", image.status) }
      throw SagaError(
        .invalidArgument, "has no undo that failed; only those can be skipped", saga: info.id, step: step)
    }
    try await decideStuck(.skipCompensation(node), "skipCompensation")
  }

  func abandon() async throws {
    try await decideStuck(.abandon, "abandon")
  }

  func unwindPlan() async -> UnwindPlan {
    if let instance { return await instance.unwindPlan() }
    return UnwindPlan(
      atOnce: [], waves: [], kept: [], inFlight: [], unresolved: await image().unresolved.map(\.step),
      mermaid: SagaDefinition(program).mermaid)
  }

  private func decideStuck(_ event: Event, _ verb: String) async throws {
    guard bulletin.ended == nil, let instance else {
      throw SagaError.notStuck(info.id, verb, await image().status)
    }
    try await instance.decideStuck(event, verb)
  }
}
