/// A simulation that went wrong, and the seed that makes it go wrong again.
package struct SimulationFailure: Error, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: Sendable {
    /// The body threw an error.
    case thrown(any Error)
    /// Nothing was left to run and no time to pass, but the body had not returned.
    case deadlock
    /// The body was still going, or had left something going, after this many jobs.
    case endless(jobs: Int)
    /// Something outside resumed tasks of the simulation this many times: the run cannot be replayed.
    case foreignEnqueues(Int)
  }

  /// The seed that replays it.
  package let seed: UInt64
  /// What went wrong.
  package let reason: Reason
  /// How often something outside resumed a task of the simulation; any makes the replay unreliable.
  package let foreignEnqueues: Int

  /// The seed and what went wrong, with a hint at the likely cause.
  package var description: String {
    var text = "simulation with seed \(seed): "
    switch reason {
    case .thrown(let error):
      // The text of a failed `#require` is long, and the test's report has it already.
      let name = String(describing: type(of: error))
      text += name == "ExpectationFailedError" ? "a requirement was not met" : "\(error)"
    case .deadlock:
      text += """
        nothing is left to run, but the body has not returned: a deadlock or a lost wakeup, or the body waits for \
        something outside of the simulation (a plain Task {}, the system's clock, another thread)
        """
    case .endless(let jobs):
      text += """
        no end in sight after \(jobs) jobs: two parts keep each other busy, or one sleeps again and again
        """
    case .foreignEnqueues:
      text += "the run cannot be replayed"
    }
    if foreignEnqueues > 0 {
      text += """
        ; tasks of the simulation were resumed \(foreignEnqueues) times by something outside of it (a plain \
        Task {}, the system's clock, another thread)
        """
    }
    return text + ". Replay it with simulate(seeds: [\(seed)])."
  }
}
