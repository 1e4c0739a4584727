import Sagas

/// Turns what somebody types into decisions.
struct TypedDecisions {
  let office: Office
  let board: ReportBoard
  let say: @Sendable (String) -> Void

  init(office: Office, board: ReportBoard, say: @escaping @Sendable (String) -> Void) {
    self.office = office
    self.board = board
    self.say = say
  }

  /// Does what is typed, until the end of the input or `quit`.
  ///
  /// - Returns: whether somebody typed `quit`.
  /// Throws what the bus throws.
  func take(_ lines: AsyncStream<String>) async throws -> Bool {
    for await line in lines {
      do {
        switch try TypedCommand(line) {
        case .approve(let id): try await decide(id, nil)
        case .reject(let id, let reason): try await decide(id, reason)
        case .list: await list()
        case .help: say(TypedCommand.explanation)
        case .quit: return true
        }
      } catch let error as UsageError {
        say(error.message)
      }
    }
    return false
  }

  /// Shows what waits.
  func list() async {
    let rows = await board.waiting
    let lines = rows.map { row in
      let whose = "the \(row.waitsFor?.rawValue ?? "")'s, since \(row.since)"
      return "\n  \(row.id)  \(TextWidth.fit(row.employee, 17))  \(row.amount)  \(whose)"
    }
    say(rows.isEmpty ? "Nothing waits for a decision." : "These wait for a decision:" + lines.joined())
  }

  private func decide(_ typed: String, _ reason: String?) async throws {
    let rows = await board.rows
    guard let row = rows.first(where: { $0.id.lowercased() == typed.lowercased() }) else {
      throw UsageError("there is no report '\(printable(typed))': type list")
    }
    // Those of earlier runs have their ids.
    let number = await office.minutes.dispatches.filter { $0.due == nil }.count + 1
    // Whoever's turn it is; a decision that comes early is the manager's.
    let desk = Desk(reportID: row.id, role: row.waitsFor ?? .manager)
    let decision = Decision(id: "typed-\(number)", desk: desk, by: "you", rejectedBecause: reason)
    await board.show(try await office.hand(.decide(decision)))
  }
}
