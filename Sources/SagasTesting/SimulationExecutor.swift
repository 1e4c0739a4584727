import Sagas

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs tasks on one thread, in an order drawn from a seed: the same seed gives the same run.
///
/// Every time more than one job could run, the seed decides which does. When none can, the virtual ``clock`` jumps
/// to its next deadline. Priorities count for nothing.
///
/// It sees what is enqueued on it: tasks started with it as their executor preference, their child tasks, and the
/// default actors these call. A plain `Task {}`, a timer of the system or another thread lies outside; when such a
/// thing resumes a simulated task, the run depends on real time and cannot be replayed. That is counted, and
/// reported as ``SimulationFailure/Reason/foreignEnqueues(_:)``.
package final class SimulationExecutor: TaskExecutor {
  private struct State: Sendable {
    var ready: [UnownedJob] = []
    var random: SeededRandom
    /// The thread that runs, or is about to run, the jobs.
    var thread: UInt
    var jobs = 0
    var foreignEnqueues = 0
  }

  /// The seed all choices follow from.
  package let seed: UInt64
  /// The time of this simulation, which moves only when nothing else can.
  package let clock: VirtualClock
  private let state: Lock<State>

  /// An executor whose choices follow from `seed`; its jobs run on the thread that calls ``run(maximumJobs:_:)``.
  package init(seed: UInt64, clock: VirtualClock = VirtualClock()) {
    self.seed = seed
    self.clock = clock
    state = Lock(State(random: SeededRandom(seed: seed), thread: Self.currentThread))
  }

  /// How many jobs have run: one for each stretch between two suspensions of a task.
  package var jobs: Int { state.withLock { $0.jobs } }

  /// Takes a job in; it runs when the seed says so.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let thread = Self.currentThread
    state.withLock { state in
      state.ready.append(job)
      if state.thread != thread { state.foreignEnqueues += 1 }
    }
  }

  /// Runs `body` and all it starts, and returns when `body` has returned and nothing more can run.
  ///
  /// From then on time stands still: whoever sleeps is woken as if cancelled, so that nothing stays behind.
  ///
  /// Throws a ``SimulationFailure`` when `body` throws; when nothing is left to run and no time to pass, but `body`
  /// has not returned; when something outside of the simulation has resumed a task of it; or when `maximumJobs` have
  /// run and there is no end. May be called from inside a task: it occupies that task's thread until it returns.
  package func run<Value: Sendable>(
    maximumJobs: Int = 10_000_000, _ body: @escaping @Sendable () async throws -> Value
  ) throws(SimulationFailure) -> Value {
    let thread = Self.currentThread
    state.withLock { $0.thread = thread }
    let outcome = Outcome<Value>()
    // Not detached, so that task-local values (which test is running) reach the body.
    let root = Task(name: "simulation \(seed)", executorPreference: self) {
      do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
    }

    let limit = jobs + maximumJobs
    while outcome.result == nil, jobs < limit, runOne() || clock.advanceToNextDeadline() {}
    let result = outcome.result
    while jobs < limit, runOne() {}
    let spent = jobs >= limit
    let foreign = state.withLock { $0.foreignEnqueues }

    // What is left is only brought to its end; nothing it does counts any more.
    if result == nil { root.cancel() }
    clock.shutDown()
    var remaining = 10_000
    while remaining > 0, runOne() { remaining -= 1 }

    if case .failure(let error) = result { throw failure(.thrown(error), foreign) }
    if spent { throw failure(.endless(jobs: maximumJobs), foreign) }
    guard case .success(let value) = result else { throw failure(.deadlock, foreign) }
    if foreign > 0 { throw failure(.foreignEnqueues(foreign), foreign) }
    return value
  }

  private func failure(_ reason: SimulationFailure.Reason, _ foreign: Int) -> SimulationFailure {
    SimulationFailure(seed: seed, reason: reason, foreignEnqueues: foreign)
  }

  /// Runs one of the jobs that are ready, chosen by the seed; `false` when there is none.
  private func runOne() -> Bool {
    let job = state.withLock { state -> UnownedJob? in
      guard !state.ready.isEmpty else { return nil }
      let chosen = Int.random(in: 0..<state.ready.count, using: &state.random)
      state.ready.swapAt(chosen, state.ready.count - 1)
      state.jobs += 1
      return state.ready.removeLast()
    }
    guard let job else { return false }
    job.runSynchronously(on: asUnownedTaskExecutor())
    return true
  }

  private static var currentThread: UInt {
    #if canImport(Darwin)
    UInt(bitPattern: pthread_self())
    #else
    UInt(pthread_self())
    #endif
  }

  /// What has become of the body.
  private final class Outcome<Value: Sendable>: Sendable {
    private let lock = Lock<Result<Value, any Error>?>(nil)

    var result: Result<Value, any Error>? { lock.withLock { $0 } }

    func set(_ result: Result<Value, any Error>) { lock.withLock { $0 = result } }
  }
}
