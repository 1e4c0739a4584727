import SagasTesting

@testable import Sagas

/// A service outside that knows each request by its key: it applies a key once, however often it is asked, and can
/// take its time, refuse, or lose its answers. It keeps a book of what was asked of it and when.
final class Bank: Sendable {
  /// The answer was lost: it may or may not have been done.
  struct Lost: Error, Codable {}

  struct Account: Sendable {
    var value: Int?
    var isReverted = false
    /// A void came before anything was applied: the key is spent.
    var isFenced = false
    var bookings = 0
    var reverts = 0
    /// When a booking, a revert gave its answer to the step, for the first time.
    var answered: Timestamp?
    var undone: Timestamp?
    var seen: LedgerState?

    var isStanding: Bool { value != nil && !isReverted }
  }

  private struct Book: Sendable {
    var random: SeededRandom
    var accounts: [String: Account] = [:]
    var values = 100
    /// Whose answers were heard before the orchestrator that asked was gone.
    var kept: Set<String> = []
    /// From when on undoes may be asked to stop: the end of the grace of a shutdown.
    var stops: Timestamp?
    /// Processes with a lower number have crashed: their calls never come back.
    var process = 1
    var violations: [String] = []
  }

  let simulation: Simulation
  /// Whether what is decided is begun at once: a record that waits for its store leaves time for an answer to come.
  let isPrompt: Bool
  private let book: Lock<Book>
  private let grave = Gate()

  init(_ simulation: Simulation, isPrompt: Bool = true) {
    self.simulation = simulation
    self.isPrompt = isPrompt
    book = Lock(Book(random: SeededRandom(seed: simulation.seed &* 7 &+ 3)))
  }

  var accounts: [String: Account] { book.withLock { $0.accounts } }
  var violations: [String] { book.withLock { $0.violations } }

  private var now: Timestamp { simulation.clock.now }

  func draw(_ range: Range<Int>) -> Int { book.withLock { Int.random(in: range, using: &$0.random) } }

  /// The process that runs now is gone, with all its calls.
  func crash() { book.withLock { $0.process += 1 } }

  /// Lets calls of crashed processes come to their end, so that nothing stays behind.
  func buryTheDead() { grave.open() }

  /// Whoever asked until now has recorded every answer that came.
  func keepAnswers() {
    let now = now
    book.withLock { book in
      book.kept.formUnion(book.accounts.filter { $0.value.answered.map { $0 < now } ?? false }.keys)
    }
  }

  /// An orchestrator is shut down, and takes that long at most.
  func expectShutdown(within grace: Duration) {
    let end = now.advanced(by: grace)
    book.withLock { $0.stops = end }
  }

  func violation(_ what: String) { book.withLock { $0.violations.append(what) } }

  // MARK: Calls

  /// The action of a step.
  func apply(_ context: Context<LedgerState>, process: Int) async throws -> Int {
    let key = context.run.idempotencyKey
    let isKept = book.withLock { $0.kept.contains(key) }
    check(key) { account in
      if isKept { return "begun again behind an answer that was recorded" }
      if account.isFenced || account.isReverted { return "begun again behind its undo" }
      if isPrompt, process == 1, let answered = account.answered, answered < now {
        return "begun again behind its answer"
      }
      return nil
    }
    note(key) { $0.seen = context.state }
    try await pass(process)
    if draw(0..<6) == 0, accounts[key]?.value == nil { throw draw(0..<3) == 0 ? Refused() : Busy() }
    let value = try book.withLock { book in
      var account = book.accounts[key] ?? Account()
      if account.isFenced { throw Refused(why: "voided") }
      if account.value == nil {
        book.values += 1
        account.value = book.values
      }
      account.bookings += 1
      book.accounts[key] = account
      return account.value ?? 0
    }
    try await pass(process)
    if draw(0..<12) == 0 { throw draw(0..<2) == 0 ? Lost() : EffectUnknown(Lost()) }
    note(key) { $0.answered = $0.answered ?? now }
    return value
  }

  /// The undo of a step: `value` is what the action gave, `nil` when its effect is unknown.
  func revert(_ undo: Undo<LedgerState>, _ value: Int?, into slot: KeyPath<LedgerState, Int?>?, process: Int)
    async throws
  {
    let key = undo.idempotencyKey
    let limit = Duration.seconds(20)
    let began = now
    if Task.isCancelled, !isCrashed(process) {
      violation("\(key): undo begun in a task that was cancelled before")
    }
    if undo.run.idempotencyKey != "\(key)~undo" { violation("\(key): undo under \(undo.run.idempotencyKey)") }
    check(key) { account in
      if let value, account.value != value { return "undo gets \(value), not \(account.value ?? 0)" }
      if isPrompt, process == 1, let undone = account.undone, undone < now { return "undone again" }
      guard var expected = account.seen else { return value == nil ? nil : "undone, never begun" }
      if let slot = slot as? WritableKeyPath<LedgerState, Int?>, let value { expected[keyPath: slot] = value }
      return undo.state == expected ? nil : "undo sees \(undo.state), not \(expected)"
    }
    try await withTaskCancellationHandler {
      try await pass(process)
      if draw(0..<8) == 0 { throw Busy() }
      if draw(0..<30) == 0 { throw CompensationImpossible("closed") }
      note(key) { account in
        account.reverts += 1
        if account.value == nil { account.isFenced = true } else { account.isReverted = true }
      }
      try await pass(process)
      if draw(0..<8) == 0 { throw Lost() }
      note(key) { $0.undone = $0.undone ?? now }
    } onCancel: {
      let isLeaving = book.withLock { $0.stops.map { $0 <= now } ?? false }
      if process == 1, !isLeaving, began.duration(to: now) < limit, !isCrashed(1) {
        violation("\(key): undo asked to stop after \(began.duration(to: now))")
      }
    }
  }

  private func note(_ key: String, _ change: (inout Account) -> Void) {
    var account = accounts[key] ?? Account()
    change(&account)
    book.withLock { [account] in $0.accounts[key] = account }
  }

  private func check(_ key: String, _ fault: (Account) -> String?) {
    if let what = fault(accounts[key] ?? Account()) { violation("\(key): \(what)") }
  }

  private func isCrashed(_ process: Int) -> Bool { book.withLock { $0.process > process } }

  /// Time passes, at the will of the caller or against it. A call of a crashed process ends here.
  private func pass(_ process: Int) async throws {
    let length = Duration.milliseconds([0, 0, 0, 500, 1_000, 3_000, 25_000][draw(0..<7)])
    let isStubborn = draw(0..<4) == 0
    var stopped: (any Error)?
    if length > .zero {
      let until = now.advanced(by: length)
      if isStubborn {
        let clock = simulation.clock
        await simulation.runtime.spawn("stubborn") { try? await clock.sleep(until: until) }.value
      } else {
        do { try await simulation.clock.sleep(until: until) } catch { stopped = error }
      }
    }
    if isCrashed(process) {
      await simulation.runtime.spawn("dead") { [grave] in await grave.wait() }.value
      throw Lost()
    }
    if let stopped { throw stopped }
  }
}
