/// One saga: an actor that drives one machine.
///
/// It has one funnel: event → machine → entries to the journal → actions once those are durable. Each completion
/// comes back as a new event; nothing that was read before an `await` is used behind it.
actor SagaInstance: Identified {
  nonisolated let info: SagaInfo
  nonisolated let program: SagaProgram
  nonisolated let engine: Engine
  nonisolated let bulletin = Bulletin()
  nonisolated let pulse = Pulse()

  // Only this actor touches these, and no access to one of them happens within another to the same: the check of
  // that at run time costs more than the accesses. In `data`, boxes are asked for their uniqueness, which the attribute
  // can spoil where the compiler sees through the property: StateCopyTests tells.
  @exclusivity(unchecked) var data: SagaData
  /// The machine, and what only a saga at work has.
  @exclusivity(unchecked) var memory: WorkingMemory
  /// Where it waits for events.
  @exclusivity(unchecked) var listening = Listening()
  /// Events are kept for it.
  @exclusivity(unchecked) var holdsEvents: Bool
  /// In half the bytes, which are there anyway: no log gets that long.
  private nonisolated let firstOwnNumber: UInt32

  /// The number of the first entry it records itself: behind what it was made from.
  nonisolated var firstOwn: UInt64 { UInt64(firstOwnNumber) }

  /// A new saga.
  init(info: SagaInfo, program: SagaProgram, state: AnyStateBox, engine: Engine) {
    self.info = info
    self.program = program
    self.engine = engine
    firstOwnNumber = 0
    holdsEvents = !program.eventNames.isEmpty
    data = SagaData(root: state)
    memory = WorkingMemory(
      SagaMachine(plan: program.plan), feed: program.interceptors.isEmpty ? nil : StatusFeed(.created))
  }

  /// A saga that goes on from where it was.
  init(_ image: SagaImage, program: SagaProgram, engine: Engine) {
    info = image.info
    self.program = program
    self.engine = engine
    firstOwnNumber = UInt32(clamping: image.machine.entries)
    holdsEvents = false
    var machine = image.machine
    machine.plan = program.plan
    memory = WorkingMemory(
      machine, feed: program.interceptors.isEmpty ? nil : StatusFeed(image.machine.status))
    data = image.data
    if !data.scratch.isEmpty {
      bulletin.accept(scratch: data.scratch)
      bulletin.show(scratch: data.scratch)
    }
  }

  /// All there is to know at this moment.
  var image: SagaImage {
    SagaImage(
      info: info, program: program, machine: machine, data: data, parked: retirement,
      isQueued: slot.isQueued)
  }

  nonisolated var clock: any SagaClock { engine.runtime.clock }

  nonisolated var id: String { info.id }
  nonisolated var idHash: UInt32 { info.idHash }
  nonisolated func hasID(_ id: String) -> Bool { info.hasID(id) }

  // MARK: Commands

  /// Records the creation, and begins. Throws when it could not be recorded; the saga does not exist then.
  ///
  /// - Parameter target: the node to begin with, where what comes before it is to be skipped.
  func create(input: [UInt8], from target: NodeID? = nil) async throws {
    process(at: info.startedAt) { instance, batch in
      instance.decide(.create, .none, &batch)
      if let target { instance.decide(.resumeFrom(target), .none, &batch) }
      batch.header = RecordFormat.Header(
        runID: instance.info.runID, name: instance.info.name, version: instance.info.version,
        metadata: instance.info.metadata, mark: instance.info.mark, input: input,
        options: instance.info.options.map { OptionsFormat.bytes(of: $0.value) } ?? [],
        fingerprint: instance.program.fingerprint)
      instance.admit(&batch)
    }
    admitNewcomers()
    send()
    try await written()
  }

  /// Whether it came to be, and is run here: returns once its creation is durable, or was given up.
  func isCreated() async -> Bool {
    if memory.isPacked { return true }
    if machine.phase == .new, retirement == nil { await withCheckedContinuation { newcomers.append($0) } }
    if isUnrecorded { try? await written() }
    return retirement == nil
  }

  /// Begins to go on after a crash, or after another orchestrator: once it is ``takenUp()``, nobody else may.
  func recover(_ events: [Event]) {
    engine.events.enter(program, mark: info.mark)
    holdsEvents = true
    process { instance, batch in
      for event in events { instance.decide(event, .none, &batch) }
      instance.admit(&batch)
    }
    send()
  }

  /// Does what somebody asks; returns once the decision is durable.
  ///
  /// Throws ``SagaError`` where the saga is in no state for it: looked at in the turn in which it is decided.
  func command(_ verb: Verb) async throws {
    if let retirement { throw retirement }
    if let refusal = machine.refusal(of: verb) {
      throw verb.error(refusal, machine.status, program.plan, saga: info.id)
    }
    process { instance, batch in
      instance.decide(verb.event, .none, &batch)
      instance.admit(&batch)
    }
    if !machine.status.isSettled { bulletin.goOn() }
    send()
    try await written()
  }

  // MARK: Jobs

  /// Does one job, and what follows from it as far as this worker may.
  func perform(_ work: Job.Work, on worker: Worker) async {
    wake()
    var next: Job.Work? = work
    while let current = next {
      switch current {
      case .run(let node, let attempt): await runAction(of: node, attempt, on: worker)
      case .undo(let node, let attempt): await runUndo(of: node, attempt, on: worker)
      case .tellFailure(let node): await tellFailure(of: node, on: worker)
      case .tell: await tell()
      case .slot, .timers, .written, .publish, .watch, .leave, .offer, .events: performAtOnce(current)
      }
      next = send(keepingOne: !worker.isSpent)
    }
  }

  /// Does a job that waits for nothing: not inlined, so that those who wait take no memory for it.
  @inline(never)
  private func performAtOnce(_ work: Job.Work) {
    switch work {
    case .slot: takeSlot()
    case .timers: fireTimers()
    case .written(let number, let result): noteWritten(number, result)
    case .publish: publish()
    case .watch(let mailbox): watch(mailbox)
    case .leave: leave()
    case .offer(let offer): take(offer)
    case .events: takeEvents()
    case .run, .undo, .tellFailure, .tell: break  // they wait
    }
  }

  /// Hands ready jobs to the queue, but for the first, which the calling worker goes on with and comes back. Without
  /// one to go on with, the saga may rest.
  @discardableResult
  func send(keepingOne: Bool = false) -> Job.Work? {
    // Not at once: whoever has just recorded something is to hear of that first.
    if engine.isStopping, mayLeave { engine.ready.submit(Job(saga: self, work: .leave)) }
    var first: Job.Work?
    if !outbox.isEmpty {
      if keepingOne { first = outbox[0].work }
      for job in outbox.dropFirst(keepingOne ? 1 : 0) { engine.ready.submit(job) }
      outbox.removeAll(keepingCapacity: false)
    }
    if first == nil { rest() }
    return first
  }
}
