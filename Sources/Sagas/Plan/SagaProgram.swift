/// A plan and the closures that belong to its nodes: all the engine needs to run instances of one definition.
final class SagaProgram: Sendable {
  let kind: SagaKind
  let plan: SagaPlan
  /// One entry per node of the plan.
  let code: [NodeCode]
  /// The `State` of the saga, in a box.
  let state: StateCoding
  /// The `Saga` type the program was made from.
  let identity: ObjectIdentifier
  /// Retries of steps that declare none; from the saga's defaults, else from the configuration.
  let defaultRetry: RetryPolicy
  /// Retries of undoes that declare none.
  let defaultUndoRetry: RetryPolicy
  /// In which order steps are undone.
  let order: CompensationOrder
  /// What stands around every attempt, the outermost first.
  let interceptors: [any Interceptor]
  /// What a diagram writes beside the ways out of a choice.
  let choiceLabels: [NodeID: ChoiceLabels]
  /// Counts what becomes of its sagas, those started with options of their own included.
  let tally: SagaTally
  /// All that its nodes listen for.
  let eventSources: [EventSource]
  /// The names of the events among that, each once.
  let eventNames: [String]
  /// Of the plan, whatever a saga is started with.
  let fingerprint: Fingerprint
  /// Its steps, for whoever looks into a store.
  let outline: SagaOutline
  /// The nodes whose results leave the store with the end of a saga: those marked so, and all that write their slots.
  let redacted: [NodeID]

  init(
    name: String, version: Int, plan: SagaPlan, code: [NodeCode], state: StateCoding,
    identity: ObjectIdentifier,
    defaultRetry: RetryPolicy, defaultUndoRetry: RetryPolicy,
    order: CompensationOrder = .reverseCompletion, interceptors: [any Interceptor] = [],
    choiceLabels: [NodeID: ChoiceLabels] = [:], tally: SagaTally = SagaTally(),
    fingerprint: Fingerprint? = nil, outline: SagaOutline? = nil
  ) {
    kind = SagaKind(name: name, version: version)
    self.plan = plan
    self.code = code
    self.state = state
    self.identity = identity
    self.defaultRetry = defaultRetry
    self.defaultUndoRetry = defaultUndoRetry
    self.order = order
    self.interceptors = interceptors
    self.choiceLabels = choiceLabels
    self.tally = tally
    eventSources = code.flatMap { $0.wait?.value.alternatives ?? [] }
    redacted = Self.redacted(code)
    eventNames = Set(eventSources.map(\.type.name)).sorted()
    self.fingerprint = fingerprint ?? Fingerprint(plan, code)
    self.outline = outline ?? SagaOutline(plan, code)
  }

  var name: String { kind.name }
  var version: Int { kind.version }

  subscript(node: NodeID) -> NodeCode { code[Int(node.index)] }

  /// Whether the result of a node leaves the store with the end of a saga.
  func isRedacted(_ node: NodeID) -> Bool { redacted.contains(node) }

  private static func redacted(_ code: [NodeCode]) -> [NodeID] {
    let marked = code.filter { $0.step?.value.isRedacted == true }
    if marked.isEmpty { return [] }
    let slots = Set(marked.compactMap { $0.slot?.keyPath as AnyKeyPath? })
    return code.indices.filter { index in
      code[index].step?.value.isRedacted == true
        || code[index].slot.map { slots.contains($0.keyPath) } == true
    }.map { NodeID($0) }
  }
}
