import Sagas

/// The treasury and the orchestrator over it: the whole world of the approvals, in memory.
struct Office: Sendable {
  let requests: [ExpenseRequest]
  let policy: ApprovalPolicy
  let clock: any SagaClock
  let time: OfficeTime
  let treasury: Treasury
  let minutes = Minutes()
  let sagas: SagaOrchestrator

  /// Opens an office that behaves as its reports say: whatever is handed in starts its approval.
  ///
  /// Throws `DefinitionError` when the approval is not a valid saga, and what the store throws.
  init(
    requests: [ExpenseRequest], policy: ApprovalPolicy = ApprovalPolicy(), seed: UInt64 = 1,
    store: any SagaStore = InMemoryStore(retention: .all), runtime: Runtime
  ) async throws {
    self.requests = requests
    self.policy = policy
    clock = runtime.clock
    time = OfficeTime(opening: runtime.clock.now)
    treasury = Treasury(
      closedAccounts: Set(requests.filter(\.isAccountClosed).map(\.report.id)),
      latency: Latency(seed: seed, clock: runtime.clock))
    sagas = SagaOrchestrator(
      store: store,
      configuration: .init(settleGrace: policy.patience, eventRetention: .hours(24 * 365)), runtime: runtime)
    try await sagas.register(ExpenseApproval(treasury: treasury, policy: policy))
    try await sagas.start(ExpenseApproval.self, on: ExpenseSubmitted.self, id: { $0.report.id }) {
      ExpenseApproval.State(report: $0.report)
    }
  }

  /// Lets happen what is on the agenda, each at its time, until the office closes.
  func work(off agenda: Agenda, _ board: ReportBoard) async throws {
    for (at, item) in agenda.items {
      await wait(until: time.opening.advanced(by: at), board)
      guard await !board.isClosing else { return }
      switch item {
      case .submit(let report): await board.show(try await submit(report))
      case .decide(let decision): await board.show(try await decide(decision))
      }
    }
  }

  /// Hands in a report.
  @discardableResult
  func submit(_ report: ExpenseReport) async throws -> SubmissionNote {
    let at = clock.now
    let published = try await sagas.events.publish(
      ExpenseSubmitted(report: report), id: "submission of \(report.id)")
    let note = SubmissionNote(reportID: report.id, at: at, isDuplicate: published.isDuplicate)
    await minutes.add(note)
    return note
  }

  /// Sends a decision.
  @discardableResult
  func decide(_ decision: Decision) async throws -> DecisionNote {
    let at = clock.now
    let published = try await decision.publish(on: sagas.events)
    let note = DecisionNote(
      decision: decision, at: at, deliveredTo: published.deliveredTo, isDuplicate: published.isDuplicate)
    await minutes.add(note)
    return note
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
    guard let submission = await minutes.submissions.first(where: { $0.reportID == report.id }) else {
      return ReportResult(report, submittedAt: nil)
    }
    do {
      guard let run = try await sagas.handle(ExpenseApproval.self, report.id) else {
        return ReportResult(report, submittedAt: submission.at)
      }
      // Whoever closed the office may not have seen this one yet.
      if await board.isClosing { try? await run.cancel() }
      let status = await run.settled
      let failure = status.isTerminal ? await run.outcome.failure : nil
      return ReportResult(report, submittedAt: submission.at, saga: await run.report, failure: failure)
    } catch {
      return ReportResult(report, submittedAt: submission.at, error: error)
    }
  }

  /// Waits until it is time, or the office closes.
  private func wait(until time: Timestamp, _ board: ReportBoard) async {
    while await !board.isClosing, !Task.isCancelled, clock.now < time {
      try? await clock.sleep(until: min(time, clock.now.advanced(by: .hours(1))))
    }
  }
}
