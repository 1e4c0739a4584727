extension Engine {
  /// How many sagas are taken up before what they recorded is waited for: one transaction then serves many of them.
  private static var pageSize: Int { 500 }

  /// A saga that was handed over, with what runs it now, `nil` where that is not needed.
  private typealias TakenUp = (stored: StoredSaga, result: Result<SagaInstance?, SagaError>)

  /// Takes up all that the store hands over, and what was parked before.
  func recover() async throws -> RecoveryReport {
    await recoveries.take()
    defer { recoveries.pass() }
    try await events.beginRecovery()
    defer { events.endRecovery() }
    deadlines.hold()
    let report: Result<RecoveryReport, any Error>
    do {
      report = .success(try await takeUpAll())
    } catch {
      report = .failure(error)
    }
    await deadlines.release()
    return try report.get()
  }

  private func takeUpAll() async throws -> RecoveryReport {
    let before = parked.withLock { $0.keys.sorted() }
    var handed = try await journal.store.claim(for: writer)
    if !before.isEmpty {
      let new = Set(handed.map(\.id))
      for id in before where !new.contains(id) {
        if let again = try await journal.store.claim(id, for: writer) {
          handed.append(again)
        } else {
          unpark(id)
        }
      }
      handed.sort { $0.place < $1.place }
    }
    var recovered: [String] = []
    var left: [(id: String, error: SagaError)] = []
    func settle(_ page: [TakenUp]) async throws {
      for (stored, result) in page {
        do {
          if let instance = try result.get(), try await confirm(instance, of: stored, .byItself) != nil {
            recovered.append(stored.id)
          }
        } catch let error as SagaError {
          guard isReasonToPark(error) else { continue }
          left.append((stored.id, error))
          park(stored, error)
        }
      }
    }
    // While the store writes one page, the next one is taken up.
    var underWay: [TakenUp] = []
    var next = 0
    while next < handed.count {
      let page = handed[next..<min(next + Self.pageSize, handed.count)]
      next = page.endIndex
      var takenUp: [TakenUp] = []
      for stored in page { takenUp.append((stored, try await attempt(stored))) }
      try await settle(underWay)
      underWay = takenUp
    }
    try await settle(underWay)
    return RecoveryReport(recovered: recovered, parked: left)
  }

  /// Takes one saga up; one that runs or has ended is left alone.
  func recover(_ id: String, _ way: RecoveryWay) async throws -> RunCore {
    await recoveries.take()
    defer { recoveries.pass() }
    if let instance = registry[id], await instance.isCreated() { return RunCore(instance) }
    try await events.open()
    guard let stored = try await journal.store.claim(id, for: writer) else {
      // It has ended, elsewhere perhaps, or there is none.
      unpark(id)
      guard let core = try await find(id) else { throw SagaError.notFound(id) }
      guard core.bulletin.ended?.value.standstill == nil else { throw SagaError.takenOver(id) }
      return core
    }
    // Nobody had it here a moment ago: it was started in between.
    if let instance = registry[id], await instance.isCreated() { return RunCore(instance) }
    do {
      if let instance = try await resume(stored, way) { return RunCore(instance) }
      guard let core = try await find(id) else { throw SagaError.notFound(id) }
      return core
    } catch let error as SagaError where isReasonToPark(error) {
      park(stored, error)
      throw error
    }
  }

  /// Not where another orchestrator has claimed it since and goes on with it, or this one has been shut down.
  private func isReasonToPark(_ error: SagaError) -> Bool {
    error.code != .takenOver && error.code != .shutDown
  }

  // MARK: One saga

  /// Continues a saga that was handed over by the store; returns what runs it, once that is durable, and `nil` where
  /// there is nothing to do about it here.
  func resume(_ stored: StoredSaga, _ way: RecoveryWay) async throws -> SagaInstance? {
    guard let instance = try await takeUp(stored, way) else { return nil }
    return try await confirm(instance, of: stored, way)
  }

  private func attempt(_ stored: StoredSaga) async throws -> Result<SagaInstance?, SagaError> {
    do {
      return .success(try await takeUp(stored, .byItself))
    } catch let error as SagaError {
      return .failure(error)
    }
  }

  /// Begins to continue a saga that was handed over by the store: what it decides is on its way there. `nil` when
  /// there is nothing to do about it here.
  private func takeUp(_ stored: StoredSaga, _ way: RecoveryWay) async throws -> SagaInstance? {
    guard let (instance, events) = try instance(of: stored, way) else {
      unpark(stored.id)
      return nil
    }
    if isStopping {
      keep(stored)
      return nil
    }
    while let stale = registry.enter(instance, id: stored.id) {
      // Claimed anew: whoever stands here lost it to another orchestrator in between, or is a start that is about
      // to find it in the store.
      await stale.retire(.takenOver(stored.id))
      registry.remove(stale)
    }
    parked.withLock { $0[stored.id] = nil }
    if case .images(let store) = journal { store.attach(instance) }
    await instance.recover(events)
    return instance
  }

  /// Returns once it is durable that the saga goes on here, with what runs it then; `nil` when it has ended.
  private func confirm(
    _ first: SagaInstance, of stored: StoredSaga, _ way: RecoveryWay
  ) async throws -> SagaInstance? {
    var taken: SagaInstance? = first
    var current = stored
    var failures = 0
    while let instance = taken {
      do {
        try await instance.takenUp()
        // Until now nobody else kept its events for it.
        unpark(stored.id)
        supervisor.begin()
        return instance
      } catch let error as SagaError where error.code == .storeFailed {
        // It was not taken up. Either the store is not well, or its log is longer than what was handed over.
      }
      guard let again = try await reload(stored.id) else { return nil }
      failures += 1
      if failures > 1, case .log(let others) = again.content, case .log(let records) = current.content,
        others.count == records.count
      {
        await runtime.pause(.seconds(1))
      }
      current = again
      // That it may go on has been decided before.
      taken = try await takeUp(current, way == .byItself ? .byHand : way)
    }
    return nil
  }

  /// Keeps a saga that was handed over and is not taken up for whoever claims it next.
  private func keep(_ stored: StoredSaga) {
    guard case .images(let store) = journal, case .image(let image) = stored.content else { return }
    store.attach(ParkedSaga(image, writer: writer))
  }

  /// Its log as it is now. Tries until the store can read it: a saga is not parked because of that.
  private func reload(_ id: String) async throws -> StoredSaga? {
    while true {
      do {
        return try await journal.store.load(id)
      } catch {
        if isStopping {
          throw SagaError(.storeFailed, "its log could not be read again", saga: id, cause: error)
        }
        await runtime.pause(.seconds(1))
      }
    }
  }

  /// A stored saga, ready to go on, and what it is told then; `nil` when it has ended.
  private func instance(
    of stored: StoredSaga, _ way: RecoveryWay
  ) throws -> (instance: SagaInstance, events: [Event])? {
    let image = try image(of: stored)
    if image.machine.phase.isTerminal { return nil }
    let info = image.info
    let program = try program(named: info.name, version: info.version, of: stored.id)
    guard program.fingerprint == image.program.fingerprint else {
      throw SagaError.definitionChanged(
        stored.id, info.name, info.version, recorded: image.program.fingerprint,
        registered: program.fingerprint)
    }
    guard program.fits(image.program) else {
      throw SagaError.otherTypes(stored.id, info.name, info.version)
    }
    let own = program.with(info.options?.value)
    let exhaustion = image.exhaustion(under: own.plan)
    if way == .byItself, let exhaustion { throw exhaustion }
    // One that has got on since, elsewhere, is not to be given up just because it had not.
    let events = way == .givenUp && exhaustion == nil ? RecoveryWay.byHand.events : way.events
    return (SagaInstance(image, program: own, engine: self), events)
  }

  // MARK: Parked

  /// A saga is not parked here any more.
  private func unpark(_ id: String) {
    parked.withLock { $0[id] = nil }
    events.unpark(id)
  }

  /// Keeps a saga that cannot be run as it is, so that it can be found.
  private func park(_ stored: StoredSaga, _ error: SagaError) {
    var image = parkedImage(of: stored)
    if case .images(let store) = journal { store.attach(ParkedSaga(image, writer: writer)) }
    image.recordedStatus = stored.status ?? image.status
    // All that is wrong with it is that it may not go on by itself.
    if error.code == .tooManyRecoveries, let whole = try? self.image(of: stored) { image = whole }
    image.parked = error
    parked.withLock { $0[stored.id] = image }
    events.park(stored.id, mark: image.info.mark)
    if supervisor.hub.isHeard {
      supervisor.hub.push(
        SupervisorEvent(
          .sagaParked, at: runtime.clock.now, id: stored.id, name: image.info.name, status: .parked,
          step: error.step, error: error))
    }
  }

  func parkedImage(of stored: StoredSaga) -> SagaImage {
    switch stored.content {
    case .image(let image): return image
    case .log(let records):
      let header = try? SagaImage.header(id: stored.id, records: records)
      let time = records.first.flatMap { try? RecordFormat(decoding: $0).time }
      let program = SagaProgram.unknown(name: header?.name ?? "", version: header?.version ?? 0)
      return SagaImage(
        info: SagaInfo(
          id: stored.id, run: SagaInfo.run(of: header?.runID ?? stored.id), kind: program.kind,
          startedAt: time ?? Timestamp(nanoseconds: 0), metadata: header?.metadata ?? [:],
          options: header.flatMap { try? OptionsFormat.options(from: $0.options) }, mark: header?.mark ?? 0),
        program: program, machine: SagaMachine(plan: program.plan), data: SagaData(root: StateBox(Done())))
    }
  }
}
