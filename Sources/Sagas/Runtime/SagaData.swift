/// The values of one saga: its State as a fold over the journal, results, errors.
///
/// A step runs on a snapshot plus the writes of its ancestors. Branches of an open group do not see each other; the
/// join applies their writes in declaration order. The slot is the result: a result is kept apart only where it has
/// no slot, or is not in it (yet).
struct SagaData: Sendable {
  /// The State outside of open groups.
  var root: AnyStateBox
  private var more = More.none
  /// Events it has taken, in the order in which it took them.
  private(set) var consumed: [ConsumedEvent] = []

  /// In one word: of a saga that waits, most often nothing.
  private enum More {
    case none
    /// What the saga yields, once it has completed.
    case output(Shared<any Sendable>)
    case rare(Boxed<Rare>)
  }

  init(root: AnyStateBox) { self.root = root }

  /// What the saga yields, once it has completed.
  var output: (any Sendable)? {
    switch more {
    case .none: nil
    case .output(let output): output.value
    case .rare(let rare): rare.value.output?.value
    }
  }

  private mutating func yield(_ output: any Sendable) {
    if case .rare = more { rare.output = Shared(output) } else { more = .output(Shared(output)) }
  }

  /// What most sagas never need; made when something is put into it.
  var rare: Rare {
    get {
      if case .rare(let rare) = more { rare.value } else { Rare.none }
    }
    _modify {
      var rare =
        switch more {
        case .none: Boxed(Rare())
        case .output(let output): Boxed(Rare(output: output))
        case .rare(let rare): rare
        }
      // One owner, so that it is changed in place.
      more = .none
      defer { more = .rare(rare) }
      yield &rare.value
    }
  }

  // MARK: The fold

  /// Takes one entry into account, after the machine did. Given its rows only: a machine is much to pass along.
  mutating func fold(_ entry: Entry, _ payload: Payload, _ rows: [Row], _ program: SagaProgram) {
    switch entry {
    case .completed(let node, _):
      if case .value(let value, _) = payload { store(value, of: node, program) }
    case .returnedLate(let node, _):
      if case .value(let value, _) = payload { loose[node] = value }
    case .joined(let group):
      join(group, rows, program)
    case .delivered(let node, _) where !program.plan[node].traits.contains(.judgesEvent):
      keep(payload, of: node, program)
    case .answered(let node, .noFailure):
      keep(payload, of: node, program)
    case .elapsed(let node):
      guard program.plan[node].kind == .wait, !program.plan[node].traits.contains(.judgesTime) else { return }
      errors[node] = WaitTimedOut(
        step: program.plan.name(of: node), timeout: program.plan[node].timeout ?? .zero)
    case .answered(let node, .failure):
      errors[node] = payload.error
    case .answered(_, .output):
      if case .value(let value, _) = payload { yield(value) }
    case .answered(_, .waves):
      if case .value(let value, _) = payload { warnings += value as? [String] ?? [] }
    case .attemptFailed(let node, _, _):
      errors[node] = payload.error
    case .timedOut(let node, let attempt):
      errors[node] = StepTimedOut(
        step: program.plan.name(of: node), attempt: Int(attempt), timeout: program.plan[node].timeout ?? .zero
      )
    case .attemptCut(let node, let attempt):
      if let error = errors[node] as? StepTimedOut, error.attempt == Int(attempt) { return }
      let isCutOff =
        rows[Int(node.index)].flags.contains(.presumed) && program.plan[node].traits.contains(.atMostOnce)
      errors[node] =
        payload.error
        ?? (isCutOff ? .cutOff(step: program.plan.name(of: node), attempt: Int(attempt)) : nil)
        ?? SagaError(
          .unsettled, "was asked to stop and did not return within its settle grace",
          step: program.plan.name(of: node), attempt: Int(attempt))
    case .failing(let cause, _):
      failure =
        switch cause {
        case .node(let node): errors[node]
        case .cancelled: SagaCancelled()
        case .deadline: SagaTimedOut(timeout: program.plan.timeout ?? .zero)
        }
    case .undoTimedOut(let node, let attempt):
      rare.stopped[node] = attempt
      let name = program.plan.name(of: node)
      undoErrors[node] =
        rare.isUnwindOver
        ? SagaError.unwindOver(step: name, attempt: Int(attempt))
        : StepTimedOut(step: name, attempt: Int(attempt), timeout: program.plan[node].undoTimeout ?? .zero)
    case .unwindExpired: rare.isUnwindOver = true
    case .unwindResumed: rare.isUnwindOver = false
    case .undoAttemptFailed(let node, let attempt):
      guard let error = payload.error else { return }
      // That it was cancelled says less than why.
      if rare.stopped[node] == attempt, RecordedError.isCancellation(error) { return }
      undoErrors[node] = error
    case .undoImpossible(let node, _):
      if let error = payload.error { undoErrors[node] = error }
    case .undone(let node, _):
      undone.append(node)
    case .resumed(.some):
      refold(rows, program)
    case .created, .admitted, .recovered, .unwinding, .suspended, .resumed(nil), .overdue, .stuck, .parked,
      .ended,
      .answered, .pivoted, .stepSkipped, .waiting, .delivered, .childEnded, .started, .lateResult,
      .neverStarted,
      .failed, .undoStarted, .undoReturnedLate, .undoFailed, .undoSkipped:
      return
    }
  }

  /// Takes into account what an attempt has set in the scratch.
  mutating func record(_ writes: ScratchWrites) {
    for (name, value) in writes.values { scratch[name] = value }
  }

  /// Takes into account which event an entry is about.
  mutating func consume(_ number: UInt64, by entry: Entry) {
    if case .delivered(let node, _) = entry { consumed.append(ConsumedEvent(number: number, node: node)) }
  }

  /// The value of a wait; without a slot nothing is kept of it.
  private mutating func keep(_ payload: Payload, of node: NodeID, _ program: SagaProgram) {
    if case .value(let value, _) = payload, program[node].slot != nil { store(value, of: node, program) }
  }

  mutating func store(_ value: any Sendable, of node: NodeID, _ program: SagaProgram) {
    guard let slot = program[node].slot else {
      loose[node] = value
      return
    }
    // What an earlier attempt brought back too late counts no more.
    if !loose.isEmpty { loose[node] = nil }
    if let parent = program.plan[node].parent, program.plan[parent].kind == .parallel {
      held[node] = value
      return
    }
    write(value, into: slot, of: node, inScopeOf: node, program)
  }

  private mutating func write(
    _ value: any Sendable, into slot: SlotAccess, of writer: NodeID, inScopeOf node: NodeID,
    _ program: SagaProgram
  ) {
    if let branch = branch(of: node, program.plan) {
      var box = branches.removeValue(forKey: branch) ?? self.box(for: branch, program.plan).copy()
      displaced[writer] = Self.replace(value, in: slot, of: &box)
      branches[branch] = box
    } else if let old = Self.replace(value, in: slot, of: &root) {
      displaced[writer] = old
    }
  }

  /// Writes into a box that nobody else reads, a copy where need be: an attempt given up may still hold the
  /// present one. Returns what was in the slot.
  private static func replace(
    _ value: any Sendable, in slot: SlotAccess, of box: inout AnyStateBox
  ) -> (any Sendable)? {
    if !isKnownUniquelyReferenced(&box) { box = box.copy() }
    if RedactedValue.isOne(value) {
      let old = slot.read(box)
      slot.write(box, nil)
      return old
    }
    return slot.exchange(box, value)
  }

  mutating func join(_ group: NodeID, _ rows: [Row], _ program: SagaProgram) {
    for child in program.plan.children(of: group) {
      if let value = held.removeValue(forKey: child), let slot = program[child].slot {
        write(value, into: slot, of: child, inScopeOf: group, program)
      } else if let branch = branches.removeValue(forKey: child) {
        for writer in program.plan.subtree(of: child) {
          guard Int(writer.index) < rows.count, rows[Int(writer.index)].forward == .completed else {
            continue
          }
          guard let slot = program[writer].slot, let value = slot.read(branch) else { continue }
          // What it displaced was noted when it was written: the branch began as a copy of this scope.
          let displaced = displaced[writer]
          write(value, into: slot, of: writer, inScopeOf: group, program)
          self.displaced[writer] = displaced
        }
      }
    }
  }

  /// Takes all writes back, and returns what they were. Steps that are to run once more lose what is known of them.
  mutating func takeApart(_ rows: [Row], _ program: SagaProgram) -> [NodeID: any Sendable] {
    var values = held
    var views: [NodeID?: AnyStateBox] = [:]
    for writer in program.plan.all.prefix(rows.count).reversed() where held[writer] == nil {
      let row = rows[Int(writer.index)]
      guard row.forward == .completed || row.flags.contains(.withdrawn),
        let slot = program[writer].slot
      else { continue }
      let place = openBranch(of: writer, program.plan)
      let view = views[place] ?? (place.flatMap { branches[$0] } ?? root).copy()
      values[writer] = slot.read(view)
      slot.write(view, displaced[writer])
      views[place] = view
    }
    root = views[nil] ?? root
    branches = [:]
    held = [:]
    displaced = [:]
    for (index, row) in rows.enumerated() where row.flags.contains(.withdrawn) {
      loose[NodeID(index)] = nil
      errors[NodeID(index)] = nil
    }
    return values
  }

  /// The nearest open branch with a State of its own that a node is in.
  private func openBranch(of node: NodeID, _ plan: SagaPlan) -> NodeID? {
    var child: NodeID? = node
    while let candidate = child, branches[candidate] == nil { child = plan[candidate].parent }
    return child
  }

  // MARK: Views

  /// The State a node sees.
  func box(for node: NodeID, _ plan: SagaPlan) -> AnyStateBox {
    if branches.isEmpty { return root }
    var child = node
    while let parent = plan[child].parent {
      if plan[parent].kind == .parallel, let box = branches[child] { return box }
      child = parent
    }
    return root
  }

  /// The State the undo of a step sees: what the step saw, plus its own result.
  func undoView(of node: NodeID, _ machine: SagaMachine, _ program: SagaProgram) -> AnyStateBox {
    let plan = program.plan
    let view = withoutWrites(box(for: node, plan), machine, program) { writer in
      writer != node && !plan.isVisible(writer, to: node)
    }
    if let own = held[node] ?? loose[node], let slot = program[node].slot {
      slot.write(view, own)
    }
    return view
  }

  /// The State that what a node listens for is read from: the one it saw when it was reached, at any time until it has
  /// settled. Copies it only where something within a guarded sequence has written to it.
  func keyView(of node: NodeID, _ machine: SagaMachine, _ program: SagaProgram) -> AnyStateBox {
    let box = box(for: node, program.plan)
    let inside = program.plan.subtree(of: node).dropFirst().prefix { Int($0.index) < machine.rows.count }
    let hasWritten = inside.contains { machine[$0].forward == .completed && program[$0].slot != nil }
    guard hasWritten else { return box }
    return withoutWrites(box, machine, program) { node < $0 && $0 < program.plan[node].end }
  }

  /// The State the saga was started with.
  func inputView(_ machine: SagaMachine, _ program: SagaProgram) -> AnyStateBox {
    withoutWrites(root, machine, program) { _ in true }
  }

  /// A copy of a box in which some of the writes have not happened.
  private func withoutWrites(
    _ box: AnyStateBox, _ machine: SagaMachine, _ program: SagaProgram, of isLeftOut: (NodeID) -> Bool
  ) -> AnyStateBox {
    let view = box.copy()
    for writer in program.plan.all.prefix(machine.rows.count).reversed() {
      guard machine[writer].forward == .completed, held[writer] == nil, isLeftOut(writer),
        let slot = program[writer].slot
      else { continue }
      slot.write(view, displaced[writer])
    }
    return view
  }

  /// The result of a step, however it got it.
  func result(of node: NodeID, _ machine: SagaMachine, _ program: SagaProgram) -> (any Sendable)? {
    guard machine[node].effect == .completed else { return nil }
    if let value = held[node] ?? loose[node] { return value }
    guard let slot = program[node].slot else { return nil }
    // Where no write found anything, a slot still has what the one step that filled it has put there.
    if displaced.isEmpty { return slot.read(box(for: node, program.plan)) }
    return slot.read(undoView(of: node, machine, program))
  }

  /// The nearest branch of a group that a node is in, or is.
  private func branch(of node: NodeID, _ plan: SagaPlan) -> NodeID? {
    var child = node
    while let parent = plan[child].parent {
      if plan[parent].kind == .parallel { return child }
      child = parent
    }
    return nil
  }
}
