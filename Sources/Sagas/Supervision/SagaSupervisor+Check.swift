extension SagaSupervisor {
  /// Looks for sagas that stall or are suspended, announces the ones, and does what the policy says about both.
  func check(_ engine: Engine) async {
    let now = clock.now
    var found: [SagaInstance] = []
    await lookOver(engine) { if needsLook($0, at: now) { found.append($0) } }
    for saga in Self.inOrder(found) { await look(at: saga, engine) }
    // Which ones go does not depend on the order in which they are looked at.
    attention = attention.filter { engine.registry[$0.key]?.info === $0.value.info }
  }

  /// In the order of their creation.
  static func inOrder(_ sagas: [SagaInstance]) -> [SagaInstance] {
    sagas.sorted {
      // Ids are made anew when asked for: only where they count.
      let (first, second) = ($0.info, $1.info)
      return first.startedAt == second.startedAt
        ? first.id < second.id : first.startedAt < second.startedAt
    }
  }

  /// Shows every live saga, and lets others go on in between where there are many. Up to a portion of them are looked
  /// at in one go: what is seen then does not depend on which shards they are in.
  func lookOver(_ engine: Engine, _ look: (SagaInstance) -> Void) async {
    var seen = 0
    for shard in engine.registry.shardNumbers {
      let sagas = engine.registry.all(in: shard)
      sagas.forEach(look)
      seen += sagas.count
      if seen >= Self.portion {
        seen = 0
        await Task.yield()
      }
    }
  }

  /// Whether it is worth the way into the saga.
  private nonisolated func needsLook(_ saga: SagaInstance, at now: Timestamp) -> Bool {
    guard let (status, since) = saga.pulse.reading else { return false }
    switch status {
    case .suspended: return settings.policy.acts
    case .running, .compensating:
      guard let threshold = settings.stallThreshold else { return false }
      return since.duration(to: now) >= threshold
    case .created, .waiting, .stuck, .parked, .completed, .compensated, .failed: return false
    }
  }

  private func look(at saga: SagaInstance, _ engine: Engine) async {
    guard let sight = await saga.sight(stallThreshold: settings.stallThreshold) else { return }
    var memory = attention[saga.id].flatMap { $0.info === saga.info ? $0 : nil } ?? Attention(saga.info)
    if sight.isStalled, memory.stalledAt != sight.lastRecord {
      memory.stalledAt = sight.lastRecord
      announce(.sagaStalled, of: saga, status: sight.report.status, step: sight.step)
    }
    if settings.policy.acts, sight.mayAct, memory.actedAt != sight.lastRecord {
      await apply(settings.policy.decide(sight.report), to: saga, sight, &memory)
    }
    attention[saga.id] = memory
  }

  private func apply(
    _ decision: SupervisorPolicy.Decision, to saga: SagaInstance, _ sight: Sight, _ memory: inout Attention
  ) async {
    let run = AnySagaRun(RunCore(saga))
    do {
      switch decision {
      case .leave: return
      case .resume(let attempts):
        guard sight.report.canRecover, memory.resumed < attempts else { return }
        memory.resumed += 1
        try await run.resume()
      case .cancel:
        // What is undone already cannot be cancelled once more.
        guard sight.report.status != .compensating else { return }
        try await run.cancel()
      }
      memory.actedAt = sight.lastRecord
      announce(.policyApplied, of: saga, status: await run.status, decision: decision)
    } catch {
      memory.actedAt = sight.lastRecord
      announce(.policyRefused, of: saga, status: sight.report.status, error: error, decision: decision)
    }
  }

  func announce(
    _ kind: SupervisorEvent.Kind, of saga: SagaInstance, status: SagaStatus? = nil, step: String? = nil,
    error: (any Error)? = nil, decision: SupervisorPolicy.Decision? = nil
  ) {
    guard hub.isHeard else { return }
    hub.push(
      SupervisorEvent(
        kind, at: clock.now, id: saga.info.id, name: saga.info.name, status: status, step: step, error: error,
        decision: decision))
  }
}
