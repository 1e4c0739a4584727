extension SagaSupervisor {
  /// How many sagas are looked at in one state check; where there are more, a part each time, in turn. Other looks at
  /// all of them pause after as many.
  static var portion: Int { 10_000 }

  /// Holds live sagas against their store, one after the other, and announces where the store has something else.
  func compare(_ engine: Engine) async {
    var sagas: [SagaInstance] = []
    for _ in engine.registry.shardNumbers where sagas.count < Self.portion {
      sagas += engine.registry.all(in: nextShard)
      nextShard = (nextShard + 1) % engine.registry.shardNumbers.count
    }
    for saga in Self.inOrder(sagas) where engine.registry[saga.id] === saga {
      guard await compare(saga, engine) else { return }
    }
  }

  /// Holds one saga against its store; `false` when the store cannot be read.
  private func compare(_ saga: SagaInstance, _ engine: Engine) async -> Bool {
    guard let expected = await saga.recordedMachine else { return true }
    var difference: SagaError?
    do {
      if let stored = try await engine.journal.store.load(saga.id) {
        var machine = try engine.image(of: stored).machine
        machine.plan = expected.plan  // made anew for a saga that was started with options
        if machine != expected {
          difference = .storeDiffers(
            saga.id, stored: (machine.entries, machine.status), live: (expected.entries, expected.status))
        }
      } else {
        difference = .notInStore(saga.id)
      }
    } catch let error as SagaError where error.code == .brokenLog {
      difference = error
    } catch {
      announce(.stateCheckFailed, of: saga, error: error)
      return false
    }
    // It may have gone on meanwhile; what has changed is looked at next time.
    if let difference, await saga.recordedMachine == expected, engine.registry[saga.id] === saga {
      announce(.stateDiffers, of: saga, status: expected.status, error: difference)
    }
    return true
  }
}
