import SagasTesting
import Testing

@testable import Sagas

/// Whole sagas over a bank that refuses, stalls and loses answers, with cancels and crashes at any moment: in the
/// end the bank's books, the outcome and the report say the same.
@Suite("Ledger")
struct LedgerTests {
  enum Kept: CaseIterable {
    case images, log, flaky
  }

  #if TSAN
  // One thread, many times slower: there is little to find.
  private static let seeds: UInt64 = 20
  #else
  private static let seeds: UInt64 = 250
  #endif

  private func store(_ kept: Kept, _ simulation: Simulation) -> any SagaStore {
    switch kept {
    case .images: InMemoryStore()
    case .log: InMemoryStore(encoding: true)
    case .flaky: FlakyStore(simulation, failures: 10)
    }
  }

  @Test(arguments: Kept.allCases)
  func nested(_ kept: Kept) throws { try reconcile(NestedLedger.self, kept) }

  @Test(arguments: Kept.allCases)
  func tolerant(_ kept: Kept) throws { try reconcile(TolerantLedger.self, kept) }

  @Test(arguments: Kept.allCases)
  func blind(_ kept: Kept) throws { try reconcile(BlindLedger.self, kept) }

  @Test(arguments: Kept.allCases)
  func stubborn(_ kept: Kept) throws { try reconcile(StubbornLedger.self, kept) }

  /// Behind the pivot a saga is stuck where it fails, and somebody tries again, skips or abandons until it ends.
  @Test(arguments: Kept.allCases)
  func pivot(_ kept: Kept) throws {
    let seen = EventLog()
    try underSchedules(Self.seeds) { simulation in
      let bank = Bank(simulation, isPrompt: kept != .flaky)
      let image = try await run(PivotLedger.self, kept, simulation, bank, seen)
      try check(image, bank)
      let isPast = image.machine.isPastPivot
      if isPast {
        try #require(bank.accounts.values.allSatisfy { $0.reverts == 0 }, "undone behind the pivot")
        try #require(image.report().compensatedSteps.isEmpty)
        try #require([.completed, .failed].contains(image.status), "\(image.summary)")
      }
      seen.append("\(image.status.rawValue) \(isPast ? "behind" : "before")")
    }
    let expected: Set = [
      "completed behind", "failed behind", "compensated before", "cancel refused", "retry", "skip", "abandon",
    ]
    #if !TSAN  // too few schedules to meet all of it
    try #require(Set(seen.entries).isSuperset(of: expected), "\(Set(seen.entries))")
    #else
    try #require(!expected.isDisjoint(with: seen.entries))
    #endif
  }

  /// The same seed does the same: what happened, and when.
  @Test func theSameSeed_givesTheSameBooks() throws {
    for seed in UInt64(0)..<5 {
      let books = EventLog()
      for _ in 0..<2 {
        try simulate(seeds: [seed]) { simulation in
          let bank = Bank(simulation)
          let image = try await run(NestedLedger.self, .log, simulation, bank)
          let accounts = bank.accounts.sorted { $0.key < $1.key }.map { "\($0)" }
          books.append(([image.summary] + accounts).joined(separator: "\n"))
        }
      }
      #expect(books.entries[0] == books.entries[1])
    }
  }

  private func reconcile<S: LedgerSaga>(_ type: S.Type, _ kept: Kept) throws {
    let seen = EventLog()
    try underSchedules(Self.seeds) { simulation in
      let bank = Bank(simulation, isPrompt: kept != .flaky)
      let image = try await run(type, kept, simulation, bank)
      try check(image, bank)
      seen.append(image.status.rawValue)
    }
    // The sweep is worth something only where sagas end in more than one way.
    #expect(Set(seen.entries).count > 1)
  }

  /// Sagas of all kinds whose orchestrators are shut down at any moment, with any grace, one after the other.
  @Test(arguments: Kept.allCases)
  func shutDown(_ kept: Kept) throws {
    let seen = EventLog()
    try underSchedules(Self.seeds) { simulation in
      let bank = Bank(simulation, isPrompt: false)
      let images = try await runThroughShutdowns(kept, simulation, bank)
      for image in images {
        try check(image, bank)
        seen.append(image.status.rawValue)
      }
    }
    #expect(Set(seen.entries).isSuperset(of: ["completed", "compensated"]))
  }

  /// Without time limits of steps, nothing that gave its answer before the shutdown was over is asked again.
  @Test(arguments: [Kept.images, .log])
  func shutDown_keepsEveryAnswer(_ kept: Kept) throws {
    try underSchedules(Self.seeds) { simulation in
      let bank = Bank(simulation, isPrompt: false)
      let image = try await runThroughShutdowns(kept, simulation, bank, only: NestedLedger.self)[0]
      try check(image, bank)
    }
  }

  private func runThroughShutdowns(
    _ kept: Kept, _ simulation: Simulation, _ bank: Bank, only strict: NestedLedger.Type? = nil
  ) async throws -> [SagaImage] {
    let store = store(kept, simulation)
    let limit = [nil, 1, 2][bank.draw(0..<3)]
    let shutdowns = bank.draw(1..<4)
    var ids: [String] = []
    var bench = Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: limit))
    for process in 1...shutdowns + 1 {
      if process > 1 {
        bench = Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: limit))
      }
      try await register(bench, bank, process)
      let recovered = try await bench.sagas.recover()
      try #require(recovered.parked.isEmpty)
      if process == 1 { ids = try await startAll(bench, only: strict != nil) }
      guard process <= shutdowns else { break }
      try await bench.sleep(.milliseconds(250 * bank.draw(0..<24)))
      if let id = ids.first, bank.draw(0..<6) == 0 { try await bench.sagas.cancel(id) }
      let grace = Duration.milliseconds([0, 500, 2_000, 40_000][bank.draw(0..<4)])
      bank.expectShutdown(within: grace)
      await bench.sagas.shutdown(grace: grace)
      try #require(bench.sagas.liveCount == 0, "a saga stays behind")
      try #require(bench.sagas.supervisor.sagasWithDeadline == 0, "a deadline stays behind")
      if strict != nil { bank.keepAnswers() }
      bank.crash()  // the process ends
      if bank.draw(0..<2) == 0 { try await bench.sleep(.milliseconds(250 * bank.draw(0..<24))) }
    }
    var images: [SagaImage] = []
    for id in ids {
      let handle = try #require(try await bench.sagas.handle(id))
      _ = await handle.settled
    }
    try await bench.sleep(.hours(2))
    for id in ids {
      let image = try await #require(bench.sagas.handle(id)).core.image()
      try #require(image.status.isTerminal || image.status == .stuck, "\(image.summary)")
      if kept != .images {
        let replayed = try await bench.replayed(id)
        try #require(replayed.summary == image.summary, "\(replayed.summary)\n\n\(image.summary)")
      }
      images.append(image)
    }
    bank.buryTheDead()
    return images
  }

  private func register(_ bench: Workbench, _ bank: Bank, _ process: Int) async throws {
    try await bench.sagas.register(NestedLedger(bank: bank, process: process))
    try await bench.sagas.register(TolerantLedger(bank: bank, process: process))
    try await bench.sagas.register(BlindLedger(bank: bank, process: process))
    try await bench.sagas.register(StubbornLedger(bank: bank, process: process))
  }

  /// One saga of each kind; those that the store did not take are not there.
  private func startAll(_ bench: Workbench, only strict: Bool) async throws -> [String] {
    var ids: [String] = []
    let others = ["TolerantLedger", "BlindLedger", "StubbornLedger"]
    for name in ["NestedLedger"] + (strict ? [] : others) {
      let input = "{\"input\": \(bench.simulation.seed % 4)}"
      while true {
        do {
          let run = try await bench.sagas.start(named: name, json: input, id: name)
          ids.append(run.id)
          break
        } catch let error as SagaError where error.code == .storeFailed {}
      }
    }
    return ids
  }

  /// One saga from its start to where nothing moves any more.
  private func run<S: LedgerSaga>(
    _ type: S.Type, _ kept: Kept, _ simulation: Simulation, _ bank: Bank, _ seen: EventLog = EventLog()
  ) async throws -> SagaImage {
    let store = store(kept, simulation)
    var process = 1
    var bench = Workbench(simulation, store: store)
    try await bench.sagas.register(S(bank: bank, process: process))
    let input = LedgerState(input: Int(simulation.seed % 4), f: simulation.seed % 3 == 0 ? 6 : nil)
    let run: SagaRun<S>
    do {
      run = try await bench.sagas.start(S.self, input, id: "s")
    } catch {
      // Not recorded, so not there; the second time it may be.
      try #require((error as? SagaError)?.code == .storeFailed && bank.accounts.isEmpty)
      return try await self.run(type, .log, simulation, bank, seen)
    }
    var updates = run.updates.makeAsyncIterator()

    let crashes = bank.draw(0..<3)
    let cancelsBefore = bank.draw(0..<crashes + 1)
    for turn in 0...crashes {
      if bank.draw(0..<3) == 0, turn == cancelsBefore {
        try await bench.sleep(.milliseconds(500 * bank.draw(0..<20)))
        do {
          try await bench.sagas.cancel("s")
        } catch let error as SagaError where error.code == .pastPivot {
          seen.append("cancel refused")
          if bank.draw(0..<3) == 0 { try await bench.sagas.cancel("s", compensating: false) }
        }
      }
      if turn == crashes { break }
      try await bench.sleep(.milliseconds(500 * bank.draw(0..<20)))
      bank.crash()
      process += 1
      bench = Workbench(simulation, store: store)
      try await bench.sagas.register(S(bank: bank, process: process))
      let recovered = try await bench.sagas.recover()
      try #require(recovered.parked.isEmpty)
    }

    let handle = try #require(try await bench.sagas.handle(S.self, "s"))
    let settled = await handle.settled
    if settled == .stuck { try await decideBehindPivot(handle, bank, seen) }
    try await bench.sleep(.hours(2))
    // Anew: one that ended in an earlier process may have learnt something since.
    let image = try await #require(bench.sagas.handle(S.self, "s")).core.image()
    try #require(settled.isSettled && image.status != .parked)
    try #require(settled == image.status || settled == .stuck)
    try #require(bench.sagas.liveCount == (image.status == .stuck ? 1 : 0))
    try #require(bench.sagas.supervisor.sagasWithDeadline == 0, "a deadline stays behind")
    if kept != .images {
      let replayed = try await bench.replayed("s")
      try #require(replayed.machine == image.machine)
      try #require(replayed.summary == image.summary, "\(replayed.summary)\n\n\(image.summary)")
    }
    if crashes == 0 {
      var last: SagaStatus?
      while image.status.isTerminal, let update = await updates.next() { last = update.status }
      if image.status.isTerminal { try #require(last == image.status) }
    }
    bank.buryTheDead()
    return image
  }

  /// Ends a saga that failed behind its pivot, one way or the other.
  private func decideBehindPivot<S: LedgerSaga>(
    _ handle: SagaRun<S>, _ bank: Bank, _ seen: EventLog
  ) async throws {
    var decisions = 0
    while true {
      let machine = await handle.core.image().machine
      guard machine.isStuckBehindPivot, let failed = machine.firstFailure else { return }
      try #require(await handle.status == .stuck)
      decisions += 1
      switch decisions > 20 ? 0 : bank.draw(0..<8) {
      case 0:
        seen.append("abandon")
        try await handle.abandon()
      case 1, 2:
        seen.append("skip")
        try await handle.skip(step: machine.plan.name(of: failed))
      default:
        seen.append("retry")
        try await handle.retry()
      }
      _ = await handle.settled
    }
  }

  private func check(_ image: SagaImage, _ bank: Bank) throws {
    try #require(bank.violations.isEmpty, "\(bank.violations)\n\(image.summary)")
    let report = image.report()
    let accounts = bank.accounts
    let unresolved = Set(report.unresolved.map(\.step))
    let keys = accounts.keys.filter { $0.hasPrefix("\(report.id)/") }
    try #require(
      Set(keys).isSubset(of: Set(report.steps.map { "\(report.id)/\($0.name)" })), "\(accounts.keys)")
    try #require(Set(report.compensatedSteps).count == report.compensatedSteps.count)
    var state = report.input?.value(as: LedgerState.self)
    for (node, step) in zip(image.steps, report.steps) {
      let account = accounts["\(report.id)/\(step.name)"] ?? Bank.Account()
      let place = "\(step.name): \(account)\n\(image.summary)"
      let isDone = report.status == .completed && step.status == .completed
      switch step.effect {
      case .completed(let value):
        try #require(value.value(as: Int.self) == account.value, "\(place)")
        if report.status == .completed { try #require(account.isStanding, "\(place)") }
      case .failed, nil: try #require(!account.isStanding, "\(place)")
      case .unknown: break
      }
      if report.compensatedSteps.contains(step.name) {
        try #require(!account.isStanding && (account.isReverted || account.isFenced), "\(place)")
        try #require(step.status == .compensated || unresolved.contains(step.name), "\(place)")
      }
      if account.isStanding, !isDone, !unresolved.contains(step.name) {
        // Tolerated, but known to be there.
        guard report.status == .completed, case .completed = step.effect else { throw Refused(why: place) }
      }
      if report.status == .completed { try #require(account.reverts == 0, "\(place)") }
      if step.status == .completed, let slot = image.program[node].step?.value.slot, let value = account.value
      {
        let box = state.map { StateBox($0) }
        box.map { slot.write($0, value) }
        state = box?.value
      }
    }
    if report.status == .completed {
      try #require(report.output?.value(as: LedgerState.self) == state)
    }
  }
}
