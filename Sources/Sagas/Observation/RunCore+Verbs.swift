extension RunCore {
  func cancel(compensating: Bool) async throws {
    if let ended = bulletin.ended?.value {
      if let keeper, try await cancelled(ended, by: keeper, compensating: compensating) { return }
      // Nobody here could carry it out where it stands still, and nobody must believe it was.
      if let standstill = ended.standstill { throw standstill }
      return
    }
    guard let instance else { return }
    try await instance.command(.cancel(compensating: compensating))
  }

  /// Cancels a saga that was recovered too often, before anything of it begins; whether that could be done.
  private func cancelled(_ image: SagaImage, by keeper: Engine, compensating: Bool) async throws -> Bool {
    guard image.machine.goesForward else { return false }
    let verb = Verb.cancel(compensating: compensating)
    if let refusal = image.machine.refusal(of: verb) {
      throw verb.error(refusal, image.machine.status, program.plan, saga: info.id)
    }
    let core = try await keeper.recover(info.id, .cancelled(compensating: compensating))
    // Somebody else has taken it up meanwhile; where it was taken up for this, this changes nothing.
    try await core.cancel(compensating: compensating)
    return true
  }

  func suspend() async throws { try await command(.suspend) }

  func resume() async throws { try await command(.resume) }

  func resume(from step: String) async throws {
    try refuseParked()
    try await command(.resumeFrom(program.target(named: step, saga: info.id)))
  }

  func resume(from slot: AnyKeyPath) async throws {
    try refuseParked()
    try await command(.resumeFrom(program.target(writing: slot, saga: info.id)))
  }

  func compensate() async throws { try await command(.compensate) }

  func retry() async throws { try await command(.retry) }

  func skip(step: String) async throws {
    try refuseParked()
    guard let node = program.plan.node(named: step) else { throw noStep(step) }
    try await command(.skip(node))
  }

  func retryCompensation() async throws { try await command(.retryCompensation) }

  func skipCompensation(step: String) async throws {
    try refuseParked()
    guard let node = program.plan.node(named: step), program[node].step != nil else { throw noStep(step) }
    try await command(.skipCompensation(node))
  }

  func abandon() async throws {
    if let keeper {
      let core = try await keeper.recover(info.id, .givenUp)
      if core.bulletin.instance == nil { return }
      return try await core.abandon()
    }
    try await command(.abandon)
  }

  func unwindPlan() async -> UnwindPlan {
    if bulletin.ended == nil, let instance { return await instance.unwindPlan() }
    return UnwindPlan(
      atOnce: [], waves: [], kept: [], inFlight: [], unresolved: await image().unresolved.map(\.step),
      mermaid: MermaidDiagram(program).text)
  }

  /// A saga that cannot be run here takes no commands: why it cannot says more than that its status is not the right
  /// one.
  private func refuseParked() throws {
    if let parked = bulletin.ended?.value.parked { throw parked }
  }

  private func command(_ verb: Verb) async throws {
    try refuseParked()
    guard bulletin.ended == nil, let instance else {
      throw verb.error(.status, await image().status, program.plan, saga: info.id)
    }
    try await instance.command(verb)
  }

  private func noStep(_ name: String) -> SagaError {
    SagaError(.invalidArgument, "has no step of this name", saga: info.id, step: name)
  }
}
