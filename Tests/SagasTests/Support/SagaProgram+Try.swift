@testable import Sagas

/// Calls the closures of a compiled saga the way the engine does.
extension SagaProgram {
  /// Performs a step once over a `State`; returns its result as it would be journaled.
  func perform<State: Sendable>(_ step: String, over state: State) async throws -> any Sendable {
    let code = try stepCode(step)
    return try await code.perform(StateBox(state), .stub(step: step))
  }

  /// Performs a step once and puts its result into its slot.
  func performed<State: Sendable>(_ step: String, over state: State) async throws -> State {
    let code = try stepCode(step)
    let box = StateBox(state)
    let result = try await code.perform(box, .stub(step: step))
    code.slot?.write(box, result)
    return box.value
  }

  /// Runs what a step declares for an effect.
  /// - Returns: whether it declares anything.
  @discardableResult
  func undo<State: Sendable>(
    _ step: String, after effect: ErasedEffect, over state: State, because error: any Error = Refused()
  ) async throws -> Bool {
    let code = try stepCode(step)
    let undo =
      switch effect {
      case .completed: code.undoCompleted
      case .failed: code.undoFailed
      case .unknown: code.undoUnknown
      }
    guard let undo else { return false }
    try await undo(
      effect,
      UndoContext(
        box: StateBox(state), error: error, attempts: 2, actionPath: step, run: .stub(step: step)))
    return true
  }

  /// The branch a choice takes over a `State`, by the name of the first named node in it.
  func choice<State: Sendable>(of name: String, over state: State) throws -> String? {
    guard let node = plan.node(named: name), case .choice(let choose) = self[node] else {
      throw NoSuchNode(name: name)
    }
    guard let number = try choose(StateBox(state), .stub(step: name)) else { return nil }
    guard let branch = plan.child(number, of: node) else {
      throw NoSuchNode(name: "\(name), branch \(number)")
    }
    return plan.subtree(of: branch).map { plan.name(of: $0) }.first { !$0.isEmpty }
  }

  func stepCode(_ name: String) throws -> StepCode {
    guard let node = plan.node(named: name), let code = self[node].step?.value else {
      throw NoSuchNode(name: name)
    }
    return code
  }
}

struct NoSuchNode: Error {
  let name: String
}
