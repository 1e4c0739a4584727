import Sagas

/// A saga whose steps all ask one bank.
protocol CrashSaga: Saga where State == CrashState, Output == CrashState {
  var bank: Bank { get }
}

extension CrashSaga {
  /// A step with undoes for what was done and for what may have been done.
  func book(
    _ name: String, _ slot: Slot<CrashState, Int>, _ strategy: CompensationStrategy<CrashState> = .deferred
  ) -> Step<Int> {
    Step(name, slot) { try await bank.apply($0.run) }
      .compensate(strategy) { _, undo in try await bank.takeBack(undo) }
      .compensateUnknown { try await bank.takeBack($0) }
      .compensationRetry(.fixed(retries: 2, every: .milliseconds(2)))
  }
}

/// One step after the other, one of them with retries.
struct Chain: CrashSaga {
  static let name = "chain"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("open", \.a)
    book("flaky", \.b).retry(.exponential(retries: 2, from: .milliseconds(2)))
    book("middle", \.c)
    book("close", \.d)
  }
}

/// Branches, one step that is undone at once, one that may fail.
struct Fork: CrashSaga {
  static let name = "fork"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("open", \.a)
    Parallel("both") {
      Sequential {
        book("left 1", \.b)
        book("left 2", \.c)
      }
      book("seat", \.d, .immediate)
      book("mail", \.e).optional()
    }
    book("finish", \.a)
  }
}

/// Steps that a service does once for each time it is asked.
struct Once: CrashSaga {
  static let name = "once"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("before", \.a)
    Step("draw", \.b) { try await bank.apply($0.run, knowsKeys: false) }
      .atMostOnce()
      .compensate { _, undo in try await bank.takeBack(undo) }
      .compensateUnknown { try await bank.takeBack($0) }
      .compensationRetry(.fixed(retries: 2, every: .milliseconds(2)))
    // Nobody can tell whether it was printed.
    Step("print", \.c) { try await bank.apply($0.run, knowsKeys: false) }
      .atMostOnce()
      .compensate { _, undo in try await bank.takeBack(undo) }
      .compensationRetry(.fixed(retries: 2, every: .milliseconds(2)))
    book("after", \.d)
  }
}

/// Stops where it fails, until somebody decides.
struct Held: CrashSaga {
  static let name = "held"
  let bank: Bank

  var failurePolicy: FailurePolicy { .suspend }

  var body: some Flow<CrashState> {
    book("first", \.a)
    book("doubtful", \.b).retry(.fixed(retries: 1, every: .milliseconds(1)))
    book("last", \.c)
  }
}

/// Waits for two words, in their order, unless it is refused.
struct Told: CrashSaga {
  static let name = "told"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("open", \.a)
    Sequential {
      WaitForEvent("first word", \.first, on: \.saga)
      WaitForEvent("second word", \.second, on: \.saga)
    }
    .failing(on: Refusal.self, \.saga, equals: \.toldID) { _ in Refusal.Refused() }
    book("use", \.b)
  }
}

/// Started by an event.
struct Summoned: CrashSaga {
  static let name = "summoned"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("open", \.a)
    book("close", \.b)
  }
}

/// Has something in its journal that must not be there behind its end.
struct Sealed: CrashSaga {
  static let name = "sealed"
  let bank: Bank

  var body: some Flow<CrashState> {
    Step("seal", \.secret) { context in
      _ = try await bank.apply(context.run)
      return Mix.secret(of: context.run.sagaID)
    }
    .redacted()
    .compensate { secret, undo in
      bank.compare(secret, undo.run)
      try await bank.takeBack(undo)
    }
    .compensateUnknown { try await bank.takeBack($0) }
    .compensationRetry(.fixed(retries: 2, every: .milliseconds(2)))
    Step("use", \.b) { context in
      bank.compare(try context.secret, context.run)
      return try await bank.apply(context.run)
    }
    .compensate { _, undo in try await bank.takeBack(undo) }
    .compensateUnknown { try await bank.takeBack($0) }
    .compensationRetry(.fixed(retries: 2, every: .milliseconds(2)))
    book("last", \.c)
  }

  /// An output is kept, with all that is in it.
  func output(_ s: Context<CrashState>) -> CrashState {
    var state = s.state
    state.secret = nil
    return state
  }
}

/// One of its undoes fails until somebody helps.
struct Knotted: CrashSaga {
  static let name = "knotted"
  let bank: Bank

  var body: some Flow<CrashState> {
    book("first", \.a)
    book("knot", \.b)
    book("second", \.c)
    book("fails", \.d)
  }
}
