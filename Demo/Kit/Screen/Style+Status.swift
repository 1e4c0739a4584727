import Sagas

extension Style.Colour {
  /// The colour of a status; grey where there is none yet.
  init(_ status: SagaStatus?) {
    switch status {
    case .completed: self = .green
    case .running, .created: self = .cyan
    case .waiting, .suspended: self = .yellow
    case .compensating: self = .magenta
    case .compensated: self = .blue
    case .failed, .stuck, .parked: self = .red
    case nil: self = .grey
    }
  }
}
