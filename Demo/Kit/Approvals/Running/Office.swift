import Sagas

/// The treasury and the orchestrator over it: the whole world of the approvals.
struct Office: Sendable {
  /// Longer than any file of reports and decisions goes on. Their ids, which keep what is handed in again from
  /// counting twice, hold for as long as their events are kept, also where no saga may want these any more: a decision
  /// about a report that has ended, say.
  private static let retention = Duration.hours(24 * 365)

  let requests: [ExpenseRequest]
  let policy: ApprovalPolicy
  let clock: any SagaClock
  let time: OfficeTime
  let treasury: Treasury
  let minutes: Minutes
  let sagas: SagaOrchestrator
  /// The reports that an earlier run has left under way.
  let takenUp: [String]

  /// Opens an office that behaves as its reports say: whatever is handed in starts its approval.
  ///
  /// It goes on with what an earlier one has left in the store. Throws ``DemoStoreError`` when it had other reports,
  /// `DefinitionError` when the approval is not a valid saga, and what the store throws.
  /// - Parameters:
  ///   - store: keeps the sagas.
  ///   - books: the treasury's, where they outlive the process.
  ///   - minutes: what earlier runs have published.
  init(
    requests: [ExpenseRequest], policy: ApprovalPolicy = ApprovalPolicy(), seed: UInt64 = 1,
    store: any SagaStore = InMemoryStore(retention: .all), books: TreasuryBooks? = nil,
    minutes: Minutes? = nil, runtime: Runtime
  ) async throws {
    self.requests = requests
    self.policy = policy
    self.minutes = try minutes ?? Minutes()
    clock = runtime.clock
    treasury = try Treasury(
      closedAccounts: Set(requests.filter(\.isAccountClosed).map(\.report.id)),
      latency: Latency(seed: seed, clock: runtime.clock), books: books)
    sagas = SagaOrchestrator(
      store: store,
      configuration: .init(settleGrace: policy.patience, eventRetention: Self.retention), runtime: runtime)
    try await sagas.register(ExpenseApproval(treasury: treasury, policy: policy))
    try await Self.refuseOthers(sagas, requests, self.minutes)
    time = OfficeTime(opening: try await self.minutes.open(at: runtime.clock.now))
    takenUp = try await sagas.recover().recovered
    try await sagas.start(ExpenseApproval.self, on: ExpenseSubmitted.self, id: { $0.report.id }) {
      ExpenseApproval.State(report: $0.report)
    }
  }

  /// Refuses a store with other sagas than those of these reports.
  private static func refuseOthers(
    _ sagas: SagaOrchestrator, _ requests: [ExpenseRequest], _ minutes: Minutes
  ) async throws {
    let mine = Set(requests.map(\.report.id))
    // One more than there may be is enough to meet one that is not among them.
    let limit = mine.count + 1
    let unfinished = SagaFilter(status: Set(SagaStatus.allCases.filter { !$0.isTerminal }))
    for report in try await sagas.list(unfinished, limit: limit) where !mine.contains(report.id) {
      throw DemoStoreError.othersReports(report.id)
    }
    for report in try await sagas.list(SagaFilter(name: ExpenseApproval.name), limit: limit) {
      if !mine.contains(report.id) { throw DemoStoreError.othersReports(report.id) }
      if await minutes.opening == nil { throw DemoStoreError.noMinutes }
    }
  }

  /// Lets happen what is on the agenda, each at its time, until the office closes.
  ///
  /// What an earlier run has published is published again, under its id: whoever publishes need not remember, as the
  /// bus does.
  func work(off agenda: Agenda, _ board: ReportBoard) async throws {
    for place in await minutes.unanswered {
      let report = try await publish(await minutes.dispatches[place].item)
      await board.show(try await minutes.answer(place, report))
    }
    var known = await minutes.earlierDispatches
    var refused = 0
    for (due, item) in agenda.items {
      let isKnown = known.take(item, due: due)
      if !isKnown, refused > 0 {
        await board.tell(again: refused)
        refused = 0
      }
      await wait(until: time.opening.advanced(by: due), board)
      guard await !board.isClosing, !Task.isCancelled else { return }
      if isKnown {
        let at = clock.now
        let report = try await publish(item)
        refused += 1
        // It had better be: if not, the audit says so.
        if report.isDuplicate { continue }
        await board.show(try await minutes.answer(try await minutes.send(item, due: due, at: at), report))
      } else {
        await board.show(try await hand(item, due: due))
      }
    }
    if refused > 0 { await board.tell(again: refused) }
  }

  /// Publishes something, and notes it.
  func hand(_ item: Agenda.Item, due: Duration? = nil) async throws -> Dispatch {
    let place = try await minutes.send(item, due: due, at: clock.now)
    return try await minutes.answer(place, try await publish(item))
  }

  private func publish(_ item: Agenda.Item) async throws -> PublishReport {
    switch item {
    case .submit(let report):
      try await sagas.events.publish(ExpenseSubmitted(report: report), id: item.eventID)
    case .decide(let decision): try await decision.publish(on: sagas.events)
    }
  }

  /// Shows what earlier runs have left.
  func showEarlier(on board: ReportBoard) async {
    for request in requests {
      guard await minutes.submission(of: request.report.id) != nil,
        let saga = try? await sagas.report(request.report.id)
      else { continue }
      if saga.status.isTerminal {
        await board.end(await result(of: request.report, board), isNews: false)
      } else {
        await board.show(saga)
      }
    }
  }

  /// Shows what the sagas do, and how they end, until its task is cancelled.
  func show(on board: ReportBoard) async {
    for await update in sagas.updates {
      if update.status.isTerminal, let request = requests.first(where: { $0.report.id == update.id }) {
        await board.end(await result(of: request.report, board))
      } else {
        await board.show(update)
      }
    }
  }

  /// Waits for every report that was handed in to be dealt with, and says how each one ended.
  func results(_ board: ReportBoard) async -> [ReportResult] {
    var results: [ReportResult] = []
    for request in requests {
      let result = await result(of: request.report, board)
      await board.end(result)
      results.append(result)
    }
    return results
  }

  /// Undoes every approval that is under way, and lets no new report in.
  func close(_ board: ReportBoard) async {
    await board.close()
    for request in requests where (try? await sagas.report(request.report.id))?.status.isSettled == false {
      try? await sagas.cancel(request.report.id)
    }
  }

  private func result(of report: ExpenseReport, _ board: ReportBoard) async -> ReportResult {
    guard let submission = await minutes.submission(of: report.id) else {
      return ReportResult(report, submittedAt: nil)
    }
    do {
      guard let run = try await run(of: report) else { return ReportResult(report, submittedAt: submission) }
      // Whoever closed the office may not have seen this one yet.
      if await board.isClosing { try? await run.cancel() }
      let status = await run.settled
      let failure = status.isTerminal ? await run.outcome.failure : nil
      return ReportResult(report, submittedAt: submission, saga: await run.report, failure: failure)
    } catch {
      return ReportResult(report, submittedAt: submission, error: error)
    }
  }

  /// The approval of a report that was handed in.
  private func run(of report: ExpenseReport) async throws -> SagaRun<ExpenseApproval>? {
    let patience = clock.now.advanced(by: policy.patience)
    while true {
      if let run = try await sagas.handle(ExpenseApproval.self, report.id) { return run }
      // On what an earlier run has handed in, and not come to starting a saga for, one is started beside this.
      guard minutes.earlier > 0, clock.now < patience else { return nil }
      try await clock.sleep(until: clock.now.advanced(by: .minutes(1)))
    }
  }

  /// Waits until it is time, or the office closes.
  private func wait(until time: Timestamp, _ board: ReportBoard) async {
    while await !board.isClosing, !Task.isCancelled, clock.now < time {
      try? await clock.sleep(until: min(time, clock.now.advanced(by: .hours(1))))
    }
  }
}
