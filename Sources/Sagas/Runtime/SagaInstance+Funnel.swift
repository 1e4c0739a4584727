extension SagaInstance {
  /// The way in for everything that happens.
  func accept(_ event: Event, _ payload: Payload = .none, _ writes: ScratchWrites? = nil) {
    process { instance, batch in
      batch.writes = writes
      instance.decide(event, payload, &batch)
    }
  }

  /// Decides, records, and acts once that is durable.
  func process(at time: Timestamp? = nil, _ body: (isolated SagaInstance, inout Batch) -> Void) {
    guard retirement == nil else { return }
    var batch = Batch(
      time: max(time ?? clock.now, machine.time), firstNumber: machine.entries,
      keepsBytes: engine.keepsBytes)
    body(self, &batch)
    guard retirement == nil else { return }
    if batch.count == 0 { act(batch.actions) } else { commit(batch) }
    if engine.slots != nil { settleSlot() }
    beat()
  }

  /// Feeds the machine one event and answers what it asks, all in one record.
  func decide(_ event: Event, _ payload: Payload, _ batch: inout Batch) {
    var sink = DecisionSink()
    do {
      try machine.handle(event, at: batch.time, into: &sink)
    } catch {
      // A defect of the machine. Nothing more is done with this saga, and somebody is told.
      return retire(.brokenLog(info.id, "\(error.entry) at \(error.position) contradicts it", cause: error))
    }
    var rest = payload
    sink.entries.forEach { entry in
      let own = entry.carriesPayload ? rest : .none
      if entry.carriesPayload { rest = .none }
      if case .failing = entry { forget(.event(.sagaTimedOut)) }
      data.fold(entry, own, machine.rows, program)
      batch.add(entry, own)
      note(entry, in: &batch)
      if case .delivered = entry, let delivery = batch.delivery {
        data.consume(delivery.number, by: entry)
        batch.attach(delivery)
      }
      if let writes = batch.writes, entry.takesScratch { record(writes, in: &batch) }
    }
    sink.actions.forEach { action in
      if case .ask(_, .waves) = action {
        for (event, payload) in answerWaves() { decide(event, payload, &batch) }
      } else if case .ask(let node, let question) = action {
        let (answer, own) = answer(question, of: node, after: event, payload)
        decide(.answered(node, answer), own, &batch)
      } else {
        batch.actions.append(action)
      }
    }
  }

  // MARK: Durability

  private func commit(_ batch: Batch) {
    guard engine.keepsBytes, !hasSuccessor else {
      if let scratch = batch.scratch { bulletin.show(scratch: scratch) }
      if feed != nil { note(durable: machine.status) }
      announce(batch.announcements)
      act(batch.actions)
      return announce()
    }
    let (bytes, redacted) = batch.encoded(redacting: program.redacted)
    let isEnded = machine.phase.isTerminal
    let record = JournalRecord(
      sagaID: info.id, sagaName: info.name, sagaVersion: info.version, startedAt: info.startedAt,
      writer: engine.writer, takenOverAt: firstOwn, run: Int(info.run), firstNumber: batch.firstNumber,
      count: batch.count, time: batch.time,
      status: machine.status,
      bytes: isEnded ? redacted ?? bytes : bytes, redacted: isEnded ? nil : redacted,
      details: details(of: batch))
    unwritten.append(
      UnwrittenRecord(
        record: record, actions: batch.actions, scratch: batch.scratch, announcements: batch.announcements))
    if !isHeld { offer(record) }
  }

  /// It has ended, the store has let go of it, and its id was used again: that log is another saga's.
  private var hasSuccessor: Bool {
    machine.phase.isTerminal && bulletin.ended != nil && engine.registry[info.id] != nil
  }

  private func offer(_ record: JournalRecord) {
    let number = record.firstNumber
    let durability = engine.journal.store.append(record) { [engine] result in
      engine.ready.submit(Job(saga: self, work: .written(firstNumber: number, result)))
    }
    if durability == .durable { noteWritten(number, .success(())) }
  }

  /// A record is durable, or could not be written: then it is kept, and offered again later with all behind it.
  func noteWritten(_ number: UInt64, _ result: Result<Void, any Error>) {
    guard let index = unwritten.firstIndex(where: { $0.record.firstNumber == number }) else { return }
    switch result {
    case .success:
      unwritten[index].isDurable = true
      while let first = unwritten.first, first.isDurable {
        unwritten.removeFirst()
        for waiter in first.waiters { waiter.resume() }
        for offer in first.offers { confirm(offer) }
        if let scratch = first.scratch { bulletin.show(scratch: scratch) }
        if feed != nil { note(durable: first.record.status) }
        announce(first.announcements)
        act(first.actions)
      }
      beat()
      announce()
    case .failure(let error):
      if let error = error as? SagaError {
        if error.code == .takenOver { return retire(.takenOver(info.id)) }
        if error.code == .staleRun { return retire(error) }
      }
      if number == firstOwn {
        let what =
          number == 0
          ? "its creation could not be recorded, as far as can be told; start it again under the same id"
          : "that it goes on could not be recorded"
        return retire(SagaError(.storeFailed, what, saga: info.id, cause: error))
      }
      guard !isHeld else { return }
      isHeld = true
      arm(.write, at: clock.now.advanced(by: .seconds(1)))
    }
  }

  /// Offers everything again that is not durable.
  func writeAgain() {
    // Held until all is offered: what follows from a record that is durable at once comes behind the others.
    var next: UInt64 = 0
    while let again = unwritten.first(where: { !$0.isDurable && $0.record.firstNumber >= next }) {
      next = again.record.firstNumber + 1
      offer(again.record)
    }
    isHeld = false
  }

  /// Returns once everything accepted so far is durable.
  func written() async throws {
    if let retirement { throw retirement }
    guard !unwritten.isEmpty else { return }
    try await withCheckedThrowingContinuation { unwritten[unwritten.count - 1].waiters.append($0) }
  }

  /// Returns once the first record of its own is durable. What comes behind that may be held for as long as the store
  /// likes.
  func takenUp() async throws {
    if let retirement { throw retirement }
    guard let first = unwritten.first, first.record.firstNumber == firstOwn else { return }
    try await withCheckedThrowingContinuation { unwritten[0].waiters.append($0) }
  }

  /// Nothing it recorded itself is durable yet: it may come to be that it never was, or does not go on.
  var isUnrecorded: Bool { machine.phase == .new || unwritten.first?.record.firstNumber == firstOwn }

  /// Lets those go on who wait for the creation to be tried.
  func admitNewcomers() {
    guard !newcomers.isEmpty else { return }
    for newcomer in newcomers { newcomer.resume() }
    newcomers = []
  }

  /// Stops acting, for good, without an end of the saga's own.
  func retire(_ error: SagaError) {
    guard retirement == nil, !machine.phase.isTerminal || !unwritten.isEmpty else { return }
    let wasThere = !isUnrecorded
    retirement = error
    engine.registry.remove(self)
    admitNewcomers()
    for flight in flights { flight.worker?.cancel() }
    stopTelling()
    timers = []
    rearm()
    leaveEvents()
    let waiters = unwritten.flatMap(\.waiters)
    for offer in unwritten.flatMap(\.offers) { offer.receipt.refuse() }
    unwritten = []
    outbox = []
    settleSlot()
    for waiter in waiters { waiter.resume(throwing: error) }
    bulletin.end(Shared(image))
    if wasThere { publish() }
    watchers?.finish()
  }

  // MARK: Actions

  func act(_ actions: SmallList<Action>) {
    var neverStarted: [Event] = []
    actions.forEach { action in
      if telling != nil, action.waitsForTelling {
        telling?.held.append(action)
        return
      }
      switch action {
      case .ask:
        return  // answered already
      case .tellFailure(let node):
        beginTelling(node)
      case .run where engine.isStopping, .undo where engine.isStopping:
        return  // recorded as begun, and left to recovery
      case .run(let node, let attempt):
        let mayRun = mayRun()
        flights.append(Flight(node: node, attempt: attempt, side: .action, awaitsSlot: !mayRun))
        if mayRun { outbox.append(Job(saga: self, work: .run(node, attempt))) }
      case .undo(let node, let attempt):
        flights.append(Flight(node: node, attempt: attempt, side: .undo))
        outbox.append(Job(saga: self, work: .undo(node, attempt)))
      case .stop(let node, let attempt):
        if !stop(node, attempt, .action, then: .graceOver(node, attempt)) {
          neverStarted.append(.neverStarted(node, attempt))
        }
      case .stopUndo(let node, let attempt):
        if !stop(node, attempt, .undo, then: .undoGraceOver(node, attempt)) {
          neverStarted.append(.undoGraceOver(node, attempt))
        }
      case .listen(let node):
        listen(node)
      case .unlisten(let node):
        unlisten(node)
        forget(.event(.elapsed(node)))
      case .sleep(let node, let due):
        arm(.event(program.plan[node].kind == .step ? .retryDue(node) : .elapsed(node)), at: due)
      case .sleepUndo(let node, let due):
        arm(.event(.undoRetryDue(node)), at: due)
      case .limitSaga(let due):
        forget(.event(.sagaTimedOut))
        arm(.event(.sagaTimedOut), at: due)
      case .limitUnwind(let due):
        forget(.event(.unwindTimedOut))
        arm(.event(.unwindTimedOut), at: due)
      case .settle(let status):
        // It may have been held back until the saga had gone on.
        if !status.isTerminal, status == machine.status, bulletin.standstill != status {
          noteStandstill(status)
          bulletin.stand(still: status)
        }
      }
    }
    for event in neverStarted { accept(event) }
  }

  /// Asks an attempt to stop and begins its grace; `false` when it has not begun.
  private func stop(_ node: NodeID, _ attempt: Attempt, _ side: Flight.Side, then event: Event) -> Bool {
    guard let index = flights.firstIndex(where: { $0.is(node, attempt, side) }) else { return false }
    disarm(node, attempt, side)
    guard let worker = flights[index].worker else {
      flights.remove(at: index)
      return false
    }
    worker.cancel()
    arm(.event(event), at: clock.now.advanced(by: program.plan[node].settleGrace))
    return true
  }

  /// Tells the outside what has become durable.
  func announce() {
    guard unwritten.isEmpty, telling == nil else { return }
    if machine.phase.isTerminal { conclude() }
    if watchers != nil || engine.watchers.isWatched { publish() }
    if machine.phase.isTerminal { watchers?.finish() }
  }

  /// The saga has ended, or something was learnt behind its end.
  private func conclude() {
    if bulletin.ended == nil {
      engine.supervisor.note(self, machine.status, at: machine.endedAt ?? machine.time)
    }
    if !program.redacted.isEmpty { data.redact(machine.rows, program) }
    let image = Shared(image)
    if case .images(let store) = engine.journal { store.finish(image, of: self) }
    engine.registry.remove(self)
    leaveEvents()
    timers = []
    isHeld = false  // the timer that would have ended it is gone
    rearm()
    bulletin.end(image)
  }
}
