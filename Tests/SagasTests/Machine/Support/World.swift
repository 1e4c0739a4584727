@testable import Sagas

/// Everything around one machine: attempts, timers, crashes and a clock one cannot trust, all from one seed.
///
/// Says only what a driver that keeps the contract could say.
struct World {
  struct Violation: Error, CustomStringConvertible {
    let description: String
  }

  struct Job: Hashable {
    let node: NodeID
    let attempt: Attempt
  }

  struct Timer {
    let event: Event
    let due: Timestamp
  }

  var random: SeededRandom
  let plan: SagaPlan
  private(set) var machine: SagaMachine
  /// Fed with entries alone, one by one.
  private var shadow: SagaMachine
  private(set) var ledger: Ledger
  private(set) var log: [(entry: Entry, time: Timestamp)] = []
  private(set) var events = 0
  private(set) var reached: [Cell: Int] = [:]
  private(set) var met: [Situation: Int] = [:]
  /// The changes of status, of the saga and of its steps, as the diagrams of the article name them.
  private(set) var moves: Set<String> = []
  /// One thing in so many fails, one in so many is a crash or a cancel.
  private let failures: Int
  private let accidents: Int
  /// One thing in so many is that somebody holds it.
  private let holds: Int
  /// Nothing fails any more: what is left has to come to an end.
  private var isCalm = false
  private var clock = Timestamp.second(1_000)
  /// Attempts that were ordered and have not begun.
  private var ordered: [Job] = []
  /// Attempts that have begun and not ended.
  private var flying: [Job] = []
  /// Attempts that nobody waits for any more, and that have not ended.
  private var abandoned: [Job] = []
  private var undoFlying: [Job] = []
  private var undoAbandoned: [Job] = []
  private var timers: [Timer] = []
  /// What was told to listen, and not to stop.
  private var listening: [NodeID] = []
  /// Until when a wait or a sleep that is under way may take.
  private var waitDue: [NodeID: Timestamp] = [:]
  private var settles: [SagaStatus] = []
  /// Of which failures somebody was told in answer to one event.
  private var tellings: [NodeID] = []
  /// Steps that run at most once, and have begun an attempt that did not come to a definite failure.
  private var spent: Set<NodeID> = []
  /// Until when the saga, and its unwind, may take.
  private var sagaDue: Timestamp?
  private var unwindDue: Timestamp?

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    plan = SagaPlan.random(&random)
    failures = 2 + random.below(6)
    accidents = 8 + random.below(80)
    holds = random.once(in: 4) ? 3 + random.below(6) : accidents
    machine = SagaMachine(plan: plan)
    shadow = machine
    ledger = Ledger(plan: plan)
  }

  /// One saga, from its creation to its end and a little further.
  mutating func live() throws {
    try hear(.create)
    if random.once(in: 20) { try hear(.cancel) }
    if random.once(in: 40) { try hear(.cancel(compensating: false)) }
    if random.once(in: 40) { try sayAWord() }
    if random.once(in: 20) { try crash() }
    if random.once(in: 12) { try resume(from: anyNode()) }
    if random.once(in: 16) {
      try hear(.suspend)
      if machine.phase == .suspended { meet(.heldBeforeItWasAdmitted) }
    }
    while machine.phase == .suspended {
      switch random.below(8) {
      case 0: try crash()
      case 1: try sayAWord()
      case 2: try hear(.cancel)
      case 3, 4: try resume(from: anyNode())
      default: try hear(.resume)
      }
    }
    try hear(.admit)
    let turmoil = 10 + random.below(120)
    while events < turmoil {
      guard try step() else { break }
    }
    isCalm = true
    try settle()
    if random.once(in: 3) { try crash() }
    if random.once(in: 3) { try hear(.cancel(compensating: random.once(in: 2))) }
    if random.once(in: 3) { try sayAWord() }
    try settle()
    if machine.phase == .stuck, random.once(in: 2) { try crash() }
    // Somebody decides what is stuck, and then it ends.
    var decisions = 0
    while machine.phase == .stuck, decisions < 8 {
      decisions += 1
      try decide()
      try settle()
    }
    if machine.phase == .stuck {
      try hear(.abandon)
      guard machine.phase == .failed else { throw Violation(description: "cannot be abandoned") }
    }
    if random.once(in: 3) { try sayAWord() }
  }

  /// Goes on until nothing can happen any more.
  private mutating func settle() throws {
    var patience = 2_000
    while try step() {
      patience -= 1
      guard patience > 0 else { throw Violation(description: "goes on for ever") }
    }
    guard machine.phase.isTerminal || machine.phase == .stuck else {
      throw Violation(description: "hangs in \(machine.phase)")
    }
    try checkEnd()
  }

  /// What a person may say at any moment.
  private mutating func sayAWord() throws {
    if random.once(in: 3) { return try sayAWordAboutHolding() }
    switch random.below(7) {
    case 0, 1, 2, 3: try retryCompensation()
    case 4, 5:
      let nodes = plan.all.filter { machine[$0].undo != .none || random.once(in: 8) }
      let node = nodes.isEmpty ? .root : nodes[random.below(nodes.count)]
      try hear(.skipCompensation(node))
      // What was to try it once more still does so.
      if let stale = timers.firstIndex(where: { $0.event == .undoRetryDue(node) }) { try fire(stale) }
    default: try hear(.abandon)
    }
  }

  private mutating func sayAWordAboutHolding() throws {
    switch random.below(5) {
    case 4: try skip(anyNode())
    case 0: try hear(.suspend)
    case 1: try hear(.resume)
    case 2: try resume(from: anyNode())
    default: try hear(.compensate)
    }
  }

  /// Leaves out what failed, where that can be; the ledger knows on its own whether it can.
  private mutating func skip(_ node: NodeID) throws {
    let isHeld = machine.phase == .suspended && machine.active == 0
    let mayBeSkipped = isHeld && ledger.holds(node) && plan[node].kind != .output
    let before = log.count
    try hear(.skip(node))
    guard mayBeSkipped == (log.count > before) else {
      throw Violation(description: "leaves \(node) out, or does not, against reason")
    }
    if mayBeSkipped { meet(ledger.isPastPivot ? .skippedBehindThePivot : .skippedWhileSuspended) }
  }

  /// Decides about what failed behind the pivot: only somebody can.
  private mutating func decideBehindPivot() throws {
    let failed = ledger.heldBehindPivot
    meet(.stuckBehindThePivot)
    guard machine.status == .stuck, machine.phase == .suspended else {
      throw Violation(description: "\(failed) failed behind the pivot, and the saga is \(machine.status)")
    }
    switch random.below(isCalm ? 6 : 9) {
    case 0, 1: try skip(failed[random.below(failed.count)])
    case 2, 3, 4:
      let isForGood = !machine.unrepeatable.isEmpty
      let before = log.count
      try hear(.resume)
      guard isForGood == (log.count == before) else {
        throw Violation(description: "does not try \(failed) again, or does against reason")
      }
      meet(isForGood ? .heldForGoodBehindThePivot : .retriedBehindThePivot)
    case 5:
      guard random.once(in: 4) else { return try hear(random.once(in: 2) ? .cancel : .compensate) }
      if random.once(in: 2) { return try hear(.cancel(compensating: false)) }
      try hear(.abandon)
      guard machine.phase == .failed else { throw Violation(description: "cannot be abandoned") }
      meet(.abandonedBehindThePivot)
    case 6: try crash()
    case 7: try sayAWord()
    default: try resume(from: anyNode())
    }
  }

  private mutating func anyNode() -> NodeID {
    var nodes = plan.all.filter { plan[$0].kind != .sequential }
    if random.once(in: 2) {
      let back = nodes.filter { ledger.hasSettled($0) && ledger.objection(to: $0) == nil }
      if !back.isEmpty { nodes = back }
      // In front of what may still come back late.
      let front = back.filter { target in
        abandoned.contains { $0.node > target && plan.place(of: $0.node, from: target) == .behind }
      }
      if !front.isEmpty { nodes = front }
    }
    return nodes[random.below(nodes.count)]
  }

  /// Goes on from anywhere, where that can be; the ledger knows on its own whether it can.
  private mutating func resume(from node: NodeID) throws {
    let isHeld = machine.phase == .created || machine.phase == .suspended && machine.active == 0
    guard isHeld, ledger.heldBehindPivot.isEmpty else {
      let before = log.count
      try hear(.resumeFrom(node))
      guard log.count == before else {
        throw Violation(description: "goes on from \(node) while it is stuck")
      }
      return
    }
    let objection = ledger.objection(to: node)
    guard machine.obstacle(to: node) == objection else {
      throw Violation(
        description:
          "to \(node): \(String(describing: machine.obstacle(to: node))) is in the way, the ledger says "
          + "\(String(describing: objection))")
    }
    switch objection {
    case .effects: meet(.wouldRepeat)
    case .choice: meet(.branchNotTaken)
    case .pivot: meet(.pivotInTheWay)
    case nil: break
    }
    let isLate = machine.phase == .suspended && machine.admittedAt != nil
    if objection == nil {
      if !isLate { meet(.begunInTheMiddle) }
      let reached = ledger.hasSettled(node)
      if isLate { meet(reached ? .wentBack : .wentAhead) }
    }
    let before = log.count
    let wereJoined = plan.all.filter { plan[$0].kind == .parallel && machine[$0].forward == .completed }
    try hear(.resumeFrom(node))
    guard (objection == nil) == (log.count > before) else {
      throw Violation(description: "does not go on from \(node), or does against reason")
    }
    guard objection == nil else { return }
    if let late = abandoned.firstIndex(where: { machine[$0.node].forward == .pending }), random.once(in: 2) {
      let job = abandoned.remove(at: late)
      if random.once(in: 2) {
        try end(job)
      } else {
        try hear(.threw(job.node, job.attempt, unknown: random.once(in: 2)))
      }
    }
    if wereJoined.contains(where: { plan.place(of: $0, from: node) == .around }) { meet(.reopenedAGroup) }
    if machine.rows.contains(where: { $0.flags.contains(.withdrawn) }) { meet(.repeated) }
    if plan.all.contains(where: { machine.repetition(of: $0, .max) > 2 }) { meet(.repeatedTwice) }
    if machine.rows.contains(where: { $0.forward == .skipped && $0.effect == .unknown }) {
      meet(.skippedWhatIsUnknown)
    }
  }

  /// Wants what failed undone again; what was given up of it may come back just then.
  private mutating func retryCompensation() throws {
    try hear(.retryCompensation)
    guard let late = undoAbandoned.firstIndex(where: { machine[$0.node].undo == .queued }), random.once(in: 2)
    else { return }
    let job = undoAbandoned.remove(at: late)
    switch random.below(3) {
    case 0: try hear(.undoReturned(job.node, job.attempt))
    case 1: try hear(.undoThrew(job.node, job.attempt, impossible: true))
    default: try hear(.undoThrew(job.node, job.attempt, impossible: false))
    }
  }

  private mutating func decide() throws {
    guard random.once(in: 2) else { return try retryCompensation() }
    let open = plan.all.filter { machine[$0].undo == .failed || machine[$0].undo == .queued }
    for node in open where machine.phase == .stuck {
      try hear(.skipCompensation(node))
      if random.once(in: 4) { return }
    }
  }

  // MARK: What may happen next

  /// Lets one thing happen; false when nothing can.
  private mutating func step() throws -> Bool {
    moveClock()
    if !isCalm {
      if random.once(in: 2 * accidents) { try hear(.cancel) }
      if random.once(in: 6 * accidents) { try hear(.cancel(compensating: false)) }
      if random.once(in: machine.phase == .stuck ? 4 : 2 * accidents) { try sayAWord() }
      if random.once(in: accidents) { try crash() }
      if random.once(in: accidents) { try collapse() }
      if random.once(in: holds) { try hear(.suspend) }
      if machine.phase == .suspended, random.once(in: 6) { try hear(.resume) }
      if machine.phase == .suspended, random.once(in: 4) { try resume(from: anyNode()) }
    }
    // Where it is held again and again, attempts are given up more often: those may come back much later.
    if holds < 8, !isCalm, random.once(in: 2), let hasty = timers.firstIndex(where: { $0.event.isHasty }) {
      try fire(hasty)
      return true
    }
    if !isCalm, random.once(in: 12) { try sayOfWaits() }
    // Scopes are ended now and then only: most are to come to their end.
    let listening = random.once(in: 8) ? listening : listening.filter { plan[$0].kind == .wait }
    let waiting = [
      listening.count, ordered.count, flying.count, abandoned.count, undoFlying.count, undoAbandoned.count,
    ]
    var choice = waiting.reduce(timers.count, +)
    if choice == 0, !isCalm, machine.phase == .stuck {
      try sayAWord()
      return true
    }
    if choice == 0, let node = self.listening.first {
      try deliver(to: node)
      return true
    }
    guard choice > 0 else {
      // What is held goes on only when somebody says so.
      guard machine.phase == .suspended else { return false }
      if !ledger.heldBehindPivot.isEmpty {
        try decideBehindPivot()
        return true
      }
      if random.once(in: 8) { try skip(anyNode()) }
      if machine.phase == .suspended, random.once(in: 2) { try resume(from: anyNode()) }
      guard machine.phase == .suspended else { return true }
      try hear(random.once(in: 5) ? .compensate : .resume)
      return true
    }
    choice = random.below(choice)
    if choice < timers.count {
      try fire(choice)
      return true
    }
    choice -= timers.count
    if choice < listening.count {
      try deliver(to: listening[choice])
      return true
    }
    choice -= listening.count
    if choice < ordered.count {
      try begin(ordered.remove(at: choice))
      return true
    }
    choice -= ordered.count
    if choice < flying.count {
      try end(flying.remove(at: choice))
      return true
    }
    choice -= flying.count
    if choice < abandoned.count {
      try end(abandoned.remove(at: choice))
      return true
    }
    choice -= abandoned.count
    if choice < undoFlying.count {
      try endUndo(undoFlying.remove(at: choice))
      return true
    }
    choice -= undoFlying.count
    try endUndo(undoAbandoned.remove(at: choice))
    return true
  }

  private mutating func deliver(to node: NodeID) throws {
    try hear(.delivered(node, alternative: UInt16(random.below(Int(plan[node].alternatives)))))
  }

  /// An event or a time that was on its way when the saga went on without it.
  private mutating func sayOfWaits() throws {
    let begun = plan.all.filter { machine[$0].begun > 0 && plan[$0].kind != .step }
    guard !begun.isEmpty else { return }
    let node = begun[random.below(begun.count)]
    if plan[node].listens, random.once(in: 2), !listening.contains(node) {
      try deliver(to: node)
    } else if plan[node].timeout != nil {
      try hear(.elapsed(node))
    }
  }

  private mutating func moveClock() {
    switch random.below(8) {
    case 0: clock = clock.advanced(by: .milliseconds(-random.below(5_000)))
    case 1, 2: break
    default: clock = clock.advanced(by: .milliseconds(random.below(4_000)))
    }
  }

  private mutating func begin(_ job: Job) throws {
    let row = machine[job.node]
    // The driver looks before it begins: the order may have become stale.
    guard row.forward == .running, row.attempts == job.attempt else {
      return try hear(.neverStarted(job.node, job.attempt))
    }
    if plan[job.node].traits.contains(.atMostOnce), !spent.insert(job.node).inserted {
      throw Violation(description: "\(job) runs again what may have taken effect")
    }
    flying.append(job)
    if let timeout = plan[job.node].timeout { set(.timedOut(job.node, job.attempt), after: timeout) }
  }

  private mutating func end(_ job: Job) throws {
    if isCalm || !random.once(in: failures) {
      let before = machine
      try hear(.returned(job.node, job.attempt))
      let hasLeft =
        before.phase.isTerminal || before[job.node].undoAttempts > 0
        || job.attempt <= ledger[job.node].former
      if !hasLeft, before.phase != .unwinding, before.phase != .stuck, machine[job.node].effect != .completed
      {
        throw Violation(description: "the result of \(job) is lost")
      }
    } else {
      let isUnknown = random.once(in: 3)
      // Only who throws by itself has done nothing.
      if !isUnknown, machine[job.node].forward == .running, machine[job.node].attempts == job.attempt {
        spent.remove(job.node)
      }
      try hear(.threw(job.node, job.attempt, unknown: isUnknown))
    }
  }

  private mutating func endUndo(_ job: Job) throws {
    switch isCalm ? 0 : random.below(6) {
    case 0, 1, 2: try hear(.undoReturned(job.node, job.attempt))
    case 3: try hear(.undoThrew(job.node, job.attempt, impossible: true))
    default: try hear(.undoThrew(job.node, job.attempt, impossible: false))
    }
  }

  private mutating func fire(_ index: Int) throws {
    let timer = timers.remove(at: index)
    let isOfAnUndo = if case .undoRetryDue = timer.event { true } else { false }
    let isSloppy = !isCalm && random.once(in: isOfAnUndo ? 2 : 6)
    switch timer.event {
    case .retryDue, .undoRetryDue, .elapsed:
      if isSloppy { timers.append(timer) }  // says it twice, the first time perhaps too early
    default: break
    }
    if !isSloppy { clock = max(clock, timer.due) }
    switch timer.event {
    case .graceOver(let node, let attempt):
      if let flown = flying.firstIndex(of: Job(node: node, attempt: attempt)) {
        abandoned.append(flying.remove(at: flown))
      }
    case .undoGraceOver(let node, let attempt):
      if let flown = undoFlying.firstIndex(of: Job(node: node, attempt: attempt)) {
        undoAbandoned.append(undoFlying.remove(at: flown))
      }
    default: break
    }
    try hear(timer.event)
  }

  private mutating func set(_ event: Event, after delay: Duration) {
    timers.append(Timer(event: event, due: clock.advanced(by: delay)))
  }

  /// Everything in flight runs out of time at once, and then the process dies of it.
  private mutating func collapse() throws {
    let timeouts = timers.indices.reversed().filter {
      if case .timedOut = timers[$0].event { true } else { false }
    }
    for index in timeouts { try fire(index) }
    try crash()
  }

  /// The process dies with all that is in flight; another one reads the log.
  private mutating func crash() throws {
    noteCrash()
    machine = try replayed()
    guard machine == shadow else {
      throw Violation(description: "the log does not tell what the machine knew")
    }
    ordered = []
    flying = []
    abandoned = []
    undoFlying = []
    undoAbandoned = []
    timers = []
    listening = []
    try hear(.recover)
  }

  func replayed() throws -> SagaMachine {
    var copy = SagaMachine(plan: plan)
    for (entry, time) in log { try copy.apply(entry, at: time) }
    return copy
  }

  // MARK: Saying it, and doing what follows

  /// What somebody may have asked, where the machine is told this.
  private static func verbs(_ event: Event, _ phase: Phase) -> [Verb] {
    switch event {
    case .cancel(let compensating): [.cancel(compensating: compensating)]
    case .suspend: [.suspend]
    case .resume: [.resume, .retry]
    // Where it has not begun, `start(…, from:)` says it.
    case .resumeFrom(let node): phase == .created ? [] : [.resumeFrom(node)]
    case .compensate: [.compensate]
    case .skip(let node): [.skip(node)]
    case .retryCompensation: [.retryCompensation]
    case .skipCompensation(let node): [.skipCompensation(node)]
    case .abandon: [.abandon]
    default: []
    }
  }

  private mutating func hear(_ event: Event) throws {
    let wasTerminal = machine.phase.isTerminal
    let status = machine.status
    let steps = stepStatuses
    var recorder = Recorder()
    let owed = ledger.failuresToTell
    let isRefused = ledger.isPastPivot && (event == .cancel || event == .compensate)
    if event == .resume, !machine.unrepeatable.isEmpty { meet(.heldForGood) }
    let refusals = Self.verbs(event, machine.phase).map { machine.refusal(of: $0) }
    tellings = []
    try say(event, &recorder)
    var next = 0
    while next < recorder.actions.count {
      if case .ask(.root, .waves) = recorder.actions[next] {
        for answer in try answerWaves() { try say(answer, &recorder) }
      } else if case .ask(let node, let question) = recorder.actions[next] {
        let answer = try answer(node, question)
        count(answer, of: node, to: question)
        try say(.answered(node, answer), &recorder)
      }
      next += 1
    }
    noteMoves(from: status, steps)
    if !refusals.isEmpty, refusals.allSatisfy({ $0 != nil }), !recorder.entries.isEmpty {
      throw Violation(description: "\(event) was done, and is refused: \(refusals)")
    }
    if isRefused, !wasTerminal {
      meet(.refusedBehindThePivot)
      guard recorder.entries.isEmpty else { throw Violation(description: "\(event) behind the pivot") }
    }
    if wasTerminal, machine.status != status || !recorder.actions.isEmpty {
      throw Violation(description: "\(event) moved a saga that had ended")
    }
    let wrong = machine.miscounted
    guard wrong.isEmpty else { throw Violation(description: "after \(event): \(wrong)") }
    guard machine == shadow else { throw Violation(description: "after \(event): apply and handle differ") }
    if random.once(in: 200), try replayed() != machine {
      throw Violation(description: "after \(event): the log does not tell what the machine knows")
    }
    if events % 4 == 0, machine.isPackable, machine.repacked(since: clock) != machine {
      throw Violation(description: "after \(event): a rest changes it")
    }
    for action in recorder.actions { try perform(action) }
    guard tellings == Array(ledger.failuresToTell.dropFirst(owed.count)) else {
      throw Violation(description: "after \(event): told of \(tellings), and not of what failed for good")
    }
    try checkAwaited()
    try checkTogether()
  }

  private mutating func say(_ event: Event, _ recorder: inout Recorder) throws {
    events += 1
    count(event)
    let before = recorder.entries.count
    try machine.handle(event, at: clock, into: &recorder)
    for entry in recorder.entries[before...] {
      try checkTime(entry)
      note(entry)
      try ledger.accept(entry)
      try shadow.apply(entry, at: machine.time)
      log.append((entry, machine.time))
    }
  }

  private mutating func answer(_ node: NodeID, _ question: Question) throws -> Answer {
    switch question {
    case .branch:
      if random.once(in: 30) { return .failure }
      return .branch(random.once(in: 5) ? nil : UInt16(random.below(Int(plan[node].children))))
    case .key:
      guard plan[node].traits.contains(.asksKey) else {
        throw Violation(description: "the key of \(node) cannot fail")
      }
      return random.once(in: 12) ? .failure : .key
    case .failure where plan[node].kind == .wait:
      return isCalm || random.once(in: 2) ? .noFailure : .failure
    case .failure: return .failure
    case .output: return random.once(in: 10) ? .failure : .output
    case .retry, .undoRetry:
      guard plan[node].traits.contains(question == .retry ? .retries : .retriesUndo) else {
        throw Violation(description: "\(node) has no policy to ask")
      }
      if isCalm { return .retry(nil) }
      switch random.below(4) {
      case 0: return .retry(nil)
      case 1: return .retry(.zero)
      default: return .retry(.milliseconds(random.below(10_000)))
      }
    case .verdict:
      guard plan[node].traits.contains(.asksStrategy) else {
        throw Violation(description: "\(node) has no strategy to ask")
      }
      if ledger.isUnwinding { meet(.lateResultAskedAbout) }
      return .verdict([.now, .later, .never][random.below(3)])
    case .count, .deadline, .state, .requests, .waves:
      throw Violation(description: "no plan has anything to ask \(question) for")
    }
  }

  /// What is to be undone, in waves of any size, with gaps, some of it left out.
  private mutating func answerWaves() throws -> [Event] {
    var members = ledger.members
    guard plan.asksWaves, !members.isEmpty else {
      throw Violation(description: "there is no order to ask, or nothing to ask it about")
    }
    var answers: [Event] = []
    var wave = random.below(2)
    var inWave = 0
    while !members.isEmpty, !random.once(in: 6) {
      answers.append(.answered(members.remove(at: random.below(members.count)), .wave(UInt16(wave))))
      inWave += 1
      if inWave == 2 { meet(.waveOfSeveral) }
      if random.once(in: 2) {
        wave += 1 + random.below(3)
        inWave = 0
      }
    }
    if !members.isEmpty { meet(.leftOutOfTheOrder) }
    return answers + [.answered(.root, .waves)]
  }

  private mutating func perform(_ action: Action) throws {
    switch action {
    case .ask: break
    case .tellFailure(let node):
      guard plan[node].traits.contains(.tellsFailure), [.failed, .unknown].contains(machine[node].forward)
      else { throw Violation(description: "told of a failure of \(node), which has not failed") }
      tellings.append(node)
    case .limitSaga(let due):
      guard due == sagaDue else { throw Violation(description: "the saga is due at another time") }
      timers.append(Timer(event: .sagaTimedOut, due: due))
    case .limitUnwind(let due):
      guard due == unwindDue else { throw Violation(description: "the unwind is due at another time") }
      timers.append(Timer(event: .unwindTimedOut, due: due))
    case .run(let node, let attempt):
      let job = Job(node: node, attempt: attempt)
      guard !(ordered + flying).contains(where: { $0.node == node }) else {
        throw Violation(description: "two attempts of \(node) at a time")
      }
      ordered.append(job)
    case .stop(let node, let attempt):
      set(.graceOver(node, attempt), after: plan[node].settleGrace)
    case .sleep(let node, let due):
      timers.append(Timer(event: plan[node].kind == .step ? .retryDue(node) : .elapsed(node), due: due))
    case .listen(let node):
      guard plan[node].listens, !listening.contains(node) else {
        throw Violation(description: "\(node) listens twice, or to nothing")
      }
      listening.append(node)
    case .unlisten(let node):
      listening.removeAll { $0 == node }
      // One that is just due comes all the same.
      if !random.once(in: 4) { timers.removeAll { $0.event == .elapsed(node) } }
    case .undo(let node, let attempt):
      guard !undoFlying.contains(where: { $0.node == node }) else {
        throw Violation(description: "two attempts of the undo of \(node) at a time")
      }
      undoFlying.append(Job(node: node, attempt: attempt))
      if let timeout = plan[node].undoTimeout { set(.undoTimedOut(node, attempt), after: timeout) }
    case .stopUndo(let node, let attempt):
      set(.undoGraceOver(node, attempt), after: plan[node].settleGrace)
    case .sleepUndo(let node, let due):
      timers.append(Timer(event: .undoRetryDue(node), due: due))
    case .settle(let status):
      guard status == machine.status, status.isSettled else {
        throw Violation(description: "told \(status), is \(machine.status)")
      }
      guard settles.last.map({ !$0.isTerminal }) ?? true else {
        throw Violation(description: "ended twice")
      }
      settles.append(status)
    }
  }

  // MARK: What must hold

  /// Nobody acts beside an attempt that is still awaited.
  private func checkAwaited() throws {
    for job in flying {
      let row = machine[job.node]
      guard row.isActive, row.attempts == job.attempt else {
        throw Violation(description: "\(job) is in flight, and nobody awaits it")
      }
      guard !machine.phase.isTerminal, machine.phase != .unwinding, machine.phase != .stuck else {
        throw Violation(description: "\(job) is in flight in \(machine.phase)")
      }
    }
    for job in undoFlying {
      let row = machine[job.node]
      guard row.undo == .running || row.undo == .stopping, row.undoAttempts == job.attempt else {
        throw Violation(description: "the undo \(job) is in flight, and nobody awaits it")
      }
    }
  }

  /// What has to begin together has begun in the same record, and no strategy is left to be asked.
  private func checkTogether() throws {
    let isHeld = !ledger.heldBehindPivot.isEmpty
    guard !isHeld || machine.phase == .suspended,
      (machine.phase == .suspended && machine.status == .stuck) == (isHeld && machine.active == 0)
    else { throw Violation(description: "something failed behind the pivot, and does not hold the saga") }
    if let node = plan.all.first(where: { ledger.isOwedAtOnce($0) }) {
      throw Violation(description: "\(node) is to be undone at once, and is not")
    }
    if let node = plan.all.first(where: { ledger.awaitsVerdict($0) }) {
      throw Violation(description: "the strategy of \(node) was not asked")
    }
    if let node = ledger.owedInTheWave.first {
      throw Violation(description: "the undo of \(node) does not begin with its wave")
    }
    if machine.phase == .closing || machine.phase == .unwinding, machine.unwind?.isExpired != true,
      let due = unwindDue, !timers.contains(where: { $0.event == .unwindTimedOut && $0.due == due })
    {
      throw Violation(description: "nobody watches the time of the unwind")
    }
    let awaited = plan.all.filter { ledger.isWaiting($0) && machine.phase == .forward }
    guard listening.sorted() == awaited.filter({ plan[$0].listens }) else {
      throw Violation(description: "\(listening) listen, \(awaited) wait")
    }
    for node in awaited {
      guard let due = waitDue[node] else { continue }
      guard timers.contains(where: { $0.event == .elapsed(node) && $0.due == due }) else {
        throw Violation(description: "nobody watches the time of \(node)")
      }
    }
    if machine.phase.isTerminal, machine.waits != 0 || plan.all.contains(where: { ledger.isWaiting($0) }) {
      throw Violation(description: "something waits although the saga has ended")
    }
    if machine.phase == .forward, let due = sagaDue,
      !timers.contains(where: { $0.event == .sagaTimedOut && $0.due == due })
    {
      throw Violation(description: "nobody watches the time of the saga")
    }
  }

  /// Limits are counted from where the plan says, and never come early.
  private mutating func checkTime(_ entry: Entry) throws {
    switch entry {
    case .admitted: sagaDue = plan.timeout.map { machine.time.advanced(by: $0) }
    case .failing(let cause, let closing):
      if cause == .deadline, plan.suspendsOnFailure { throw Violation(description: "its time only holds it") }
      if cause == .deadline, sagaDue.map({ machine.time < $0 }) ?? true {
        throw Violation(description: "the saga has time left")
      }
      if closing == .unwind { unwindDue = plan.unwindTimeout.map { machine.time.advanced(by: $0) } }
    case .waiting(let node), .answered(let node, .key):
      waitDue[node] = plan[node].timeout.map { machine.time.advanced(by: $0) }
    case .elapsed(let node):
      if waitDue[node].map({ machine.time < $0 }) ?? true {
        throw Violation(description: "\(node) has time left")
      }
    case .unwindResumed: unwindDue = plan.unwindTimeout.map { machine.time.advanced(by: $0) }
    case .overdue:
      if sagaDue.map({ machine.time < $0 }) ?? true { throw Violation(description: "the saga has time left") }
      guard ledger.isPastPivot || plan.suspendsOnFailure else {
        throw Violation(description: "its time ends a saga that is neither past its pivot nor to be held")
      }
      sagaDue = nil
    case .unwindExpired where unwindDue.map { machine.time < $0 } ?? true:
      throw Violation(description: "the unwind has time left")
    default: break
    }
  }

  private func checkEnd() throws {
    guard settles.last == machine.status else {
      throw Violation(description: "nobody was told of \(machine.status)")
    }
    guard machine.phase != .completed, machine.phase != .stuck else { return }
    for node in plan.all where ledger.isStep(node) {
      let account = ledger[node]
      let isUndone = if case .undone = account.outcome { true } else { false }
      if isUndone { continue }
      let traits = plan[node].traits
      let isToBeUndone = ledger.needsUndo(node) && account.verdict != .never
      let isLeft =
        isToBeUndone || account.late
        || account.effect == .unknown && !traits.isDisjoint(with: .anyUndo)
          && !traits.contains(.undoesUnknown)
      if isLeft, !machine.isUnresolved(node) {
        throw Violation(description: "\(node) stands, and nobody says so")
      }
      if isToBeUndone, account.outcome == nil, machine.phase == .compensated {
        throw Violation(description: "\(node) was not undone")
      }
    }
  }

  // MARK: Coverage

  private mutating func count(_ event: Event) {
    let cell: Cell? =
      switch event {
      case .create: .saga(machine.phase, .create)
      case .admit: .saga(machine.phase, .admit)
      case .recover: .saga(machine.phase, .recover)
      case .skip, .giveUp: nil
      case .suspend: .saga(machine.phase, .suspend)
      case .resume: .saga(machine.phase, .resume)
      case .resumeFrom: .saga(machine.phase, .resumeFrom)
      case .compensate: .saga(machine.phase, .compensate)
      case .cancel(let compensating): .saga(machine.phase, compensating ? .cancel : .cancelKeeping)
      case .sagaTimedOut: .saga(machine.phase, .sagaTimedOut)
      case .unwindTimedOut: .saga(machine.phase, .unwindTimedOut)
      case .retryCompensation: .saga(machine.phase, .retryCompensation)
      case .abandon: .saga(machine.phase, .abandon)
      case .skipCompensation(let node): .undo(machine[node].undo, .skip)
      case .returned(let node, _): .step(machine[node].forward, .returned)
      case .threw(let node, _, let unknown): .step(machine[node].forward, unknown ? .threwUnknown : .threw)
      case .timedOut(let node, _): .step(machine[node].forward, .timedOut)
      case .graceOver(let node, _): .step(machine[node].forward, .graceOver)
      case .neverStarted(let node, _): .step(machine[node].forward, .neverStarted)
      case .retryDue(let node): .step(machine[node].forward, .retryDue)
      case .undoReturned(let node, _): .undo(machine[node].undo, .returned)
      case .undoThrew(let node, _, let impossible):
        .undo(machine[node].undo, impossible ? .impossible : .threw)
      case .undoTimedOut(let node, _): .undo(machine[node].undo, .timedOut)
      case .undoGraceOver(let node, _): .undo(machine[node].undo, .graceOver)
      case .undoRetryDue(let node): .undo(machine[node].undo, .retryDue)
      case .delivered(let node, _): cell(of: node, .delivered)
      case .elapsed(let node): cell(of: node, .elapsed)
      case .answered: nil  // counted by its question
      }
    if let cell { reached[cell, default: 0] += 1 }
  }

  private func cell(of node: NodeID, _ input: WaitInput) -> Cell? {
    switch plan[node].kind {
    case .wait: .wait(machine[node].forward, input)
    case .sleep: .sleep(machine[node].forward, input)
    case .sequential: .guarded(machine[node].forward, input)
    case .step, .parallel, .choice, .pivot, .fail, .output: nil
    }
  }

  private mutating func count(_ answer: Answer, of node: NodeID, to question: Question) {
    switch (question, answer) {
    case (.key, .key): if let cell = cell(of: node, .keyRead) { reached[cell, default: 0] += 1 }
    case (.key, .failure): if let cell = cell(of: node, .keyMissing) { reached[cell, default: 0] += 1 }
    case (.failure, .failure): if let cell = cell(of: node, .judgedFailed) { reached[cell, default: 0] += 1 }
    case (.failure, .noFailure): if let cell = cell(of: node, .judgedFine) { reached[cell, default: 0] += 1 }
    default: break
    }
    if case .verdict(let verdict) = answer {
      let input: UndoInput = verdict == .now ? .saidNow : verdict == .later ? .saidLater : .saidNever
      reached[.undo(machine[node].undo, input), default: 0] += 1
    }
    guard case .retry(let delay) = answer else { return }
    let cell: Cell =
      question == .retry
      ? .step(machine[node].forward, delay == nil ? .retryRefused : .retryGranted)
      : .undo(machine[node].undo, delay == nil ? .retryRefused : .retryGranted)
    reached[cell, default: 0] += 1
  }

  private var stepStatuses: [StepStatus] {
    plan.all.filter { plan[$0].settles }.map { machine.status(of: $0) }
  }

  /// What follows from going on from a node that somebody has named is told in words, not drawn.
  private mutating func noteMoves(from status: SagaStatus, _ steps: [StepStatus]) {
    let isMoved = log.contains { if case .resumed(.some) = $0.entry { true } else { false } }
    if isMoved { return }
    if machine.status != status { moves.insert("\(status.rawValue) --> \(machine.status.rawValue)") }
    for (from, to) in zip(steps, stepStatuses) where from != to {
      moves.insert("\(from.rawValue) --> \(to.rawValue)")
    }
  }

  private mutating func meet(_ situation: Situation) { met[situation, default: 0] += 1 }

  private mutating func noteCrash() {
    let isExpired = machine.unwind?.isExpired == true
    let open = machine.unwind?.open ?? 0
    if machine.phase == .closing, open > 0 { meet(.crashWhileUndoingAtOnce) }
    if machine.phase == .closing, isExpired { meet(.crashWhileClosingExpired) }
    if machine.phase == .unwinding, isExpired { meet(.crashWhileUnwindingExpired) }
    if machine.phase == .stuck, isExpired { meet(.crashWhileStuckExpired) }
    if !ledger.heldBehindPivot.isEmpty { meet(.crashWhileStuckBehindThePivot) }
    if machine.phase == .unwinding, open > 1 { meet(.crashInAWave) }
    if machine.phase == .unwinding, machine.rows.contains(where: { $0.undoBase > 0 }) {
      meet(.crashAfterARetry)
    }
  }

  /// Looks at an entry that the machine has applied, and the ledger has not accepted yet.
  private mutating func note(_ entry: Entry) {
    switch entry {
    case .resumed:
      for node in plan.all where ledger[node].isEnded {
        meet(machine[node].forward == .completed ? .scopeDoneWhileHeld : .scopeTakenUpAgain)
      }
      if plan.all.contains(where: { ledger.isWaiting($0) }) { meet(.resumedWithWaits) }
    case .recovered:
      if machine.phase == .forward, machine.waits > 0 { meet(.recoveredWithWaits) }
    case .failing(.node(let node), _) where plan[node].traits.contains(.guarded): meet(.scopeEnded)
    case .failing(.deadline, _): meet(.deadline)
    case .undoStarted(let node, _) where machine[node].forward == .skipped: meet(.undidWhatWasSkipped)
    case .undoStarted where !ledger.isUnwinding && ledger.underWay.count == 1: meet(.severalAtOnce)
    case .returnedLate(let node, _) where machine[node].forward == .pending: meet(.lateResultOfWhatIsToCome)
    case .returnedLate(let node, _) where ledger.isUnwinding && !ledger[node].isQueued:
      if machine[node].undo == .queued { meet(.lateResultQueuedBehind) }
      if ledger.isStuck { meet(.lateResultWhileStuck) }
    case .undone(let node, _) where ledger[node].isQueued: meet(.lateUndoWhileQueued)
    case .unwindExpired where !ledger.isUnwinding: meet(.expiredWhileClosing)
    case .stuck where ledger.isExpired && ledger.hasQueued: meet(.expiredWithSomethingQueued)
    case .attemptCut(let node, _) where shadow[node].forward == .running: meet(.cutOff)
    case .unwindResumed: meet(.retried)
    case .undoSkipped: meet(.skippedOne)
    case .ended(.compensated) where ledger.isExpired && !ledger.isStuck: meet(.expiredAndCompensated)
    case .ended(.compensated):
      if case .undoSkipped = log.last?.entry { meet(.skippedTheLast) }
    case .ended(.failed) where ledger.isStuck: meet(.abandoned)
    case .ended(.failed) where ledger.closing == .stop:
      meet(.stopped)
      if ledger.isPastPivot { meet(.stoppedBehindThePivot) }
    case .pivoted: meet(.passedThePivot)
    case .overdue where ledger.isPastPivot: meet(.overdueBehindThePivot)
    default: break
    }
  }
}

extension Event {
  /// Whether it ends the patience with an attempt of an action.
  fileprivate var isHasty: Bool {
    switch self {
    case .timedOut, .graceOver: true
    default: false
    }
  }
}
