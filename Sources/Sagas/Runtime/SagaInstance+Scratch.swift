extension SagaInstance {
  nonisolated func scratch(_ name: String, for run: StepRun) -> ScratchValue? {
    bulletin.scratch(name, for: run.isAttempt ? .attempt(path: run.path, run.attempt) : nil)
  }

  nonisolated func setScratch(_ value: ScratchValue?, _ name: String, by run: StepRun) {
    guard run.isAttempt else { return }
    bulletin.setScratch(value, name, by: .attempt(path: run.path, run.attempt))
  }

  /// Takes what an attempt has set; `nil` when that is nothing. Throws where a value of it cannot be encoded.
  func takeScratch(of node: NodeID, _ attempt: Attempt, _ side: Flight.Side) throws -> ScratchWrites? {
    guard bulletin.hasScratch else { return nil }
    let name = program.plan.name(of: node)
    let path = side == .undo ? "\(path(of: node, machine[node].attempts))~undo" : path(of: node, attempt)
    guard let values = bulletin.takeScratch(of: .attempt(path: path, Int(attempt))) else { return nil }
    do {
      return try ScratchWrites(values, codec: engine.keepsBytes ? engine.configuration.codec : nil)
    } catch {
      throw SagaError.notEncodable(info.id, step: name, cause: error)
    }
  }

  /// Records what an attempt has set beside the entry that was just added.
  func record(_ writes: ScratchWrites, in batch: inout Batch) {
    data.record(writes)
    bulletin.accept(scratch: data.scratch)
    batch.attach(writes, scratch: data.scratch)
  }
}
