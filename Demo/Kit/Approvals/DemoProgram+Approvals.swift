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
    let clock = HourClock(speed: options.effectiveSpeed)
    let wall = ContinuousClock()
    let begin = wall.now
    let office = try await Office(requests: requests, runtime: Runtime(clock: clock))

    output.write(intro(office.policy, speed: options.effectiveSpeed, options.isInteractive))
    Interrupts.install()
    let results = try await run(office, Agenda(requests, decisions), options, clock)
    Interrupts.remove()

    let minutes = office.minutes
    let submissions = await minutes.submissions
    let audit = ApprovalAudit(
      ledger: await office.treasury.ledger, results: results, submissions: submissions,
      decisions: await minutes.decisions, limit: office.policy.limit)
    let summary = ApprovalSummary(
      results: results, submissions: submissions, audit: audit, time: office.time, policy: office.policy,
      style: style)
    let lines = summary.lines(at: clock.now, elapsed: wall.now - begin)
    output.write("\n" + lines.joined(separator: "\n") + "\n")
    guard audit.isBalanced else { return .notReconciled }
    return Interrupts.isPressed ? .interrupted : .success
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
      // Nobody waits for a demo that is to end.
      clock.change(speed: max(clock.speed, 20))
      await office.close(board)
    }
    if options.isInteractive { say(TypedCommand.explanation) }

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
          var typed = TypedDecisions(office: office, board: board, say: say)
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
