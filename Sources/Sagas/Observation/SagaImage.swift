/// All there is to know of one saga at one moment, as a value; what a report is made from.
struct SagaImage: Sendable {
  let info: SagaInfo
  let program: SagaProgram
  var machine: SagaMachine
  var data: SagaData
  /// Why the saga is parked, when it is.
  var parked: SagaError?
  /// What the store has as its status; all there is where its definition is not known.
  var recordedStatus: SagaStatus?
  /// It waits for a slot.
  var isQueued = false

  var status: SagaStatus {
    if parked != nil { return .parked }
    if program.isUnknown, let recordedStatus { return recordedStatus }
    return isQueued && machine.status == .running ? .waiting : machine.status
  }

  /// Why nothing becomes of it in this process, although it has not ended.
  var standstill: SagaError? {
    parked ?? (machine.phase.isTerminal ? nil : .notRunHere(info.id, status))
  }

  private var plan: SagaPlan { program.plan }

  /// Why it is not taken up by itself under the rules of this plan, where that is because it was too often.
  func exhaustion(under plan: SagaPlan) -> SagaError? {
    var machine = machine
    machine.plan = plan
    guard machine.isWornOut else { return nil }
    let steps = plan.all.prefix(machine.rows.count).filter { machine.isInFlight($0) }
    let verb = Verb.cancel(compensating: true)
    return .tooManyRecoveries(
      info.id, Int(machine.recoveries), steps.map { plan.name(of: $0) },
      isCancellable: machine.goesForward && machine.refusal(of: verb) == nil)
  }

  /// The nodes a person calls steps, in the order of the definition.
  var steps: [NodeID] { plan.all.filter { plan[$0].isCounted } }

  // MARK: Progress

  /// Settled steps of planned ones, 0…1.
  func progress(of running: StepProgress? = nil) -> Double {
    if status == .completed || plan.plannedSteps == 0 { return 1 }
    var done = 0.0
    for node in steps {
      switch machine[node].forward {
      case .completed, .failed, .unknown, .skipped: done += 1
      case .running, .stopping, .closing:
        if let running, let part = running.progress, isCurrent(running, node) { done += min(max(part, 0), 1) }
      case .pending, .deciding, .backoff, .waiting: break
      }
    }
    return done / Double(plan.plannedSteps)
  }

  private func isCurrent(_ progress: StepProgress, _ node: NodeID) -> Bool {
    machine[node].isActive && Int(machine[node].attempts) == progress.attempt
      && plan.name(of: node) == progress.step
  }

  func update(_ progress: StepProgress?) -> SagaUpdate {
    let statuses = steps.map { (node: $0, status: machine.status(of: $0)) }
    let current = statuses.filter { [.running, .waiting, .compensating].contains($0.status) }
    let isUndoing = current.first?.status == .compensating
    let row = current.first.map { machine[$0.node] }
    let said = progress.flatMap { said in current.contains { isCurrent(said, $0.node) } ? said : nil }
    return SagaUpdate(
      id: info.id, name: info.name, status: status, progress: self.progress(of: said),
      steps: statuses.map { (plan.name(of: $0.node), $0.status) },
      currentSteps: current.map { plan.name(of: $0.node) },
      attempt: row.map { Int(isUndoing ? $0.undoAttempts : $0.attempts) } ?? 0,
      attempts: current.first.map { attemptLimit(of: $0.node, undo: isUndoing) } ?? 0,
      stage: said?.stage, message: said?.message)
  }

  private func attemptLimit(of node: NodeID, undo: Bool) -> Int {
    guard plan[node].kind == .step else { return 0 }
    let code = program[node].step?.value
    let policy = undo ? code?.undoRetry ?? program.defaultUndoRetry : code?.retry ?? program.defaultRetry
    return policy.retries.map { $0 + 1 } ?? 0
  }

  // MARK: Results

  func result(of node: NodeID) -> JournaledValue? {
    guard let coding = program[node].coding else {
      let isDone = plan[node].settles && machine[node].forward == .completed
      return isDone ? JournaledValue((), coding: .nothing) : nil
    }
    if machine[node].effect == .completed, machine.phase.isTerminal, program.isRedacted(node) {
      return JournaledValue(redacted: coding)
    }
    return data.result(of: node, machine, program).map { value in
      // It was marked so when the saga ended, and is not any more.
      RedactedValue.isOne(value) ? JournaledValue(redacted: coding) : JournaledValue(value, coding: coding)
    }
  }

  var output: JournaledValue? {
    guard let value = data.output, let node = plan.all.last, case .output(_, let coding) = program[node]
    else {
      return nil
    }
    return JournaledValue(value, coding: coding)
  }

  private func effect(of node: NodeID) -> Effect<JournaledValue>? {
    let error = data.errors[node] ?? SagaError(.unsettled, "has no outcome", step: plan.name(of: node))
    switch machine[node].effect {
    case .none: return nil
    case .completed: return result(of: node).map { .completed($0) }
    case .failed: return .failed(error)
    case .unknown: return .unknown(error)
    }
  }

  // MARK: Failure

  /// A failure that the machine knows nothing of: the saga left this process.
  func failure(with error: any Error) -> SagaFailure {
    SagaFailure(
      step: nil, error: error, undone: data.undone.map { plan.name(of: $0) }, unresolved: unresolved,
      others: [],
      sagaID: info.id, sagaName: info.name)
  }

  var failure: SagaFailure? {
    if let parked { return failure(with: parked) }
    guard machine.cause != nil || machine.phase == .failed else { return nil }
    // A saga that was given up while it was held has not failed as a whole: what held it counts.
    var failed = machine.cause == nil ? machine.firstFailure : nil
    if case .node(let node)? = machine.cause { failed = node }
    let error = data.failure ?? failed.flatMap { data.errors[$0] } ?? SagaCancelled()
    return SagaFailure(
      step: failed.flatMap { plan.name(of: $0).isEmpty ? nil : plan.name(of: $0) }, error: error,
      undone: data.undone.map { plan.name(of: $0) },
      unresolved: unresolved, others: failures { $0 != failed && !isTolerated($0) }, sagaID: info.id,
      sagaName: info.name)
  }

  var unresolved: [Unresolved] {
    steps.filter { machine.isUnresolved($0) }.map { node in
      let row = machine[node]
      let reason = reason(row)
      let undoError = [.failed, .impossible].contains(row.undo) ? data.undoErrors[node] : nil
      return Unresolved(
        step: plan.name(of: node),
        error: undoError ?? data.errors[node] ?? data.failure
          ?? SagaError(.unsettled, "has no outcome", step: plan.name(of: node)),
        reason: reason)
    }
  }

  private func reason(_ row: Row) -> Unresolved.Reason {
    switch row.undo {
    case .failed: .undoFailed
    case .impossible: .undoImpossible
    case .skipped: .skipped
    case .none, .queued, .running, .stopping, .deciding, .backoff, .undone:
      row.flags.contains(.late) ? .lateResult : row.effect == .unknown ? .unknownEffect : .notUndone
    }
  }

  /// Steps that failed for good, with their errors. A cancellation that only obeys a stop is no error of its own.
  private func failures(where isWanted: (NodeID) -> Bool) -> [(step: String, error: any Error)] {
    steps.compactMap { node in
      guard [.failed, .unknown].contains(machine[node].forward), isWanted(node),
        let error = data.errors[node],
        !RecordedError.isCancellation(error)
      else { return nil }
      return (plan.name(of: node), error)
    }
  }

  private func isTolerated(_ node: NodeID) -> Bool { plan[node].traits.contains(.optional) }

  // MARK: Report

  private var input: JournaledValue? {
    program.isUnknown
      ? nil
      : JournaledValue(program.state.value(data.inputView(machine, program)), coding: program.state.coding)
  }

  func report(_ progress: StepProgress? = nil) -> SagaReport {
    SagaReport(
      id: info.id, name: info.name, version: info.version, status: status, input: input, output: output,
      metadata: info.metadata, startedAt: info.startedAt, endedAt: machine.endedAt,
      progress: self.progress(of: progress), error: parked ?? data.failure ?? standstillError,
      failures: failures { isTolerated($0) }, unresolved: unresolved, warnings: data.warnings,
      steps: steps.map(stepReport),
      completedSteps: names { $0.effect == .completed },
      compensatedSteps: data.undone.map { plan.name(of: $0) },
      skippedSteps: steps.filter { machine[$0].forward == .skipped }.map { plan.name(of: $0) })
  }

  /// What holds a suspended saga.
  private var standstillError: (any Error)? {
    guard machine.phase == .suspended else { return nil }
    if let failed = machine.firstFailure { return data.errors[failed] }
    return machine.isOverdue ? SagaTimedOut(timeout: plan.timeout ?? .zero) : nil
  }

  /// Names of settled steps, in the order in which they settled.
  private func names(where isWanted: (Row) -> Bool) -> [String] {
    steps.filter { isWanted(machine[$0]) }.sorted { machine[$0].order < machine[$1].order }
      .map { plan.name(of: $0) }
  }

  private func stepReport(_ node: NodeID) -> StepReport {
    let row = machine[node]
    return StepReport(
      name: plan.name(of: node), status: machine.status(of: node), effect: effect(of: node),
      attempts: Int(row.attempts), undoAttempts: Int(row.undoAttempts), error: data.errors[node],
      undoError: data.undoErrors[node], startedAt: row.startedAt, endedAt: row.endedAt)
  }
}
