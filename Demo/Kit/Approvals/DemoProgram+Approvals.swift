import Sagas

extension DemoProgram {
  /// What ends while the approvals run.
  private enum Part: Sendable {
    case results([ReportResult])
    case typing(hasQuit: Bool)
    case watching
  }

  /// Has expense reports approved.
  func approve(_ options: ApprovalsOptions) async throws -> ExitCode {
    let requests = try ExpenseFiles.reports(options.reports)
    // Decisions that come with the demo are about the reports that do.
    let isBundled = options.reports == nil && !options.isInteractive
    let decisions =
      options.decisions != nil || isBundled ? try ExpenseFiles.decisions(options.decisions) : []
    if options.store == .temporary, !DemoStore.isDurable { errors.write("\(DemoStore.advice)\n") }
    let store = try DemoStore(options.store)
    do {
      return try await approve(requests, decisions, options, store)
    } catch {
      await store.close()
      throw error
    }
  }

  /// Goes on with what is in a store, and closes it.
  private func approve(
    _ requests: [ExpenseRequest], _ decisions: [TimedDecision], _ options: ApprovalsOptions,
    _ store: DemoStore
  ) async throws -> ExitCode {
    let agenda = Agenda(requests, decisions)
    let book: Books<MinutesLine>? = try store.books()
    let minutes = try Minutes(book)
    try await minutes.check(requests, decisions)
    let isLater = await minutes.opening != nil
    // Where there is nothing left to do, no time passes.
    let isOver = isLater ? try await hasEnded(agenda, minutes, store) : false
    let promise: @Sendable (Timestamp) -> Void = { _ = book?.append(.time(atMost: $0)) }
    var runtime = self.runtime
    let clock = HourClock(
      over: runtime.clock, start: minutes.lastTime, speed: options.effectiveSpeed,
      promise: isOver ? nil : promise)
    runtime.clock = clock
    let wall = ContinuousClock()
    let begin = wall.now
    let office = try await Office(
      requests: requests, store: store.sagas, books: store.books(), minutes: minutes,
      runtime: runtime)

    output.write(intro(office.policy, speed: options.effectiveSpeed, options.isInteractive))
    if isLater {
      output.write(isOver ? "All of it has ended in an earlier run.\n" : goingOn(office, at: clock.now))
    }
    Interrupts.install()
    let results = try await run(office, agenda, options, clock)
    Interrupts.remove()

    let ledger = await office.treasury.ledger
    let submissions = await minutes.submissions
    let audit = ApprovalAudit(
      ledger: ledger, results: results, submissions: submissions, decisions: await minutes.decisions,
      limit: office.policy.limit)
    let summary = ApprovalSummary(
      results: results, submissions: submissions, audit: audit, time: office.time, policy: office.policy,
      style: style)
    // A later run says the same.
    let ends: [Timestamp] = await minutes.dispatches.map(\.at) + results.compactMap(\.endedAt)
    let isWhole = results.allSatisfy { $0.status?.isTerminal != false }
    let end = isWhole ? ends.max() ?? clock.now : clock.now
    // What still looks at the clock would note the time.
    await office.sagas.shutdown()
    await store.close()
    let lines = summary.lines(at: end, elapsed: isLater ? nil : wall.now - begin)
    output.write("\n" + lines.joined(separator: "\n") + "\n")
    if case .file(let path) = options.store {
      output.write("\nThe sagas are in \(path): swift run Demo inspect \(path)\n")
    }
    guard audit.isBalanced else { return .notReconciled }
    return Interrupts.isPressed ? .interrupted : .success
  }

  /// Whether earlier runs have done all there is to do.
  private func hasEnded(_ agenda: Agenda, _ minutes: Minutes, _ store: DemoStore) async throws -> Bool {
    guard await minutes.covers(agenda) else { return false }
    return try await store.sagas.count(SagaFilter()).keys.allSatisfy { $0.isTerminal }
  }

  private func run(
    _ office: Office, _ agenda: Agenda, _ options: ApprovalsOptions, _ clock: HourClock
  ) async throws -> [ReportResult] {
    let isLive = isScreen && !options.isPlain && !options.isInteractive
    let (output, style, lines) = (output, style, input.lines)
    let hasPrompt = options.isInteractive && input.isInteractive && isScreen
    let say: @Sendable (String) -> Void = { line in
      if !isLive { output.write(hasPrompt ? "\r\u{1B}[K\(line)\n> " : "\(line)\n") }
    }
    let board = ReportBoard(office, log: say)
    let close: @Sendable () async -> Void = {
      await office.close(board)
      // Nobody waits for a demo that is to end.
      clock.change(speed: max(clock.speed, 20))
    }
    if options.isInteractive { say(TypedCommand.explanation) }

    await office.showEarlier(on: board)
    return try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        await office.show(on: board)
        return .watching
      }
      group.addTask {
        await LiveLoop(
          output: output,
          frame: !isLive
            ? nil
            : { size, notice in
              let table = ReportTable(width: size.width, height: size.height, style: style)
              return table.frame(
                await board.rows, title: await board.title, news: await board.news,
                notice: notice)
            },
          stop: close
        ).run()
        return .watching
      }
      group.addTask {
        try await office.work(off: agenda, board)
        return .results(await office.results(board))
      }
      if options.isInteractive {
        group.addTask {
          let typed = TypedDecisions(office: office, board: board, say: say)
          return .typing(hasQuit: try await typed.take(lines))
        }
      }
      var results: [ReportResult] = []
      for try await part in group {
        switch part {
        case .results(let all):
          results = all
          group.cancelAll()
        case .typing(hasQuit: true):
          say("What is under way is being undone.")
          await close()
        case .typing(hasQuit: false) where !Task.isCancelled && results.isEmpty:
          say("No more decisions come: from here on time runs fast.")
          clock.change(speed: max(clock.speed, 20))
        case .typing, .watching: break
        }
      }
      if hasPrompt { output.write("\r\u{1B}[K") }
      return results
    }
  }

  private func goingOn(_ office: Office, at time: Timestamp) -> String {
    let count = office.takenUp.count
    let left =
      count == 1 ? "1 report was under way, and goes on" : "\(count) reports were under way, and go on"
    return "\(left); it is \(office.time.text(time)).\n"
  }

  private func intro(_ policy: ApprovalPolicy, speed: Double, _ isInteractive: Bool) -> String {
    let (manager, director) = (policy.managersTime / .hours(1), policy.directorsTime / .hours(1))
    return """
      Expense reports: up to \(policy.limit) EUR they are paid, for more the manager is asked, and
      after \(Int(manager)) hours the director, who has \(Int(director)). Hours are virtual: \(text(speed)) pass in a second,
      so the manager's time is over in \(seconds(policy.managersTime / (speed * 3_600))).


      """
  }

  /// `20`, or `0.5`.
  private func text(_ speed: Double) -> String {
    speed == speed.rounded() ? "\(Int(speed))" : "\(speed)"
  }
}
