/// How a saga that was handed over by the store is taken up.
enum RecoveryWay: Sendable, Hashable {
  /// It goes on, unless it was recovered too often.
  case byItself
  /// It goes on, because somebody wants it to.
  case byHand
  /// It is cancelled before anything of it begins.
  case cancelled(compensating: Bool)
  /// It was recovered too often, and nothing of it is to be run any more.
  case givenUp

  /// What the machine is told, in one record.
  var events: [Event] {
    switch self {
    case .byItself: [.recover(byHand: false)]
    case .byHand: [.recover(byHand: true)]
    case .cancelled(let compensating): [.recover(byHand: true), .cancel(compensating: compensating)]
    case .givenUp: [.giveUp, .abandon]
    }
  }
}
