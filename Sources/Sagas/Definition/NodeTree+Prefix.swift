extension NodeTree {
  /// The same with a prefix before every name. What has no name stays without one, so that it is still reported.
  func prefixed(_ prefix: String) -> NodeTree {
    func longer(_ name: String) -> String {
      name.allSatisfy(\.isWhitespace) ? name : "\(prefix): \(name)"
    }
    switch self {
    case .sequential(let pieces):
      return .sequential(pieces.map { $0.prefixed(prefix) })
    case .guarded(let definition, let pieces):
      return .guarded(definition, pieces.map { $0.prefixed(prefix) })
    case .parallel(let name, let branches):
      return .parallel(name: longer(name), branches: branches.map { $0.prefixed(prefix) })
    case .choice(var choice):
      choice.name = longer(choice.name)
      for index in choice.branches.indices {
        choice.branches[index].tree = choice.branches[index].tree.prefixed(prefix)
      }
      return .choice(choice)
    case .step(var step):
      step.name = longer(step.name)
      return .step(step)
    case .wait(var wait):
      wait.name = longer(wait.name)
      return .wait(wait)
    case .sleep(let name, let duration):
      return .sleep(name: longer(name), duration)
    case .pivot(let name):
      return .pivot(name: longer(name))
    case .fail(let name, let error):
      return .fail(name: longer(name), error)
    }
  }
}
