extension SagaMachine {
  /// What would end that the saga stands still, the mildest first; empty while it goes on by itself.
  var waysOut: [Verb] {
    let nodes = plan.all.prefix(rows.count)
    let verbs: [Verb] =
      switch status {
      case .suspended: [.resume] + nodes.map { .skip($0) } + [.compensate, .cancel(compensating: true)]
      case .stuck:
        [.retry, .retryCompensation] + nodes.map { .skip($0) } + nodes.map { .skipCompensation($0) }
      case .created, .running, .waiting, .compensating, .completed, .compensated, .failed, .parked: []
      }
    return verbs.isEmpty ? [] : (verbs + [.abandon]).filter { refusal(of: $0) == nil }
  }
}
