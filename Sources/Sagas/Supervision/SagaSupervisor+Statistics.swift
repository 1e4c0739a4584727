extension SagaSupervisor {
  /// How the sagas are doing: per name and in total.
  ///
  /// Looks at every live saga without entering it, a part at a time, so that nothing else waits for it; what happens
  /// meanwhile may be in it or not. All zero once the orchestrator is gone.
  public func statistics() async -> SagaStatistics {
    let now = clock.now
    guard let engine else { return SagaStatistics(time: now, total: SagaFigures(), byName: [:]) }
    var total = SagaFigures()
    var byName: [String: SagaFigures] = [:]
    await lookOver(engine) { saga in
      guard let (status, since) = saga.pulse.reading, !status.isTerminal else { return }
      let duration = max(since.duration(to: now), .zero)
      total.add(status, for: duration)
      byName[saga.info.name, default: SagaFigures()].add(status, for: duration)
    }
    var all: (ended: Int, since: Timestamp?) = (0, nil)
    for (name, programs) in engine.catalog.programsByName {
      var named: (ended: Int, since: Timestamp?) = (0, nil)
      for program in programs {
        let (ended, since) = program.tally.add(to: &byName[name, default: SagaFigures()], at: now)
        named = (named.ended + ended, [named.since, since].compactMap { $0 }.min())
      }
      byName[name]?.throughput = Double(named.ended) / EndingRate.span(since: named.since, to: now)
      all = (all.ended + named.ended, [all.since, named.since].compactMap { $0 }.min())
      if let figures = byName[name] { total.addEndings(of: figures) }
    }
    total.throughput = Double(all.ended) / EndingRate.span(since: all.since, to: now)
    return SagaStatistics(time: now, total: total, byName: byName)
  }
}

extension SagaFigures {
  /// Adds what was counted at the ends of sagas, and on their way.
  fileprivate mutating func addEndings(of other: SagaFigures) {
    completed += other.completed
    compensated += other.compensated
    failed += other.failed
    retries += other.retries
    latency.merge(other.latency)
  }
}
