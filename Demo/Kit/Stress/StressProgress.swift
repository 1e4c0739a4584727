import Sagas

/// Shows how far it is: in place on a terminal, otherwise a line for each tenth of very many.
final class StressProgress: Sendable {
  private let output: Terminal
  private let isScreen: Bool
  private let verb: String
  private let count: Int
  private let step: Int
  /// The next number that is worth telling.
  private let next: Lock<Int>

  /// - Parameters:
  ///   - verb: `parked`, say.
  ///   - count: how many there are.
  init(_ output: Terminal, isScreen: Bool, verb: String, count: Int) {
    self.output = output
    self.isScreen = isScreen
    self.verb = verb
    self.count = count
    step = max(count / (isScreen ? 100 : 10), 1)
    next = Lock(isScreen || count >= 100_000 ? step : .max)
  }

  func show(_ done: Int) {
    next.withLock { next in
      guard done >= next, done < count else { return }
      next = done - done % step + step
      output.write(isScreen ? "\r\(verb) \(done) of \(count)\u{1B}[K" : "  \(verb) \(done) of \(count)\n")
    }
  }

  func end() {
    if isScreen { output.write("\r\u{1B}[K") }
  }
}
