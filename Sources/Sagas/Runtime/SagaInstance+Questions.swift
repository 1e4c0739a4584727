extension SagaInstance {
  /// Evaluates a closure of the user's: once, here, synchronously. One that throws is its node's failure.
  ///
  /// `event` has led to the question; `payload` rides beside it.
  func answer(
    _ question: Question, of node: NodeID, after event: Event, _ payload: Payload
  ) -> (Answer, Payload) {
    do {
      switch (question, program[node]) {
      case (.branch, .choice(let choose)):
        let branch = try choose(box(for: node), questionRun(node))
        return (.branch(branch.map { UInt16($0) }), .none)
      case (.failure, .fail(let makeError)):
        return (.failure, .error(try makeError(box(for: node), questionRun(node))))
      case (.key, .wait(let code)):
        let view = data.keyView(of: node, machine, program)
        for source in code.value.alternatives { _ = try source.key?(view, questionRun(node)) }
        return (.key, .none)
      case (.failure, .wait(let code)):
        switch try judgement(code.value, of: node, after: event, payload) {
        case .failure(let error): return (.failure, .error(error))
        case .value(let value): return (.noFailure, try kept(value, code.value, of: node))
        }
      case (.output, .output(let makeOutput, let coding)):
        let value = try makeOutput(box(for: node), questionRun(node))
        return (.output, .value(value, encoded: try encodeOutput(value, coding)))
      case (.retry, .step(let code)):
        let policy = code.value.retry ?? program.defaultRetry
        return (
          .retry(delay(policy, Int(machine[node].attempts - machine[node].base), data.errors[node])), .none
        )
      case (.undoRetry, .step(let code)):
        let policy = code.value.undoRetry ?? program.defaultUndoRetry
        let attempt = Int(machine[node].undoAttempts - machine[node].undoBase)
        return (.retry(delay(policy, attempt, data.undoErrors[node])), .none)
      case (.verdict, .step(let code)):
        return (.verdict(verdict(of: node, code.value, data.failure ?? SagaCancelled())), .none)
      default:
        return (.failure, .error(SagaError.brokenLog(info.id, "\(question) was asked of \(node)")))
      }
    } catch {
      return (.failure, .error(error))
    }
  }

  /// What the event, or the time, that has come makes of a wait or a guarded sequence.
  private func judgement(
    _ code: WaitCode, of node: NodeID, after event: Event, _ payload: Payload
  ) throws -> Judgement {
    switch (event, payload) {
    case (.delivered(node, let alternative), .value(let value as any SagaEvent, _)):
      return try code.alternatives[Int(alternative)].judge?(value) ?? .value(value)
    case (.elapsed(node), _):
      if let afterTime = code.afterTime { return .value(try afterTime(box(for: node), questionRun(node))) }
    default: break
    }
    throw SagaError.brokenLog(info.id, "\(event) came to \(node) without what it is about")
  }

  /// The value of a wait, as it is recorded; without a slot nothing is.
  private func kept(_ value: any Sendable, _ code: WaitCode, of node: NodeID) throws -> Payload {
    guard code.slot != nil else { return .none }
    guard engine.keepsBytes else { return .value(value, encoded: nil) }
    do {
      return .value(value, encoded: try code.coding.encode(value, engine.configuration.codec))
    } catch {
      throw SagaError.notEncodable(info.id, step: program.plan.name(of: node), cause: error)
    }
  }

  /// What a step's strategy says to an error.
  func verdict(of node: NodeID, _ code: StepCode, _ error: any Error) -> Verdict {
    switch code.strategy {
    case nil: .later
    case .immediate: .now
    case .ask(let decide): decide(data.undoView(of: node, machine, program), questionRun(node), error)
    }
  }

  /// The order's waves over all that is to be undone, as answers in the order within each wave.
  func answerWaves() -> [(event: Event, payload: Payload)] {
    let members = program.plan.all.prefix(machine.rows.count).filter { machine.isMember($0) }
    let (waves, warnings) = waves(of: Array(members))
    var answers: [(event: Event, payload: Payload)] = []
    for (number, wave) in waves.enumerated() {
      for node in wave { answers.append((.answered(node, .wave(UInt16(clamping: number))), .none)) }
    }
    guard !warnings.isEmpty else { return answers + [(.answered(.root, .waves), .none)] }
    let encoded = try? engine.configuration.codec.encode(warnings)
    return answers + [(.answered(.root, .waves), .value(warnings, encoded: encoded))]
  }

  /// In which waves the saga's order undoes these steps; those it leaves out follow.
  func waves(of members: [NodeID]) -> (waves: [[NodeID]], warnings: [String]) {
    let settled = members.sorted { machine[$0].order < machine[$1].order }
    let steps = settled.map { node in
      CompensationOrder.CompletedStep(
        name: program.plan.name(of: node), startedAt: machine[node].startedAt ?? machine.time,
        completedAt: machine[node].endedAt ?? machine.time, node: node)
    }
    let (waves, warnings) = program.order.waves(of: steps, begun: { machine[$0].begun }, program.plan)
    let named = Set(waves.joined())
    return (waves + settled.reversed().filter { !named.contains($0) }.map { [$0] }, warnings)
  }

  private func delay(_ policy: RetryPolicy, _ attempt: Int, _ error: (any Error)?) -> Duration? {
    guard let error else { return nil }
    let delay = policy.delay(afterAttempt: attempt, error: error, random: engine.runtime.random)
    return delay.map { max($0, .zero) }
  }

  private func encodeOutput(_ value: any Sendable, _ coding: ValueCoding) throws -> [UInt8]? {
    guard engine.keepsBytes else { return nil }
    do {
      return try coding.encode(value, engine.configuration.codec)
    } catch {
      throw SagaError.notEncodable(info.id, step: "output", cause: error)
    }
  }

  func questionRun(_ node: NodeID) -> StepRun {
    run(node, attempt: 1, path: path(of: node, machine[node].attempts), isAttempt: false)
  }
}
