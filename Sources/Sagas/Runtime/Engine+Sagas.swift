extension Engine {
  /// Creates a saga and begins it; returns once its creation is durable.
  func start(
    _ program: SagaProgram, _ state: AnyStateBox, id: String?, metadata: [String: String],
    onExisting: ExistingPolicy, options: StartOptions = StartOptions(), from target: NodeID? = nil
  ) async throws -> RunCore {
    if isStopping { throw SagaError.admissionStopped(program.name) }
    // What is made up is not used again, and need not be remembered.
    var run: UInt32 = id == nil ? 0 : 1
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
    while true {
      let info = SagaInfo(
        id: id, run: run, kind: program.kind, startedAt: runtime.clock.now, metadata: metadata,
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
        let found = try await begin(instance, id: id)
        if let stored = found.saga {
          await instance.retire(.notFound(id))
          return try existing(try await adopt(stored), program, onExisting)
        }
        guard run == 0 || Int(run) == found.earlierRuns + 1 else { throw SagaError.staleRun(id) }
        try await instance.create(input: input, from: target)
      } catch let error as SagaError where error.code == .staleRun {
        await instance.retire(error)
        let earlier = try await journal.store.occupancy(of: id).earlierRuns
        run = UInt32(clamping: earlier + 1)
        continue
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
  }

  /// What there is of the id of a saga that is to be created; one that is its own record has begun where it is free.
  private func begin(_ instance: SagaInstance, id: String) async throws -> Occupancy {
    switch journal {
    case .images(let store): await store.begin(instance, id: id)
    case .log(let store) where instance.info.run == 0: Occupancy(saga: try await store.load(id))
    case .log(let store): try await store.occupancy(of: id)
    }
  }

  /// A saga that the store has and nobody runs here. If it is this orchestrator's, its creation was reported as failed
  /// and had not: it goes on. Another one's is left alone, because the store refuses what would be recorded of it.
  private func adopt(_ stored: StoredSaga) async throws -> RunCore {
    let core = try core(of: stored)
    guard case .log = stored.content, !core.hasEnded else { return core }
    do {
      _ = try await resume(stored, .byItself)
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
  func program(named name: String, version: Int, of id: String) throws -> SagaProgram {
    if let program = catalog.program(named: name, version: version) { return program }
    throw SagaError.unknownVersion(
      id, name, version, registered: catalog.entries(named: name).map(\.program.version))
  }
}
