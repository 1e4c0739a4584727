extension NodeTree {
  /// Whether it comes to an end without anything from outside: nothing in it waits for an event, a time or another
  /// saga. Only then is there a limit to how long a saga takes without its saying so.
  var goesOnByItself: Bool {
    switch self {
    case .sequential(let pieces), .guarded(_, let pieces): pieces.allSatisfy(\.goesOnByItself)
    case .parallel(_, let branches): branches.allSatisfy(\.goesOnByItself)
    case .choice(let choice): choice.branches.allSatisfy { $0.tree.goesOnByItself }
    case .step, .pivot, .fail: true
    case .wait, .sleep: false
    }
  }
}
