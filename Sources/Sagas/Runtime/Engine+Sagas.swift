extension Engine {
  /// Creates a saga and begins it; returns once its creation is durable.
  func start(
    _ program: SagaProgram, _ state: AnyStateBox, id: String?, metadata: [String: String],
    onExisting: ExistingPolicy, options: StartOptions = StartOptions(), from target: NodeID? = nil
  ) async throws -> RunCore {
    if isStopping { throw SagaError.admissionStopped(program.name) }
    let id = id ?? runtime.ids()
    if let problem = NameRules.problem(in: id) { throw SagaError.invalidID(id, problem) }
    if let problem = options.problem { throw SagaError(.invalidArgument, problem, saga: id) }
    if let parked = parked.withLock({ $0[id] }) {
      return try existing(RunCore(parked, engine: self), program, onExisting)
    }
    if let refusal = supervisor.admission.refusal(of: program.name, at: runtime.clock.now) {
      // Nothing is started where there is one already.
      guard onExisting == .join, let core = try await find(id) else { throw refusal }
      return try existing(core, program, onExisting)
    }
    var input: [UInt8] = []
    if keepsBytes {
      do {
        input = try program.state.coding.encode(program.state.value(state), configuration.codec)
      } catch {
        throw SagaError.notEncodable(id, step: nil, cause: error)
      }
    }
    if !program.eventNames.isEmpty { try await events.open() }
    let info = SagaInfo(
      id: id, runID: id, kind: program.kind, startedAt: runtime.clock.now, metadata: metadata,
      options: options.isEmpty ? nil : options, mark: events.enter(program))
    let instance = SagaInstance(
      info: info, program: program.with(info.options?.value), state: state, engine: self)
    while let other = registry.enter(instance, id: id) {
      guard await other.isCreated() else { continue }
      events.leave(program, mark: info.mark)
      return try existing(RunCore(other), program, onExisting)
    }
    if isStopping {
      let error = SagaError.admissionStopped(program.name)
      await instance.retire(error)
      throw error
    }
    do {
      let stored: StoredSaga? =
        switch journal {
        case .images(let store): await store.begin(instance, id: id)
        case .log(let store): try await store.load(id)
        }
      if let stored {
        await instance.retire(.notFound(id))
        return try existing(try await takeUp(stored), program, onExisting)
      }
      try await instance.create(input: input, from: target)
    } catch {
      await instance.retire(.notFound(id))
      // Another orchestrator was faster.
      guard (error as? SagaError)?.code == .takenOver, let stored = try await journal.store.load(id) else {
        throw error
      }
      return try existing(try core(of: stored), program, onExisting)
    }
    supervisor.begin()
    return RunCore(instance)
  }

  /// A saga that the store has and nobody runs here. If it is this orchestrator's, its creation was reported as failed
  /// and had not: it goes on. Another one's is left alone, because the store refuses what would be recorded of it.
  private func takeUp(_ stored: StoredSaga) async throws -> RunCore {
    let core = try core(of: stored)
    guard case .log = stored.content, !core.hasEnded else { return core }
    do {
      try await resume(stored)
    } catch is SagaError {
      return core
    }
    return try await find(stored.id) ?? core
  }

  /// The saga of this id and name, for a start that may join one where nothing may be started. Throws the refusal where
  /// there is none.
  func existing(_ id: String?, _ name: String, else refusal: SagaError) async throws -> RunCore {
    guard let id, let core = try await find(id) else { throw refusal }
    guard core.info.name == name else { throw SagaError.wrongType(id, core.info.name, name) }
    return core
  }

  private func existing(
    _ core: RunCore, _ program: SagaProgram, _ policy: ExistingPolicy
  ) throws -> RunCore {
    guard policy == .join else { throw SagaError.alreadyExists(core.info.id, AnySagaRun(core)) }
    guard core.info.name == program.name else {
      throw SagaError.wrongType(core.info.id, core.info.name, program.name)
    }
    return core
  }

  // MARK: Finding

  /// A saga, wherever it is; `nil` when there is none.
  func find(_ id: String) async throws -> RunCore? {
    if let instance = registry[id], await instance.isCreated() { return RunCore(instance) }
    if let parked = parked.withLock({ $0[id] }) { return RunCore(parked, engine: self) }
    guard let stored = try await journal.store.load(id) else { return nil }
    return try core(of: stored)
  }

  private func core(of stored: StoredSaga) throws -> RunCore {
    RunCore(try image(of: stored), engine: self)
  }

  /// A stored saga as it was when it was last recorded.
  func image(of stored: StoredSaga) throws -> SagaImage {
    switch stored.content {
    case .image(let image): return image
    case .log(let records):
      let header = try SagaImage.header(id: stored.id, records: records)
      let program = try program(named: header.name, version: header.version, of: stored.id)
      if let recorded = header.fingerprint, recorded != program.fingerprint {
        throw SagaError.definitionChanged(
          stored.id, header.name, header.version, recorded: recorded, registered: program.fingerprint)
      }
      let own = try program.with(header: header, of: stored.id)
      return try SagaImage(
        id: stored.id, records: records, header: header, program: own, codec: configuration.codec)
    }
  }

  /// The definition that a saga was started with.
  private func program(named name: String, version: Int, of id: String) throws -> SagaProgram {
    if let program = catalog.program(named: name, version: version) { return program }
    throw SagaError.unknownVersion(
      id, name, version, registered: catalog.entries(named: name).map(\.program.version))
  }

  // MARK: Recovery

  /// Continues a saga that was handed over by the store.
  func resume(_ stored: StoredSaga) async throws {
    var current = stored
    while let instance = try instance(of: current) {
      if isStopping { return keep(current) }
      if let stale = registry.enter(instance, id: stored.id) {
        // Claimed anew: whoever stands here lost it to another orchestrator in between, or is a start that is about
        // to find it in the store.
        await stale.retire(.takenOver(stored.id))
        registry.remove(stale)
      } else {
        parked.withLock { $0[stored.id] = nil }
        defer { events.unpark(stored.id) }
        if case .images(let store) = journal { store.attach(instance) }
        do {
          try await instance.recover()
          return supervisor.begin()
        } catch let error as SagaError where error.code == .storeFailed {
          // It was not taken up. Either the store is not well, or its log is longer than what was handed over.
        }
      }
      guard case .log(let records) = current.content else { continue }
      guard let again = try await reload(stored.id) else { return }
      if case .log(let others) = again.content, others.count == records.count {
        await runtime.pause(.seconds(1))
      }
      current = again
    }
  }

  /// Keeps a saga that was handed over and is not taken up for whoever claims it next.
  func keep(_ stored: StoredSaga) {
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

  /// A stored saga, ready to go on; `nil` when it has ended.
  private func instance(of stored: StoredSaga) throws -> SagaInstance? {
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
    return SagaInstance(image, program: program.with(image.info.options?.value), engine: self)
  }

  /// Keeps a saga that cannot be run as it is, so that it can be found.
  func park(_ stored: StoredSaga, _ error: SagaError) {
    var image = parkedImage(of: stored)
    if case .images(let store) = journal { store.attach(ParkedSaga(image, writer: writer)) }
    image.recordedStatus = stored.status ?? image.status
    image.parked = error
    parked.withLock { $0[stored.id] = image }
    events.park(stored.id, mark: image.info.mark)
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
          id: stored.id, runID: header?.runID ?? stored.id, kind: program.kind,
          startedAt: time ?? Timestamp(nanoseconds: 0), metadata: header?.metadata ?? [:],
          options: header.flatMap { try? OptionsFormat.options(from: $0.options) }, mark: header?.mark ?? 0),
        program: program, machine: SagaMachine(plan: program.plan), data: SagaData(root: StateBox(Done())))
    }
  }
}
