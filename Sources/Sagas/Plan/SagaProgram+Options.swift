extension SagaProgram {
  /// The program for a saga that was started with options: a plan of its own, the same closures.
  ///
  /// Sagas without options share this one, and look at nothing.
  func with(_ options: StartOptions?) -> SagaProgram {
    guard let options, !options.isEmpty else { return self }
    let (retry, undoRetry) = (options.defaults.retry, options.defaults.compensationRetry)
    let nodes = plan.nodes.enumerated().map { number, node in
      var node = node
      guard let code = code[number].step else { return node }
      if let timeout = options.defaults.timeout, code.value.timeout == nil {
        node.timeout = timeout
      }
      if let grace = options.defaults.settleGrace, code.value.settleGrace == nil { node.settleGrace = grace }
      if let timeout = options.defaults.compensationTimeout, code.value.undoTimeout == nil {
        node.undoTimeout = timeout
      }
      for (policy, own, trait) in [
        (retry, code.value.retry, PlanNode.Traits.retries),
        (undoRetry, code.value.undoRetry, .retriesUndo),
      ] {
        guard let policy, own == nil else { continue }
        if policy.isNever { node.traits.remove(trait) } else { node.traits.insert(trait) }
      }
      return node
    }
    let policy = options.failurePolicy
    let plan = SagaPlan(
      plan, nodes: nodes, closing: policy.map { $0 == .stop ? .stop : .unwind } ?? plan.closing,
      suspendsOnFailure: policy.map { $0 == .suspend } ?? plan.suspendsOnFailure,
      timeout: options.timeout ?? plan.timeout)
    return SagaProgram(
      name: name, version: version, plan: plan, code: code, state: state, identity: identity,
      defaultRetry: retry ?? defaultRetry, defaultUndoRetry: undoRetry ?? defaultUndoRetry, order: order,
      interceptors: interceptors, choiceLabels: choiceLabels, tally: tally,
      fingerprint: fingerprint, outline: outline)
  }
}
