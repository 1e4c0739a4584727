import Sagas

/// Three steps; the process is killed in the middle of the second one.
struct Errand: Saga {
  let tally: Tally
  /// Where the second step is held.
  let barrier: Barrier

  struct State: Codable, Sendable {
    let number: Int
    /// Whether it is among those that are held.
    var isHeld = true
    var first: Int?, second: Int?
  }

  var body: some Flow<State> {
    Step("first", \.first) { $0.number &+ 1 }.compensate { _ in }
    Step("second", \.second) { context in
      if context.isHeld {
        tally.count(context.number)
        await barrier.wait()
      }
      return try context.first &* 2
    }
    .compensate { _ in }
    Step("third") { _ in }
  }

  func output(_ s: Context<State>) throws -> Int { try s.second }
}
