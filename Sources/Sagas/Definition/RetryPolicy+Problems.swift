extension RetryPolicy {
  /// What is wrong with its numbers, with what would be right; empty when nothing is.
  var problems: [String] {
    var problems: [String] = []
    func require(_ condition: Bool, _ what: String) {
      if !condition { problems.append(what) }
    }
    func requireCount(_ retries: Int) {
      require(retries >= 0, "has \(retries) retries; use 0 or more, or .never")
    }
    switch schedule {
    case .fixed(let retries, let every):
      requireCount(retries)
      require(every >= .zero, "has the delay \(every); use zero or more for every:")
    case .linear(let retries, let step):
      requireCount(retries)
      require(step >= .zero, "has the delay \(step); use zero or more for step:")
    case .exponential(let retries, let from, let factor, let cap, let jitter):
      requireCount(retries)
      require(from >= .zero, "has the delay \(from); use zero or more for from:")
      require(
        factor >= 1 && factor.isFinite, "has the factor \(factor); use a finite one of 1 or more for factor:")
      if let cap { require(cap >= .zero, "has the cap \(cap); use zero or more for cap:, or nil") }
      if case .proportional(let fraction) = jitter.kind {
        require(
          (0...1).contains(fraction), "has the jitter .proportional(\(fraction)); use a fraction in 0...1")
      }
    case .custom:
      break
    }
    return problems
  }
}
