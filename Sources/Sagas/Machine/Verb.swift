/// What somebody can ask of a saga that is there.
enum Verb: Hashable, Sendable {
  case cancel(compensating: Bool)
  case suspend
  case resume
  case resumeFrom(NodeID)
  case compensate
  case retry
  case skip(NodeID)
  case retryCompensation
  case skipCompensation(NodeID)
  case abandon

  /// What the machine is told.
  var event: Event {
    switch self {
    case .cancel(let compensating): .cancel(compensating: compensating)
    case .suspend: .suspend
    case .resume, .retry: .resume
    case .resumeFrom(let node): .resumeFrom(node)
    case .compensate: .compensate
    case .skip(let node): .skip(node)
    case .retryCompensation: .retryCompensation
    case .skipCompensation(let node): .skipCompensation(node)
    case .abandon: .abandon
    }
  }
}
