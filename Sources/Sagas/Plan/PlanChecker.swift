/// Finds all that is wrong with a draft.
struct PlanChecker {
  /// More nodes than this are refused; numbers of nodes have 16 bits.
  static let maximumNodes = 60_000

  private let saga: String
  private let draft: PlanDraft
  private(set) var problems: [DefinitionError.Problem] = []

  init(saga: String, draft: PlanDraft) {
    self.saga = saga
    self.draft = draft
  }

  /// Checks the definition as a whole, then each node in the order of the body.
  mutating func check(version: Int, defaults: StepDefaults, planDefaults: PlanDefaults) {
    if let problem = NameRules.problem(in: saga) {
      report(.invalidName, nil, "the saga \(problem), as in static let name = \"checkout\"")
    }
    if version < 1 {
      report(.invalidVersion, nil, "has version \(version); use 1 or higher for static let version")
    }
    check(defaults, of: "the saga's defaults")
    check(planDefaults.step, of: "the configuration's defaults")
    check(planDefaults.timeout, "the timeout of the configuration")
    check(planDefaults.unwindTimeout, "the unwindTimeout of the configuration")
    if draft.nodes.count == 2 {
      report(.emptyBody, nil, "the body has no steps; put at least one Step(\"name\") { ... } into it")
    }
    if draft.nodes.count > Self.maximumNodes {
      report(
        .tooLarge, nil,
        "the body has \(draft.nodes.count) parts, more than \(Self.maximumNodes); "
          + "move some of the work into the actions of fewer steps")
    }
    checkNames()
    checkPivot()
    for node in draft.nodes.indices { checkDeclarations(of: node) }
    checkSlots()
  }

  /// Checks what the saga declares beside its body.
  mutating func check(timeout: Duration?, unwindTimeout: Duration?, order: CompensationOrder) {
    check(timeout, "the saga's timeout")
    check(unwindTimeout, "the saga's unwindTimeout")
    guard case .list(let names) = order.kind else { return }
    let steps = Set(draft.nodes.filter { $0.kind == .step }.map(\.name))
    for name in names where !steps.contains(name) {
      report(
        .unknownName, name, "is named in the saga's compensationOrder, but there is no such step; take it out"
      )
    }
  }

  /// Checks how often the saga is recovered.
  mutating func check(recoveries: Int?) {
    if let recoveries, recoveries < 0 {
      report(
        .invalidLimit, nil,
        "the saga's recoveries are \(recoveries); use 0 or more, or nil for what the configuration says")
    }
  }

  /// Checks that nothing the saga declares would be passed over.
  mutating func check(ignored declarations: [String]) {
    for declaration in declarations { report(.ignoredDeclaration, nil, declaration) }
  }

  private mutating func report(_ code: DefinitionError.Problem.Code, _ step: String?, _ message: String) {
    problems.append(.init(code: code, saga: saga, step: step, message: message))
  }
}

// MARK: - Names

extension PlanChecker {
  private mutating func checkNames() {
    var uses: [String: Int] = [:]
    for node in draft.nodes where node.isNamed { uses[node.name, default: 0] += 1 }
    var reported: Set<String> = []
    for (number, node) in draft.nodes.enumerated() where node.isNamed {
      if let problem = NameRules.problem(in: node.name) {
        let name = node.name.allSatisfy(\.isWhitespace) ? nil : node.name
        report(.invalidName, name, "\(described(number)) \(problem)")
      } else if node.name == PlanDraft.outputName {
        if reported.insert(node.name).inserted {
          report(.reservedName, node.name, "is the name of the saga's own output; choose another one")
        }
      } else if let count = uses[node.name], count > 1, reported.insert(node.name).inserted {
        report(
          .duplicateName, node.name,
          "the name is used \(count) times; give each step, group and choice a name of its own, "
            + "it is the identity in the journal")
      }
    }
  }

  /// A node in words that do not need its name.
  private func described(_ number: Int) -> String {
    let node = draft.nodes[number]
    let place = draft.nodes[..<number].count { $0.kind == node.kind } + 1
    let kind =
      switch node.kind {
      case .step: "step"
      case .wait: "WaitForEvent"
      case .sleep: "Sleep"
      case .parallel: "Parallel"
      case .choice: "choice"
      case .pivot: "Pivot"
      case .fail: "Fail"
      case .sequential, .output: "part"
      }
    let enclosing = sequence(first: number) { draft.nodes[$0].parent }.dropFirst()
      .first { !draft.nodes[$0].name.isEmpty }
    return "\(kind) number \(place)" + (enclosing.map { " (in '\(draft.nodes[$0].name)')" } ?? "")
  }
}

// MARK: - The pivot

extension PlanChecker {
  private mutating func checkPivot() {
    let pivots = draft.nodes.indices.filter { draft.nodes[$0].kind == .pivot }
    for pivot in pivots where draft.nodes[pivot].parent != 0 {
      report(
        .misplacedPivot, draft.nodes[pivot].name,
        "the pivot stands inside of another part; put it directly into the body of the saga")
    }
    for pivot in pivots.dropFirst() {
      report(.misplacedPivot, draft.nodes[pivot].name, "there is a pivot before it; a saga has at most one")
    }
    guard let first = pivots.first else { return }
    for node in draft.nodes.indices where node > first && draft.nodes[node].kind == .fail {
      report(
        .misplacedPivot, draft.nodes[node].name,
        "a Fail behind the pivot cannot undo anything; put it before the pivot")
    }
    for number in draft.nodes.indices where number > first {
      guard let wait = draft.nodes[number].wait, wait.isFailing else { continue }
      let isScope = draft.nodes[number].kind == .sequential
      report(
        .misplacedPivot, isScope ? nil : wait.name,
        "\(isScope ? "a scope with .failing(on:)" : "its .failing") behind the pivot cannot undo anything; put it "
          + "before the pivot, or let a step decide what the event means")
    }
  }
}

// MARK: - What was declared on one node

extension PlanChecker {
  private mutating func checkDeclarations(of number: Int) {
    let node = draft.nodes[number]
    for value in node.repeatedCases {
      report(
        .duplicateCase, node.name,
        "has more than one Case(\(value)), of which only the first would be taken; merge them")
    }
    check(node.sleep, "its duration", step: node.name)
    if let wait = node.wait { check(wait, node) }
    guard let step = node.step else { return }
    check(step.code.slot, of: step.name)
    check(step.code.retry, "its retry policy", step: step.name)
    check(step.code.undoRetry, "its compensationRetry policy", step: step.name)
    check(step.code.timeout, "its timeout", step: step.name)
    check(step.code.undoTimeout, "its compensationTimeout", step: step.name)
    check(step.code.settleGrace, "its settleGrace", mayBeZero: true, step: step.name)
  }

  private mutating func check(_ slot: SlotAccess?, of step: String) {
    guard let slot, slot.isShared else { return }
    report(
      .sharedSlot, step,
      "writes \(slot.keyPath) in an instance of a class, which branches, undoes and reports would share; "
        + "make the State, and what in it has slots, structs")
  }

  private mutating func check(_ wait: WaitDefinition, _ node: PlanDraft.Node) {
    let name = node.kind == .wait ? node.name : nil
    check(wait.code.slot, of: node.name)
    check(wait.timeout, "its timeout", step: name)
    for delay in wait.after { check(delay, "the time of its After", step: name) }
    if wait.code.alternatives.isEmpty {
      report(
        .invalidWait, name,
        "waits for no event; give it an On(Event.self, ...), or use Sleep to let time pass")
    }
    if wait.after.count > 1 {
      report(
        .invalidWait, name, "has \(wait.after.count) After; only the earliest could be met, leave that one")
    }
    if wait.timeout != nil, !wait.after.isEmpty {
      report(
        .invalidWait, name,
        "has a .timeout and an After; leave out the one that is not meant: a timeout fails the saga, an After "
          + "goes on with its value")
    }
    var seen: [EventSource] = []
    for source in wait.code.alternatives {
      if seen.contains(where: { $0.type == source.type && $0.field == source.field }) {
        let field = source.field.map { "by \($0.keyPath)" } ?? "published to this saga"
        report(
          .invalidWait, name,
          "listens twice for \(source.type.name) \(field), where only the first would be taken; merge the two"
        )
      }
      seen.append(source)
    }
  }

  private mutating func check(_ defaults: StepDefaults, of owner: String) {
    check(defaults.retry, "the retry policy of \(owner)")
    check(defaults.timeout, "the timeout of \(owner)")
    check(defaults.settleGrace, "the settleGrace of \(owner)", mayBeZero: true)
    check(defaults.compensationRetry, "the compensationRetry policy of \(owner)")
    check(defaults.compensationTimeout, "the compensationTimeout of \(owner)")
  }

  private mutating func check(_ policy: RetryPolicy?, _ what: String, step: String? = nil) {
    for problem in policy?.problems ?? [] { report(.invalidRetry, step, "\(what) \(problem)") }
  }

  private mutating func check(
    _ duration: Duration?, _ what: String, mayBeZero: Bool = false, step: String? = nil
  ) {
    guard let duration, mayBeZero ? duration < .zero : duration <= .zero else { return }
    report(
      .invalidDuration, step,
      "\(what) is \(duration); use \(mayBeZero ? "zero or more" : "more than zero, or leave it out")")
  }
}

// MARK: - Slots

extension PlanChecker {
  private mutating func checkSlots() {
    var visible: Set<AnyKeyPath> = []
    _ = checkSlots(below: 0, visible: &visible)
  }

  /// Which step writes a slot, in the order of the body.
  private typealias Writes = [(slot: AnyKeyPath, step: String)]

  /// Checks a subtree.
  ///
  /// `visible` has the slots that something before it writes, and gets those of the subtree.
  private mutating func checkSlots(below number: Int, visible: inout Set<AnyKeyPath>) -> Writes {
    let node = draft.nodes[number]
    switch node.kind {
    case .pivot, .fail, .output, .sleep:
      return []
    case .wait:
      guard let slot = node.wait?.code.slot?.keyPath else { return [] }
      visible.insert(slot)
      return [(slot, node.name)]
    case .step:
      guard let step = node.step else { return [] }
      for slot in step.uses where !visible.contains(slot) { reportUnwritten(slot, in: number) }
      guard let slot = step.code.slot?.keyPath else { return [] }
      visible.insert(slot)
      return [(slot, node.name)]
    case .sequential:
      var writes: Writes = []
      for child in draft.children(of: number) { writes += checkSlots(below: child, visible: &visible) }
      return writes
    case .parallel, .choice:
      // Branches see what was there before, not each other.
      var writes: Writes = []
      for child in draft.children(of: number) {
        var seen = visible
        let added = checkSlots(below: child, visible: &seen)
        if node.kind == .parallel { reportConflicts(writes, added, in: node.name) }
        writes += added
      }
      visible.formUnion(writes.map(\.slot))
      return writes
    }
  }

  /// Reports each slot of a branch that an earlier branch writes too.
  private mutating func reportConflicts(_ earlier: Writes, _ later: Writes, in group: String) {
    guard !earlier.isEmpty, !later.isEmpty else { return }
    let first = Dictionary(earlier.map { ($0.slot, $0.step) }, uniquingKeysWith: { first, _ in first })
    var reported: Set<AnyKeyPath> = []
    for (slot, step) in later where reported.insert(slot).inserted {
      guard let other = first[slot] else { continue }
      report(
        .conflictingSlot, step,
        "writes \(slot), as '\(other)' does beside it in '\(group)'; give each a slot of its own, "
          + "or let one come after the other")
    }
  }

  private mutating func reportUnwritten(_ slot: AnyKeyPath, in number: Int) {
    let writer = draft.nodes.first { node in
      (node.code.slot?.keyPath).map { ($0 as AnyKeyPath) == slot } ?? false
    }
    let remedy =
      switch writer?.name {
      case nil: "let a step before it write that slot, or read it in the closure instead"
      case draft.nodes[number].name: "it is the step itself that writes it; use the slot of a step before it"
      case let name?: "'\(name)' writes it, but not before it; move that step before this one"
      }
    report(
      .unwrittenSlot, draft.nodes[number].name, "uses \(slot), which no step before it writes; \(remedy)")
  }
}

extension PlanDraft.Node {
  /// Whether the user has given it a name.
  fileprivate var isNamed: Bool { kind != .sequential && kind != .output }
}
