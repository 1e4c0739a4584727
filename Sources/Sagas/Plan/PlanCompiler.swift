/// Makes a program out of a definition, or says all that is wrong with it.
enum PlanCompiler {
  /// Reads the body of a saga once, checks it, and lays it out as a plan.
  /// - Parameters:
  ///   - saga: the definition, with its services.
  ///   - defaults: for what neither steps nor saga declare.
  /// - Returns: all the engine needs to run instances of the saga.
  /// - Throws: ``DefinitionError`` with every problem there is.
  static func compile<S: Saga>(
    _ saga: S, defaults: PlanDefaults = PlanDefaults()
  ) throws(DefinitionError) -> SagaProgram {
    let output = NodeCode.output(
      { box, run in try saga.output(Context(erased: box, run: run)) as S.Output }, ValueCoding(S.Output.self))
    let draft = PlanDraft(saga.body.node.tree, output: output)
    let sagaDefaults = saga.defaults

    var checker = PlanChecker(saga: S.name, draft: draft)
    checker.check(version: S.version, defaults: sagaDefaults, planDefaults: defaults)
    let timeout: Duration? = UnstatedTimeout.$value.withValue(defaults.timeout) { saga.timeout }
    let unwindTimeout: Duration? = saga.unwindTimeout
    // That of the configuration is checked as such.
    let ownTimeout = timeout == defaults.timeout ? nil : timeout
    checker.check(timeout: ownTimeout, unwindTimeout: unwindTimeout, order: saga.compensationOrder)
    checker.check(recoveries: saga.recoveries)
    checker.check(ignored: Declarations.ignored(of: saga))
    guard checker.problems.isEmpty else {
      throw DefinitionError(saga: S.name, version: S.version, problems: checker.problems)
    }

    let resolved = sagaDefaults.over(defaults.step)
    let plan = SagaPlan(
      nodes: draft.nodes.map { node($0, resolved) },
      names: draft.nodes.map(\.name),
      onCompensationFailure: saga.onCompensationFailure,
      closing: saga.failurePolicy == .stop ? .stop : .unwind,
      suspendsOnFailure: saga.failurePolicy == .suspend,
      timeout: timeout,
      unwindTimeout: unwindTimeout ?? defaults.unwindTimeout,
      recoveryLimit: saga.recoveries ?? defaults.recoveries,
      asksWaves: saga.compensationOrder.isAsked)
    let labels = draft.nodes.enumerated().compactMap { number, node in
      node.labels.map { (NodeID(number), $0) }
    }
    return SagaProgram(
      name: S.name, version: S.version, plan: plan,
      code: draft.nodes.map(\.code),
      state: StateCoding(S.State.self),
      identity: ObjectIdentifier(S.self),
      defaultRetry: resolved.retry ?? .never,
      defaultUndoRetry: resolved.compensationRetry ?? PlanDefaults.undoRetry,
      order: saga.compensationOrder,
      interceptors: defaults.interceptors + saga.interceptors,
      choiceLabels: Dictionary(labels, uniquingKeysWith: { first, _ in first }))
  }

  private static func node(_ draft: PlanDraft.Node, _ defaults: StepDefaults) -> PlanNode {
    var node = PlanNode(
      kind: draft.kind,
      parent: draft.parent.map { NodeID($0) },
      next: draft.next.map { NodeID($0) },
      end: NodeID(draft.end),
      children: UInt16(draft.children))
    if let wait = draft.wait { describe(wait, in: &node) }
    if let duration = draft.sleep { node.timeout = duration }
    guard let step = draft.step else { return node }
    node.traits = traits(of: step, defaults)
    node.timeout = step.code.timeout ?? defaults.timeout
    node.settleGrace = step.code.settleGrace ?? defaults.settleGrace ?? PlanDefaults.settleGrace
    node.undoTimeout = step.code.undoTimeout ?? defaults.compensationTimeout ?? PlanDefaults.undoTimeout
    return node
  }

  private static func describe(_ wait: WaitDefinition, in node: inout PlanNode) {
    let sources = wait.code.alternatives
    node.alternatives = UInt16(clamping: sources.count)
    node.timeout = wait.timeout ?? wait.after.first
    if node.kind == .sequential { node.traits.insert(.guarded) }
    if sources.contains(where: \.asksKey) { node.traits.insert(.asksKey) }
    if sources.contains(where: { $0.judge != nil }) { node.traits.insert(.judgesEvent) }
    if wait.code.afterTime != nil { node.traits.insert(.judgesTime) }
  }

  private static func traits(of step: StepDefinition, _ defaults: StepDefaults) -> PlanNode.Traits {
    var traits: PlanNode.Traits = []
    if step.isOptional { traits.insert(.optional) }
    if step.isAtMostOnce { traits.insert(.atMostOnce) }
    if step.code.onError != nil { traits.insert(.tellsFailure) }
    if step.code.undoCompleted != nil { traits.insert(.undoesCompleted) }
    if step.code.undoUnknown != nil { traits.insert(.undoesUnknown) }
    if step.code.undoFailed != nil { traits.insert(.undoesFailed) }
    if !(step.code.retry ?? defaults.retry ?? .never).isNever { traits.insert(.retries) }
    if !(step.code.undoRetry ?? defaults.compensationRetry ?? PlanDefaults.undoRetry).isNever {
      traits.insert(.retriesUndo)
    }
    switch step.code.strategy {
    case nil: break
    case .immediate: traits.insert(.undoesAtOnce)
    case .ask: traits.insert(.asksStrategy)
    }
    return traits
  }
}
