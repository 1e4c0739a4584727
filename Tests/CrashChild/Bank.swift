import Sagas
import SagasTesting

/// The services of all steps: they know each request by its key, apply it once however often they are asked, and keep
/// what they did in the ledger, where the next process finds it.
final class Bank: Sendable {
  struct Refused: Error, Codable {}
  struct Lost: Error, Codable {}

  private struct Account: Sendable {
    var isApplied = false
    /// Taken back, or closed before anything was applied.
    var isClosed = false
  }

  private struct Books: Sendable {
    var accounts: [String: Account] = [:]
    /// Sagas the operator has dealt with.
    var operated: Set<String> = []
    /// Calls in flight, by saga.
    var calls: [String: Int] = [:]
  }

  let ledger: Ledger
  let mix: Mix
  /// How many sagas may have a call of an action in flight.
  let limit: Int
  /// Nothing is done before it opens.
  private let gate: Gate
  private let clock = SystemClock()
  private let books: Lock<Books>

  init(_ ledger: Ledger, past lines: [LedgerLine], _ mix: Mix, limit: Int, gate: Gate) {
    self.ledger = ledger
    self.mix = mix
    self.limit = limit
    self.gate = gate
    var books = Books()
    for line in lines {
      switch line.kind {
      case .apply: books.accounts[line.key, default: Account()].isApplied = true
      case .void, .fence: books.accounts[line.key, default: Account()].isClosed = true
      case .operated: books.operated.insert(line.saga)
      case .process, .started, .published, .cancel, .recovered, .wornOut, .abandon, .rescued, .ended, .ask,
        .askBack,
        .violation:
        break
      }
    }
    self.books = Lock(books)
  }

  /// The operator deals with a saga: from now on its services work.
  func operate(on saga: String) {
    books.withLock { books in
      ledger.write(LedgerLine(kind: .operated, saga: saga))
      _ = books.operated.insert(saga)
    }
  }

  /// The action of a step.
  /// - Parameter knowsKeys: whether asking twice does it once.
  func apply(_ run: StepRun, knowsKeys: Bool = true) async throws -> Int {
    let (saga, step) = (run.sagaID, run.step)
    enter(saga)
    defer { books.withLock { $0.calls[saga, default: 0] -= 1 } }
    guard await gate.wait() else { throw CancellationError() }
    if run.idempotencyKey != "\(saga)/\(step)" { violation(run, "action under \(run.idempotencyKey)") }
    ledger.write(LedgerLine(kind: .ask, saga: saga, step: step, detail: "\(run.attempt)"))
    try await pass(run, "in")
    let isRepaired = books.withLock { $0.operated.contains(saga) }
    let fate = mix.fate(of: saga, step, attempt: run.attempt, isRepaired: isRepaired)
    if case .refuses = fate { throw Refused() }
    try books.withLock { books in
      var account = books.accounts[run.idempotencyKey] ?? Account()
      if account.isClosed { throw Refused() }
      if account.isApplied && knowsKeys { return }
      ledger.write(LedgerLine(kind: .apply, saga: saga, step: step))
      account.isApplied = true
      books.accounts[run.idempotencyKey] = account
    }
    try await pass(run, "out")
    if case .loses = fate { throw EffectUnknown(Lost()) }
    return mix.draw(saga, step, "value", 0..<1_000)
  }

  /// The undo of a step.
  func takeBack(_ undo: Undo<CrashState>) async throws {
    let (run, key) = (undo.run, undo.idempotencyKey)
    let (saga, step) = (run.sagaID, run.step)
    guard await gate.wait() else { throw CancellationError() }
    if key != "\(saga)/\(step)" || run.idempotencyKey != "\(key)~undo" {
      violation(run, "undo of \(key) under \(run.idempotencyKey)")
    }
    ledger.write(LedgerLine(kind: .askBack, saga: saga, step: step, detail: "\(run.attempt)"))
    try await pass(run, "back in")
    let isRepaired = books.withLock { $0.operated.contains(saga) }
    switch mix.undoFate(of: saga, step, attempt: run.attempt, isRepaired: isRepaired) {
    case .refuses, .loses: throw Refused()
    case .impossible: throw CompensationImpossible("for ever")
    case .works: break
    }
    books.withLock { books in
      var account = books.accounts[key] ?? Account()
      if account.isClosed { return }
      ledger.write(LedgerLine(kind: account.isApplied ? .void : .fence, saga: saga, step: step))
      account.isClosed = true
      books.accounts[key] = account
    }
    try await pass(run, "back out")
  }

  /// What a step has been given back has to be what it was.
  func compare(_ secret: String, _ run: StepRun) {
    if secret != Mix.secret(of: run.sagaID) { violation(run, "was given another secret") }
  }

  private func enter(_ saga: String) {
    let busy = books.withLock { books in
      books.calls[saga, default: 0] += 1
      return books.calls.count { $0.value > 0 }
    }
    if busy > limit {
      ledger.write(
        LedgerLine(kind: .violation, saga: saga, detail: "\(busy) sagas at once, limit \(limit)"))
    }
  }

  private func violation(_ run: StepRun, _ what: String) {
    ledger.write(LedgerLine(kind: .violation, saga: run.sagaID, step: run.step, detail: what))
  }

  /// Takes a moment, which a kill may come in.
  private func pass(_ run: StepRun, _ where: String) async throws {
    let length = mix.draw(run.sagaID, run.step, "\(`where`) \(run.attempt)", 0..<4)
    try await clock.sleep(until: clock.now.advanced(by: .milliseconds(length)))
  }
}
