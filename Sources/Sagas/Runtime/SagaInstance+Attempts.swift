extension SagaInstance {
  // What waits for an attempt takes the memory of all that its function has at hand, also of what is done at once. So
  // that stands in functions of its own, which are not to be inlined.

  /// Runs one attempt of a step's action, off this actor, and brings back what came of it.
  func runAction(of node: NodeID, _ attempt: Attempt, on worker: Worker) async {
    guard let code = beginAction(of: node, attempt, on: worker) else { return }
    let result: Result<any Sendable, any Error>
    do {
      result = .success(
        program.interceptors.isEmpty
          ? try await code.value.perform(
            box(for: node), run(node, attempt: attempt, path: path(of: node, attempt)))
          : try await intercepted(node, attempt, code))
    } catch {
      result = .failure(error)
    }
    endAction(of: node, attempt, code, result)
  }

  /// The code of a step whose attempt may run now.
  @inline(never)
  private func beginAction(of node: NodeID, _ attempt: Attempt, on worker: Worker) -> Shared<StepCode>? {
    guard retirement == nil, !engine.isStopping, let code = program[node].step,
      machine[node].forward == .running,
      machine[node].attempts == attempt,
      let index = flights.firstIndex(where: { $0.is(node, attempt, .action) })
    else {
      flights.removeAll { $0.is(node, attempt, .action) }
      accept(.neverStarted(node, attempt))
      return nil
    }
    flights[index].worker = worker
    if let timeout = program.plan[node].timeout {
      arm(.event(.timedOut(node, attempt)), at: clock.now.advanced(by: timeout))
    }
    return code
  }

  @inline(never)
  private func endAction(
    of node: NodeID, _ attempt: Attempt, _ code: Shared<StepCode>, _ result: Result<any Sendable, any Error>
  ) {
    let event: Event
    let payload: Payload
    var writes: ScratchWrites?
    do {
      let value = try result.get()
      let bytes = engine.keepsBytes ? try encode(value, of: node, code) : nil
      writes = try takeScratch(of: node, attempt, .action)
      event = .returned(node, attempt)
      payload = .value(value, encoded: bytes)
    } catch let objection as Objection {
      event = .threw(node, attempt, unknown: objection.leavesOpen)
      payload = .error(objection.error)
    } catch {
      event = .threw(node, attempt, unknown: leavesOpen(error, code))
      payload = .error(error)
    }
    if case .error = payload { writes = try? takeScratch(of: node, attempt, .action) }
    flights.removeAll { $0.is(node, attempt, .action) }
    disarm(node, attempt, .action)
    accept(event, payload, writes)
  }

  /// Runs one attempt of a step's undo, off this actor and out of reach of any cancel.
  func runUndo(of node: NodeID, _ attempt: Attempt, on worker: Worker) async {
    guard let (context, undoing) = beginUndo(of: node, attempt, on: worker) else { return }
    var failure: (any Error)?
    do {
      guard let (effect, undo) = undoing else {
        // Only a State that does not give back what was put into it comes here.
        throw CompensationImpossible("the result of the step is not in its slot any more")
      }
      if program.interceptors.isEmpty {
        try await undo(effect, context)
      } else {
        try await intercepted(undo, effect, context)
      }
    } catch {
      failure = error
    }
    endUndo(of: node, attempt, failure)
  }

  /// What the undo of a step is given, where an attempt of it may run now.
  @inline(never)
  private func beginUndo(
    of node: NodeID, _ attempt: Attempt, on worker: Worker
  ) -> (UndoContext, (ErasedEffect, StepCode.Undoing)?)? {
    guard retirement == nil, !engine.isStopping, let code = program[node].step,
      machine[node].undo == .running,
      machine[node].undoAttempts == attempt,
      let index = flights.firstIndex(where: { $0.is(node, attempt, .undo) })
    else {
      flights.removeAll { $0.is(node, attempt, .undo) }
      return nil
    }
    flights[index].worker = worker
    if let timeout = program.plan[node].undoTimeout {
      arm(.event(.undoTimedOut(node, attempt)), at: clock.now.advanced(by: timeout))
    }
    let path = path(of: node, machine[node].attempts)
    let context = UndoContext(
      box: data.undoView(of: node, machine, program), error: data.failure ?? SagaCancelled(),
      attempts: Int(machine[node].attempts), actionPath: path,
      run: run(node, attempt: attempt, path: "\(path)~undo"))
    return (context, undoing(of: node, code))
  }

  @inline(never)
  private func endUndo(of node: NodeID, _ attempt: Attempt, _ failure: (any Error)?) {
    // What was undone is undone, also where a value it has set aside cannot be encoded: that is left out.
    let writes = try? takeScratch(of: node, attempt, .undo)
    flights.removeAll { $0.is(node, attempt, .undo) }
    disarm(node, attempt, .undo)
    if let failure {
      accept(
        .undoThrew(node, attempt, impossible: failure is CompensationImpossible), .error(failure), writes)
    } else {
      accept(.undoReturned(node, attempt), .none, writes)
    }
  }

  /// The State a node sees. Asks `data` only where it must: asking copies all of it.
  func box(for node: NodeID) -> AnyStateBox {
    data.branches.isEmpty ? data.root : data.box(for: node, program.plan)
  }

  /// What the key of an attempt has behind the run's id: a completed step that is repeated gets a new one.
  func path(of node: NodeID, _ attempt: Attempt) -> String {
    let name = program.plan.name(of: node)
    let repetition = machine.repetition(of: node, attempt)
    return repetition == 1 ? name : "\(name)#\(repetition)"
  }

  /// What a closure of the user's may know of its run.
  func run(_ node: NodeID, attempt: Attempt, path: String, isAttempt: Bool = true) -> StepRun {
    StepRun(
      host: self, step: program.plan.name(of: node), attempt: Int(attempt),
      now: machine[node].attemptedAt ?? machine.time, path: path, isAttempt: isAttempt)
  }

  /// Whether an error leaves open if the action took effect.
  func leavesOpen(_ error: any Error, _ code: Shared<StepCode>) -> Bool {
    if error is EffectUnknown || (error as? SagaError)?.code == .notEncodable { return true }
    return code.value.unknownErrors.contains { $0(error) }
  }

  /// A result that cannot be encoded cannot be kept: its effect is there, its value is not.
  private func encode(_ value: any Sendable, of node: NodeID, _ code: Shared<StepCode>) throws -> [UInt8] {
    do {
      return try code.value.coding.encode(value, engine.configuration.codec)
    } catch {
      throw SagaError.notEncodable(info.id, step: program.plan.name(of: node), cause: error)
    }
  }

  private func undoing(of node: NodeID, _ code: Shared<StepCode>) -> (ErasedEffect, StepCode.Undoing)? {
    var error: any Error {
      data.errors[node]
        ?? SagaError(.unsettled, "was cut off", saga: info.id, step: program.plan.name(of: node))
    }
    switch machine[node].effect {
    case .none: return nil
    case .completed:
      guard let value = data.result(of: node, machine, program) else { return nil }
      return code.value.undoCompleted.map { (.completed(value), $0) }
    case .failed: return code.value.undoFailed.map { (.failed(error), $0) }
    case .unknown: return code.value.undoUnknown.map { (.unknown(error), $0) }
    }
  }
}
