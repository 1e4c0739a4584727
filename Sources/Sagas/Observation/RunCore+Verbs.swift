extension RunCore {
  func cancel(compensating: Bool) async throws {
    if let ended = bulletin.ended?.value {
      // Nobody here could carry it out, and nobody must believe it was.
      if let standstill = ended.standstill { throw standstill }
      return
    }
    guard let instance else { return }
    if compensating, await instance.machine.isPastPivot { throw SagaError.pastPivot(info.id, "cancel") }
    try await instance.command(.cancel(compensating: compensating))
  }

  func suspend() async throws {
    try await command(.suspend, in: [.created, .forward, .suspended]) { .notRunning(info.id, $0) }
  }

  /// Resuming what runs is harmless.
  func resume() async throws {
    try await command(.resume, in: [.suspended, .forward, .created]) { .notSuspended(info.id, "resume", $0) }
  }

  func resume(from step: String) async throws {
    try await resume(from: program.target(named: step, saga: info.id))
  }

  func resume(from slot: AnyKeyPath) async throws {
    try await resume(from: program.target(writing: slot, saga: info.id))
  }

  private func resume(from node: NodeID) async throws {
    guard bulletin.ended == nil, let instance else {
      throw SagaError.notSuspended(info.id, "resume(from:)", await image().status)
    }
    try await instance.resume(from: node)
  }

  func compensate() async throws {
    if bulletin.ended == nil, let instance, await instance.machine.isPastPivot {
      throw SagaError.pastPivot(info.id, "compensate")
    }
    try await command(.compensate, in: [.suspended]) { .notSuspended(info.id, "compensate", $0) }
  }

  func retry() async throws {
    try await commandBehindPivot(.resume, "retry")
  }

  func skip(step: String) async throws {
    guard let node = program.plan.node(named: step) else {
      throw SagaError(.invalidArgument, "has no step of this name", saga: info.id, step: step)
    }
    let image = await image()
    guard image.status == .stuck || image.status == .suspended, image.machine.phase == .suspended,
      let instance
    else { throw SagaError.notHeld(info.id, "skip", image.status) }
    guard image.machine.reopens(node) else {
      throw SagaError(
        .invalidArgument, "has not failed; only what failed can be skipped", saga: info.id, step: step)
    }
    guard program.plan[node].kind != .output else {
      throw SagaError(
        .invalidArgument, "is what the saga comes to, and cannot be skipped", saga: info.id, step: step)
    }
    try await instance.command(.skip(node))
  }

  private func commandBehindPivot(_ event: Event, _ verb: String) async throws {
    let image = await image()
    guard image.machine.isStuckBehindPivot, image.status == .stuck, let instance else {
      throw SagaError.notStuck(info.id, verb, image.status)
    }
    try await instance.command(event)
  }

  func retryCompensation() async throws {
    try await command(.retryCompensation, in: [.stuck]) { .notStuck(info.id, "retryCompensation", $0) }
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
    try await command(.skipCompensation(node), in: [.stuck]) { .notStuck(info.id, "skipCompensation", $0) }
  }

  func abandon() async throws {
    try await command(.abandon, in: [.stuck, .suspended]) { .notAtStandstill(info.id, $0) }
  }

  func unwindPlan() async -> UnwindPlan {
    if bulletin.ended == nil, let instance { return await instance.unwindPlan() }
    return UnwindPlan(
      atOnce: [], waves: [], kept: [], inFlight: [], unresolved: await image().unresolved.map(\.step),
      mermaid: SagaDefinition(program).mermaid)
  }

  private func command(
    _ event: Event, in phases: [Phase], else error: @Sendable (SagaStatus) -> SagaError
  ) async throws {
    guard bulletin.ended == nil, let instance else { throw error(await image().status) }
    try await instance.command(event, in: phases, else: error)
  }
}
