import Sagas

extension Effect {
  var kind: EffectKind {
    switch self {
    case .completed: .completed
    case .failed: .failed
    case .unknown: .unknown
    }
  }
}
