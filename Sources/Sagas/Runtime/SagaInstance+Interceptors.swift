extension SagaInstance {
  /// What interceptors made of an attempt that has not completed.
  struct Objection: Error {
    let error: any Error
    /// Whether it is left open if the action took effect.
    let leavesOpen: Bool
  }

  /// Runs an attempt of a step's action with interceptors around it; throws only ``Objection``.
  func intercepted(
    _ node: NodeID, _ attempt: Attempt, _ code: Shared<StepCode>
  ) async throws -> any Sendable {
    let box = box(for: node)
    let run = run(node, attempt: attempt, path: path(of: node, attempt))
    let call = InterceptedCall(program.interceptors, around: .action, run) {
      try await code.value.perform(box, run)
    }
    do {
      return try await call.perform()
    } catch {
      let isOpen =
        switch call.effect {
        case .notBegun: false
        case .threw(let own): leavesOpen(own, code) || leavesOpen(error, code)
        case .returned: true
        }
      throw Objection(error: error, leavesOpen: isOpen)
    }
  }

  /// Runs an attempt of an undo with interceptors around it.
  func intercepted(
    _ undoing: @escaping StepCode.Undoing, _ effect: ErasedEffect, _ context: UndoContext
  ) async throws {
    let call = InterceptedCall(program.interceptors, around: .undo, context.run) {
      try await undoing(effect, context)
    }
    _ = try await call.perform()
  }

  /// Has a status told that has become durable. Not by this job: whoever is told may take long.
  func note(durable status: SagaStatus) {
    guard feed?.note(status) == true else { return }
    engine.ready.submit(Job(saga: self, work: .tell))
  }

  /// Tells the interceptors what has become of the saga, until there is nothing new.
  func tell() async {
    while let changes = feed?.take(), !changes.isEmpty {
      for change in changes {
        for interceptor in program.interceptors {
          await interceptor.saga(info.id, from: change.from, to: change.to)
        }
      }
    }
  }
}
