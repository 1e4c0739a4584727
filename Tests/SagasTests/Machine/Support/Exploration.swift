@testable import Sagas

/// All that can become of the sagas of one plan, breadth first: in every state that can be reached, everything that a
/// driver which keeps the contract can say is said, with every answer to what the machine asks.
///
/// States are told apart by what the machine can tell apart: times, which only grow, and the numbers of places are
/// left out, and no step is tried more than twice.
struct Exploration: Sendable {
  struct Step<Status: Hashable & Sendable>: Hashable, Sendable {
    let from: Status
    let to: Status
    /// What led from one to the other.
    let cause: Cause
  }

  /// What is said, in words for a person.
  enum Cause: Hashable, Sendable {
    /// About the saga, or about this step.
    case said(String)
    /// About another step.
    case elsewhere
  }

  /// An attempt that has begun and may still come back.
  private struct Attempted: Hashable {
    let node: NodeID
    let attempt: Attempt
    let isUndo: Bool

    static func precedes(_ a: Attempted, _ b: Attempted) -> Bool {
      (a.node.index, a.isUndo ? 1 : 0, a.attempt) < (b.node.index, b.isUndo ? 1 : 0, b.attempt)
    }
  }

  private struct State: Hashable {
    var machine: SagaMachine
    var live: [Attempted] = []

    /// Quick, and enough to tell most states apart; `==` looks at everything.
    func hash(into hasher: inout Hasher) {
      hasher.combine(UInt64(machine.phase.rawValue) | UInt64(live.count) << 8)
      for row in machine.rows {
        hasher.combine(
          UInt64(row.forward.rawValue) | UInt64(row.undo.rawValue) << 8 | UInt64(row.flags.rawValue) << 16
            | UInt64(row.attempts) << 24 | UInt64(row.undoAttempts) << 40)
      }
    }
  }

  private struct Said {
    let event: Event
    let words: String
    var node: NodeID?
    /// Who has come back with it.
    var attempted: Attempted?
    /// Before anything that was put off is due; else behind all of it.
    var isEarly = false
  }

  private static let attempts: Attempt = 2

  private(set) var saga: Set<Step<SagaStatus>> = []
  private(set) var step: Set<Step<StepStatus>> = []
  private(set) var states = 0

  init(_ plans: [SagaPlan]) throws {
    for plan in plans { try explore(plan) }
  }

  private mutating func explore(_ plan: SagaPlan) throws {
    var machine = SagaMachine(plan: plan)
    var recorder = Recorder()
    try machine.handle(.create, at: .second(0), into: &recorder)
    let first = State(machine: Self.normal(machine))
    var known: Set<State> = [first]
    var frontier = [first]
    while !frontier.isEmpty {
      var next: [State] = []
      for state in frontier {
        for said in Self.sayings(in: state) {
          for after in try Self.hear(said, in: state) {
            note(said, state.machine, after.machine)
            let isEnd = state.machine.phase.isTerminal
            guard !isEnd || after.machine.status == state.machine.status else {
              throw World.Violation(description: "\(said.event) moved a saga that had ended")
            }
            if !isEnd, known.insert(after).inserted { next.append(after) }
          }
        }
      }
      frontier = next
    }
    states += known.count
  }

  private mutating func note(_ said: Said, _ before: SagaMachine, _ after: SagaMachine) {
    if before.status != after.status {
      saga.insert(Step(from: before.status, to: after.status, cause: .said(said.words)))
    }
    for node in before.plan.all where before.plan[node].settles {
      let (from, to) = (before.status(of: node), after.status(of: node))
      guard from != to else { continue }
      let isOwn = said.node == nil || said.node == node
      step.insert(Step(from: from, to: to, cause: isOwn ? .said(said.words) : .elsewhere))
    }
  }

  // MARK: What can be said

  private static func sayings(in state: State) -> [Said] {
    let machine = state.machine
    let plan = machine.plan
    var sayings = [
      Said(event: .admit, words: "admit"), Said(event: .recover, words: "recover"),
      Said(event: .cancel(compensating: true), words: "cancel"),
      Said(event: .cancel(compensating: false), words: "cancel without undo"),
      Said(event: .suspend, words: "suspend"), Said(event: .compensate, words: "compensate"),
      Said(event: .abandon, words: "abandon"),
    ]
    if plan.timeout != nil { sayings.append(Said(event: .sagaTimedOut, words: "saga timeout")) }
    if plan.unwindTimeout != nil { sayings.append(Said(event: .unwindTimedOut, words: "unwind timeout")) }
    if machine.rows.allSatisfy({ $0.attempts < attempts }) {
      let words = machine.isPastPivot ? "retry" : "resume"
      sayings.append(Said(event: .resume, words: words))
      sayings.append(Said(event: .resume, words: words, isEarly: true))
    }
    if machine.rows.allSatisfy({ $0.undoAttempts < attempts }) {
      sayings.append(Said(event: .retryCompensation, words: "retryCompensation"))
    }
    for node in plan.all where plan[node].kind == .step {
      let row = machine[node]
      sayings.append(Said(event: .skip(node), words: "skip", node: node))
      sayings.append(Said(event: .skip(node), words: "skip", node: node, isEarly: true))
      sayings.append(Said(event: .skipCompensation(node), words: "skipCompensation", node: node))
      if row.forward == .backoff {
        sayings.append(Said(event: .retryDue(node), words: "next attempt", node: node))
      }
      if row.undo == .backoff {
        sayings.append(Said(event: .undoRetryDue(node), words: "next attempt of the undo", node: node))
      }
    }
    for node in plan.all where plan[node].kind != .step && machine[node].forward == .waiting {
      let own = plan[node].settles ? node : nil
      if plan[node].listens {
        sayings.append(Said(event: .delivered(node, alternative: 0), words: "event", node: own))
      }
      if plan[node].timeout != nil { sayings.append(Said(event: .elapsed(node), words: "time", node: own)) }
    }
    for node in plan.all where plan[node].kind == .wait && machine.isPastPivot {
      sayings.append(Said(event: .skip(node), words: "skip", node: node))
    }
    for attempted in state.live {
      sayings += attempted.isUndo ? undo(attempted, machine) : action(attempted, machine)
    }
    return sayings
  }

  private static func action(_ attempted: Attempted, _ machine: SagaMachine) -> [Said] {
    let (node, attempt) = (attempted.node, attempted.attempt)
    func said(_ event: Event, _ words: String, isBack: Bool = true) -> Said {
      Said(event: event, words: words, node: node, attempted: isBack ? attempted : nil)
    }
    let row = machine[node]
    let returned = said(.returned(node, attempt), "return")
    guard row.isActive, row.attempts == attempt else { return [returned] }
    var sayings = [
      returned, said(.threw(node, attempt, unknown: false), "throw"),
      said(.threw(node, attempt, unknown: true), "throw"),
      said(.graceOver(node, attempt), "grace over", isBack: false),
    ]
    if machine.plan[node].timeout != nil {
      sayings.append(said(.timedOut(node, attempt), "timeout", isBack: false))
    }
    if row.forward == .closing { sayings.append(said(.neverStarted(node, attempt), "never began")) }
    return sayings
  }

  private static func undo(_ attempted: Attempted, _ machine: SagaMachine) -> [Said] {
    let (node, attempt) = (attempted.node, attempted.attempt)
    func said(_ event: Event, _ words: String, isBack: Bool = true) -> Said {
      Said(event: event, words: words, node: node, attempted: isBack ? attempted : nil)
    }
    let row = machine[node]
    let returned = said(.undoReturned(node, attempt), "undo returns")
    guard row.undo == .running || row.undo == .stopping, row.undoAttempts == attempt else {
      return [returned]
    }
    var sayings = [
      returned, said(.undoThrew(node, attempt, impossible: false), "undo throws"),
      said(.undoThrew(node, attempt, impossible: true), "undo throws"),
      said(.undoGraceOver(node, attempt), "undo grace over", isBack: false),
    ]
    if machine.plan[node].undoTimeout != nil {
      sayings.append(said(.undoTimedOut(node, attempt), "undo timeout", isBack: false))
    }
    return sayings
  }

  // MARK: What follows

  /// The states that this leads to, one for each way in which what is asked can be answered.
  private static func hear(_ said: Said, in state: State) throws -> [State] {
    var results: [State] = []
    // One number for each question, in order; counted up like the hands of a clock until all were tried.
    var chosen: [Int] = []
    while true {
      var limits: [Int] = []
      guard let result = try hear(said, in: state, chosen, &limits) else { return [] }
      results.append(result)
      chosen += Array(repeating: 0, count: limits.count - chosen.count)
      while let last = chosen.last, last + 1 == limits[chosen.count - 1] { chosen.removeLast() }
      guard let last = chosen.last else { return results }
      chosen[chosen.count - 1] = last + 1
    }
  }

  /// `nil` where nothing comes of it: most of what can be said is stale.
  private static func hear(
    _ said: Said, in state: State, _ chosen: [Int], _ limits: inout [Int]
  ) throws -> State? {
    var machine = state.machine
    var recorder = Recorder()
    let time = machine.time.advanced(by: said.isEarly ? .zero : .days(1))
    try machine.handle(said.event, at: time, into: &recorder)
    if recorder.entries.isEmpty, recorder.actions.isEmpty, said.attempted == nil { return nil }
    var next = 0
    while next < recorder.actions.count {
      if case .ask(let node, let question) = recorder.actions[next] {
        let answers = answers(to: question, of: node, machine)
        let choice = limits.count < chosen.count ? chosen[limits.count] : 0
        limits.append(answers.count)
        try machine.handle(.answered(node, answers[choice]), at: time, into: &recorder)
      }
      next += 1
    }
    var live = said.event == .recover ? [] : state.live.filter { $0 != said.attempted }
    for action in recorder.actions {
      switch action {
      case .run(let node, let attempt): live.append(Attempted(node: node, attempt: attempt, isUndo: false))
      case .undo(let node, let attempt): live.append(Attempted(node: node, attempt: attempt, isUndo: true))
      case .ask, .listen, .unlisten, .stop, .sleep, .stopUndo, .sleepUndo, .tellFailure, .limitSaga,
        .limitUnwind, .settle:
        break
      }
    }
    return State(machine: normal(machine), live: live.sorted(by: Attempted.precedes))
  }

  private static func answers(to question: Question, of node: NodeID, _ machine: SagaMachine) -> [Answer] {
    switch question {
    case .branch: [.branch(nil), .failure] + (0..<machine.plan[node].children).map { .branch($0) }
    case .failure: machine.plan[node].kind == .wait ? [.noFailure, .failure] : [.failure]
    case .key: [.key, .failure]
    case .output: [.output, .failure]
    case .retry:
      machine[node].attempts - machine[node].base > 1 || machine[node].attempts == attempts
        ? [.retry(nil)] : [.retry(nil), .retry(.zero), .retry(.seconds(5))]
    case .undoRetry:
      machine[node].undoAttempts - machine[node].undoBase > 1 || machine[node].undoAttempts == attempts
        ? [.retry(nil)] : [.retry(nil), .retry(.zero), .retry(.seconds(5))]
    case .verdict: [.verdict(.now), .verdict(.later), .verdict(.never)]
    case .count, .deadline, .state, .requests, .waves: [.waves]
    }
  }

  // MARK: What tells states apart

  private static func normal(_ machine: SagaMachine) -> SagaMachine {
    var machine = machine
    machine.entries = 0
    machine.recoveries = 0
    machine.time = .second(0)
    machine.startedAt = nil
    machine.admittedAt = machine.admittedAt.map { _ in .second(0) }
    machine.endedAt = nil
    if machine.unwind?.due != nil { machine.unwind?.due = .second(0) }
    let places = machine.rows.map(\.order).filter { $0 > 0 }.sorted()
    for index in machine.rows.indices {
      machine.rows[index].startedAt = nil
      machine.rows[index].endedAt = nil
      if machine.rows[index].due != nil {
        machine.rows[index].due = .second(1)
      } else {
        machine.rows[index].attemptedAt = nil
      }
      let row = machine.rows[index]
      machine.rows[index].order = places.firstIndex(of: row.order).map { UInt32($0 + 1) } ?? 0
      // Only an order of the user's own asks who began first, and no plan here has one.
      machine.rows[index].begun = min(row.begun, 1)
    }
    machine.settled = UInt32(places.count)
    machine.begun = 1
    return machine
  }
}
