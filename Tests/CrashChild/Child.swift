#if canImport(SQLite3) || canImport(CSQLite)
import Foundation
import Sagas
import SagasSQLite
import SagasTesting

/// One process: recovers what the last one left, starts what is missing, and sees all sagas to their end.
struct Child: Sendable {
  static let limit = 6

  let directory: String
  let mix: Mix
  /// Whether the first command after the recovery is a cancel.
  let cancels: Bool
  let point: CrashPoint?

  var ledgerPath: String { directory + "/ledger" }
  var storePath: String { directory + "/sagas.db" }
  var auditPath: String { directory + "/audit.json" }

  init(directory: String, mix: Mix, cancels: Bool = false, point: CrashPoint? = nil) {
    self.directory = directory
    self.mix = mix
    self.cancels = cancels
    self.point = point
  }

  /// From the arguments: the directory, the seed, how many sagas, and `cancel` or nothing.
  init?(_ arguments: [String], _ environment: [String: String]) {
    guard arguments.count >= 3, let seed = UInt64(arguments[1]), let count = Int(arguments[2]) else {
      return nil
    }
    self.init(
      directory: arguments[0], mix: Mix(seed: seed, count: count), cancels: arguments.contains("cancel"),
      point: environment["SAGAS_CRASH_AT"].flatMap(CrashPoint.init))
  }

  func run() async throws {
    let ledger = try Ledger(ledgerPath)
    let past = try Ledger.read(ledgerPath)
    let process = past.count { $0.kind == .process } + 1
    ledger.write(LedgerLine(kind: .process, detail: "\(process)"))
    let gate = Gate()
    let bank = Bank(ledger, past: past, mix, limit: Self.limit, gate: gate)
    // A kill takes the process, not what the system has: nothing has to wait for the disk.
    let store = try SQLiteStore(path: storePath, durability: .normal, faults: StoreFaults(point))
    Pulse.beat()
    let sagas = SagaOrchestrator(
      store: store, configuration: .init(maxConcurrentSagas: Self.limit, recoveries: mix.recoveryLimit))
    try await sagas.register(Chain(bank: bank))
    try await sagas.register(Fork(bank: bank))
    try await sagas.register(Once(bank: bank))
    try await sagas.register(Held(bank: bank))
    try await sagas.register(Knotted(bank: bank))
    try await sagas.register(Told(bank: bank))
    try await sagas.register(Summoned(bank: bank))
    try await sagas.register(Sealed(bank: bank))
    let parked = try await sagas.recover().parked
    ledger.write(LedgerLine(kind: .recovered, detail: "\(process)"))
    for (id, error) in parked {
      guard error.code == .tooManyRecoveries, mix.recoveryLimit != nil else {
        ledger.write(LedgerLine(kind: .violation, saga: id, detail: "parked: \(error.code)"))
        continue
      }
      ledger.write(LedgerLine(kind: .wornOut, saga: id))
      await rescue(id, sagas, ledger, process)
    }
    Pulse.beat()
    if cancels { await cancelSome(sagas, ledger, process) }
    try await sagas.start(Summoned.self, on: Summons.self, id: { $0.saga }) { CrashState(index: $0.index) }
    gate.open()
    let known = Set(past.filter { $0.kind == .started }.map(\.saga))
    // What one process has published, the next ones rely on.
    let published = Set(past.filter { $0.kind == .published }.map(\.detail))
    for (index, id) in mix.ids.enumerated() {
      try await start(id, index, sagas, ledger, published)
      if !known.contains(id), mix.kind(index) != .summoned {
        ledger.write(LedgerLine(kind: .started, saga: id))
      }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in mix.ids where Mix.kind(of: id) == .told {
        group.addTask { try await tell(id, sagas, ledger, published) }
      }
      try await group.waitForAll()
    }
    var audit = Audit()
    for id in mix.ids {
      guard let run = try await handle(id, sagas) else {
        ledger.write(LedgerLine(kind: .violation, saga: id, detail: "started, and not there"))
        continue
      }
      let status = await end(run, bank)
      if status.isTerminal { ledger.write(LedgerLine(kind: .ended, saga: id, detail: status.rawValue)) }
      audit.entries.append(Audit.Entry(await run.report))
    }
    await store.close()
    try JSONEncoder().encode(audit).write(to: URL(fileURLWithPath: auditPath))
  }

  private func start(
    _ id: String, _ index: Int, _ sagas: SagaOrchestrator, _ ledger: Ledger, _ published: Set<String>
  ) async throws {
    let state = CrashState(index: index)
    switch mix.kind(index) {
    case .chain: _ = try await sagas.start(Chain.self, state, id: id, onExisting: .join)
    case .fork: _ = try await sagas.start(Fork.self, state, id: id, onExisting: .join)
    case .once: _ = try await sagas.start(Once.self, state, id: id, onExisting: .join)
    case .held: _ = try await sagas.start(Held.self, state, id: id, onExisting: .join)
    case .knotted: _ = try await sagas.start(Knotted.self, state, id: id, onExisting: .join)
    case .sealed: _ = try await sagas.start(Sealed.self, state, id: id, onExisting: .join)
    case .told: _ = try await sagas.start(Told.self, state, id: id, onExisting: .join)
    case .summoned:
      try await publish(Summons(saga: id, index: index), "\(id) summons", to: id, sagas, ledger, published)
    }
  }

  /// Publishes what a saga waits for.
  private func tell(
    _ id: String, _ sagas: SagaOrchestrator, _ ledger: Ledger, _ published: Set<String>
  ) async throws {
    let (first, second) = (Word(saga: id, number: 1), Word(saga: id, number: 2))
    try await publish(first, first.id, to: id, sagas, ledger, published)
    if mix.isRefused(id) {
      try await publish(Refusal(saga: id), "\(id) refusal", to: id, sagas, ledger, published)
    } else {
      try await publish(second, second.id, to: id, sagas, ledger, published)
    }
  }

  private func publish(
    _ event: some SagaEvent, _ eventID: String, to id: String, _ sagas: SagaOrchestrator, _ ledger: Ledger,
    _ published: Set<String>
  ) async throws {
    guard !published.contains(eventID) else { return }
    _ = try await sagas.events.publish(event, id: eventID)
    ledger.write(LedgerLine(kind: .published, saga: id, detail: eventID))
  }

  /// The handle of a saga; one that is started on an event may take a moment.
  private func handle(_ id: String, _ sagas: SagaOrchestrator) async throws -> AnySagaRun? {
    let clock = SystemClock()
    for _ in 0..<5_000 {
      if let run = try await sagas.handle(id) { return run }
      guard Mix.kind(of: id) == .summoned else { return nil }
      try await clock.sleep(until: clock.now.advanced(by: .milliseconds(1)))
    }
    return nil
  }

  /// The operator's ways out for a saga that was recovered too often.
  private func rescue(_ id: String, _ sagas: SagaOrchestrator, _ ledger: Ledger, _ process: Int) async {
    var rescue = mix.rescue(of: id, in: process)
    do {
      switch rescue {
      case .recover: try await sagas.recover(id)
      case .cancel:
        ledger.write(LedgerLine(kind: .cancel, saga: id))
        do {
          try await sagas.cancel(id)
        } catch let error as SagaError where error.code == .tooManyRecoveries {
          // It is being undone already, and nobody can cancel that.
          rescue = .recover
          try await sagas.recover(id)
        }
      case .abandon:
        ledger.write(LedgerLine(kind: .abandon, saga: id))
        try await sagas.abandon(id)
      }
      ledger.write(LedgerLine(kind: .rescued, saga: id, detail: rescue.rawValue))
    } catch {
      ledger.write(LedgerLine(kind: .violation, saga: id, detail: "\(rescue): \(error)"))
    }
  }

  /// Before any service does anything in this process.
  private func cancelSome(_ sagas: SagaOrchestrator, _ ledger: Ledger, _ process: Int) async {
    for id in mix.ids where mix.isCancelled(id, by: process) {
      guard let run = try? await sagas.handle(id), await !run.status.isTerminal else { continue }
      ledger.write(LedgerLine(kind: .cancel, saga: id))
      do {
        try await run.cancel()
      } catch {
        ledger.write(LedgerLine(kind: .violation, saga: id, detail: "cancel: \(error)"))
      }
    }
  }

  /// Waits until a saga has ended, or stands as it shall; the operator does about it what is drawn.
  private func end(_ run: AnySagaRun, _ bank: Bank) async -> SagaStatus {
    for _ in 0..<10 {
      let status = await run.settled
      let decision = mix.decision(about: run.id)
      if status.isTerminal || status == .stuck && decision == .leave { return status }
      bank.operate(on: run.id)
      do {
        switch (status, decision) {
        case (.suspended, .resume): try await run.resume()
        case (.suspended, .compensate): try await run.compensate()
        case (_, .abandon): try await run.abandon()
        case (.stuck, .skipCompensation): try await run.skipCompensation(step: "knot")
        case (.stuck, _): try await run.retryCompensation()
        default: try await run.cancel()
        }
      } catch {
        bank.ledger.write(
          LedgerLine(kind: .violation, saga: run.id, detail: "\(decision) when \(status): \(error)"))
      }
    }
    bank.ledger.write(LedgerLine(kind: .violation, saga: run.id, detail: "does not end"))
    return await run.status
  }
}
#endif
