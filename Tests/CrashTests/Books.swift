#if canImport(SQLite3) || canImport(CSQLite)
import Sagas

@testable import CrashChild

/// Holds the ledger against what must be true of it, whatever was killed when.
struct Books {
  /// What is wrong with the ledger alone.
  private(set) var problems: [String] = []

  private let lines: [LedgerLine]
  private let mix: Mix
  /// Steps by what has to be behind them before they begin, for each kind.
  private static let predecessors: [Mix.Kind: [String: Set<String>]] = [
    .chain: chain("open", "flaky", "middle", "close"),
    .fork: [
      "open": [], "left 1": ["open"], "left 2": ["open", "left 1"], "seat": ["open"], "mail": ["open"],
      "finish": ["open", "left 1", "left 2", "seat", "mail"],
    ],
    .once: chain("before", "draw", "print", "after"), .held: chain("first", "doubtful", "last"),
    .knotted: chain("first", "knot", "second", "fails"), .told: chain("open", "use"),
    .summoned: chain("open", "close"), .sealed: chain("seal", "use", "last"),
  ]

  private static func chain(_ steps: String...) -> [String: Set<String>] {
    Dictionary(uniqueKeysWithValues: steps.indices.map { (steps[$0], Set(steps[..<$0])) })
  }

  /// What is known of one saga from the lines so far.
  private struct Track {
    var ended: String?
    var asked: Set<String> = []
    /// Steps that must not be asked for again: one behind them was.
    var passed: Set<String> = []
    var takenBack: Set<String> = []
    /// Calls of the present process.
    var calls: Set<String> = []
    var attempts: [String: Int] = [:]
    var applied: [String: Int] = [:]
    var voided: [String: Int] = [:]
    var fenced: [String: Int] = [:]
  }

  private var tracks: [String: Track] = [:]
  private var processes = 0
  private var cancelled: Set<String> = []
  private var abandoned: Set<String> = []
  /// What the operator has done about sagas that were recovered too often, where that was taken.
  private var rescued: [String: Mix.Rescue] = [:]

  init(_ lines: [LedgerLine], _ mix: Mix) {
    self.lines = lines
    self.mix = mix
    for line in lines { add(line) }
  }

  private mutating func add(_ line: LedgerLine) {
    var track = tracks[line.saga] ?? Track()
    defer { tracks[line.saga] = track }
    func wrong(_ what: String) -> String { "\(line.key): \(what)" }
    if let ended = track.ended, ![.ended, .started, .published, .violation].contains(line.kind) {
      problems.append(wrong("\(line.kind) behind its end (\(ended))"))
    }
    switch line.kind {
    case .process:
      processes += 1
      for id in tracks.keys { tracks[id]?.calls = [] }
    case .started, .published: break
    case .cancel: cancelled.insert(line.saga)
    case .abandon: abandoned.insert(line.saga)
    case .recovered, .operated: break
    case .wornOut:
      // One process has left it, and each of the others has recovered it.
      if processes < (mix.recoveryLimit ?? .max - 2) + 2 {
        problems.append(wrong("is said to have been recovered too often, in process \(processes)"))
      }
    case .rescued:
      rescued[line.saga] = Mix.Rescue(rawValue: line.detail)
    case .ended:
      if let ended = track.ended, ended != line.detail {
        problems.append(wrong("\(ended), then \(line.detail)"))
      }
      track.ended = line.detail
    case .ask:
      ask(line, &track)
    case .askBack:
      let before = Self.predecessors[Mix.kind(of: line.saga) ?? .chain]?[line.step] ?? []
      // Only what has failed for good has its turn again; the seat's undo does not wait for its turn.
      if line.step != "knot",
        let earlier = before.subtracting(["seat"]).first(where: track.takenBack.contains)
      {
        problems.append(wrong("undone again behind the undo of \(earlier)"))
      }
      track.takenBack.insert(line.step)
      if !track.calls.insert("undo \(line.step) \(line.detail)").inserted {
        problems.append(wrong("attempt \(line.detail) of its undo twice in one process"))
      }
    case .apply:
      track.applied[line.step, default: 0] += 1
      if track.applied[line.step] != 1 { problems.append(wrong("applied twice")) }
      if track.voided[line.step] ?? track.fenced[line.step] != nil {
        problems.append(wrong("applied behind its undo"))
      }
    case .void:
      track.voided[line.step, default: 0] += 1
      if track.applied[line.step] == nil { problems.append(wrong("undone, and never applied")) }
      if track.voided[line.step] != 1 { problems.append(wrong("undone twice")) }
    case .fence:
      track.fenced[line.step, default: 0] += 1
      if track.applied[line.step] != nil { problems.append(wrong("closed, and it was applied")) }
      if track.fenced[line.step] != 1 { problems.append(wrong("closed twice")) }
    case .violation: problems.append(wrong(line.detail))
    }
  }

  private mutating func ask(_ line: LedgerLine, _ track: inout Track) {
    let attempt = Int(line.detail) ?? 0
    if track.passed.contains(line.step) {
      problems.append("\(line.key): run again, and its end had been recorded")
    }
    if track.takenBack.contains(line.step) { problems.append("\(line.key): run again behind its undo") }
    if ["draw", "print"].contains(line.step), track.asked.contains(line.step) {
      problems.append("\(line.key): run twice, and it says at most once")
    }
    if attempt < track.attempts[line.step] ?? 0 {
      problems.append("\(line.key): attempt \(attempt) behind attempt \(track.attempts[line.step] ?? 0)")
    }
    // Behind a resume the retries count from one again, the attempts go on.
    if attempt > (line.step == "flaky" ? 3 : line.step == "doubtful" ? 4 : 1) {
      problems.append("\(line.key): attempt \(attempt), more than it has")
    }
    if !track.calls.insert("\(line.step) \(attempt)").inserted {
      problems.append("\(line.key): attempt \(attempt) twice in one process")
    }
    track.asked.insert(line.step)
    track.attempts[line.step] = attempt
    track.passed.formUnion(Self.predecessors[Mix.kind(of: line.saga) ?? .chain]?[line.step] ?? [])
  }

  // MARK: With the sagas' own account

  /// What is wrong with the ledger, or with what the sagas say of it at the end.
  func problems(with audit: Audit) -> [String] {
    var problems = problems
    if audit.entries.map(\.id) != mix.ids { problems.append("\(audit.entries.count) of \(mix.count) sagas") }
    for entry in audit.entries { problems += self.problems(of: entry).map { "\(entry.id): \($0)" } }
    return problems
  }

  private func problems(of entry: Audit.Entry) -> [String] {
    var problems: [String] = []
    let track = tracks[entry.id] ?? Track()
    let expected = statuses(of: entry.id)
    if !expected.contains(entry.status) {
      problems.append("\(entry.status), not \(expected.map(\.rawValue).sorted())")
    }
    if entry.status.isTerminal != (track.ended != nil) { problems.append("has ended, or not") }
    let unresolved = Dictionary(
      entry.unresolved.map { ($0.step, $0.reason) }, uniquingKeysWith: { a, _ in a })
    for (step, reason) in unresolved where !mayBeUnresolved(step, reason, entry) {
      problems.append("\(step) is listed as \(reason)")
    }
    problems += wordProblems(entry)
    // Waits do nothing in the world.
    let books = Self.predecessors[Mix.kind(of: entry.id) ?? .chain] ?? [:]
    for step in entry.steps where books[step.name] != nil {
      let isApplied = track.applied[step.name] != nil
      let isVoided = track.voided[step.name] != nil
      let isStanding = isApplied && !isVoided
      let isKept = entry.status == .completed && step.status == .completed
      if isStanding, !isKept, unresolved[step.name] == nil {
        problems.append("\(step.name) stands, and is not listed")
      }
      switch step.status {
      case .completed:
        if !isApplied { problems.append("\(step.name) has completed, and was never applied") }
        if isVoided { problems.append("\(step.name) has completed, and was undone") }
      case .compensated:
        if !isVoided, track.fenced[step.name] == nil { problems.append("\(step.name) is said to be undone") }
      case .compensationFailed:
        // What a cancel keeps from running again may not have been done; of what was given up nobody knows.
        if entry.status != .failed || !abandoned.contains(entry.id),
          isVoided || !isApplied && !cancelled.contains(entry.id)
        {
          problems.append("\(step.name) is said not to be undone")
        }
      case .failed:
        if isStanding { problems.append("\(step.name) has failed, and stands") }
      case .unknown: break
      case .skipped, .blocked:
        if isApplied || isVoided { problems.append("\(step.name) is said not to have run") }
      case .pending where entry.status == .failed:
        if isApplied || isVoided { problems.append("\(step.name) is said not to have begun") }
      case .pending, .running, .waiting, .compensating: problems.append("\(step.name) is \(step.status)")
      }
      if isVoided, step.status != .compensated, step.status != .compensationFailed {
        problems.append("\(step.name) is \(step.status), and was undone")
      }
    }
    return problems
  }

  /// Each event is taken once, by the wait whose turn it is.
  private func wordProblems(_ entry: Audit.Entry) -> [String] {
    // Who gets as far as using the words has both.
    let isComplete =
      Mix.kind(of: entry.id) == .told
      && (entry.status == .completed
        || !cancelled.contains(entry.id) && !abandoned.contains(entry.id) && !mix.isRefused(entry.id))
    let areRight =
      isComplete
      ? entry.words == [1, 2] : entry.words[0] ?? 1 == 1 && entry.words[1] ?? 2 == 2
    return areRight ? [] : ["\(entry.status), and took the words \(entry.words)"]
  }

  /// How a saga may have ended.
  private func statuses(of id: String) -> Set<SagaStatus> {
    let isCancelled = cancelled.contains(id)
    var expected: Set<SagaStatus>
    switch (Mix.kind(of: id), mix.variant(of: id, 4)) {
    case (.chain, let variant): expected = [variant == 0 ? .completed : .compensated]
    case (.fork, let variant): expected = [variant < 2 ? .compensated : .completed]
    case (.once, let variant):
      expected = [variant == 1 || variant == 3 ? .compensated : .completed]
      // Cut off in a step that must not run again.
      if processes > 1 { expected.insert(.compensated) }
    case (.held, let variant):
      expected = [[.completed, .compensated, .compensated, .failed][variant]]
    case (.knotted, _):
      // Where a cancel comes early, there is no knot.
      expected = [[.compensated, .compensated, .failed, .stuck, .compensated][mix.variant(of: id, 5)]]
    case (.told, let variant): expected = [variant < 2 ? .completed : .compensated]
    case (.summoned, let variant), (.sealed, let variant):
      expected = [variant == 1 ? .compensated : .completed]
    case (nil, _): expected = []
    }
    if isCancelled { expected.insert(.compensated) }
    if abandoned.contains(id) { expected.insert(.failed) }
    switch rescued[id] {
    case .abandon: expected.formIntersection([.failed])
    case .cancel: expected.remove(.completed)
    case .recover, nil: break
    }
    return expected
  }

  private func mayBeUnresolved(_ step: String, _ reason: Unresolved.Reason, _ entry: Audit.Entry) -> Bool {
    if entry.status == .failed, abandoned.contains(entry.id) { return true }
    return switch (Mix.kind(of: entry.id), step, reason) {
    case (.once, "print", .unknownEffect): entry.status == .compensated
    case (.fork, "mail", .unknownEffect): entry.status == .completed
    case (.held, _, .notUndone): entry.status == .failed
    case (.knotted, "knot", .undoFailed): entry.status == .stuck || entry.status == .failed
    case (.knotted, "knot", .skipped), (.knotted, "knot", .undoImpossible): entry.status == .compensated
    default: false
    }
  }
}
#endif
