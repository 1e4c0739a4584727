extension SagaInstance {
  /// Evaluates a closure of the user's: once, here, synchronously. One that throws is its node's failure.
  func answer(_ question: Question, of node: NodeID) -> (Answer, Payload) {
    do {
      switch (question, program[node]) {
      case (.branch, .choice(let choose)):
        let branch = try choose(data.box(for: node, program.plan), questionRun(node))
        return (.branch(branch.map { UInt16($0) }), .none)
      case (.failure, .fail(let makeError)):
        return (.failure, .error(try makeError(data.box(for: node, program.plan), questionRun(node))))
      case (.output, .output(let makeOutput, let coding)):
        let value = try makeOutput(data.box(for: node, program.plan), questionRun(node))
        return (.output, .value(value, encoded: try encodeOutput(value, coding)))
      case (.retry, .step(let code)):
        let policy = code.retry ?? program.defaultRetry
        return (.retry(delay(policy, Int(machine[node].attempts), data.errors[node])), .none)
      case (.undoRetry, .step(let code)):
        let policy = code.undoRetry ?? program.defaultUndoRetry
        return (.retry(delay(policy, Int(machine[node].undoAttempts), data.undoErrors[node])), .none)
      default:
        return (.failure, .error(SagaError.brokenLog(info.id, "\(question) was asked of \(node)")))
      }
    } catch {
      return (.failure, .error(error))
    }
  }

  private func delay(_ policy: RetryPolicy, _ attempt: Int, _ error: (any Error)?) -> Duration? {
    guard let error else { return nil }
    let delay = policy.delay(afterAttempt: attempt, error: error, random: engine.runtime.random)
    return delay.map { max($0, .zero) }
  }

  private func encodeOutput(_ value: any Sendable, _ coding: ValueCoding) throws -> [UInt8]? {
    guard engine.journal.keepsBytes else { return nil }
    do {
      return try coding.encode(value, engine.configuration.codec)
    } catch {
      throw SagaError.notEncodable(info.id, step: "output", cause: error)
    }
  }

  private func questionRun(_ node: NodeID) -> StepRun {
    run(node, attempt: 1, key: program.plan.name(of: node))
  }
}
