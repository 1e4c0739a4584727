/// What is ready to run, and the workers that run it.
///
/// Workers are chained: one that arrives and leaves work behind calls the next, and none is called while another is
/// still on its way. So there are about as many tasks as there are suspended steps and cores, not one per saga.
final class ReadyQueue: Sendable {
  private struct State {
    var jobs: [Job] = []
    /// How many of `jobs` have been taken.
    var taken = 0
    /// A worker was called and has not arrived.
    var isWorkerComing = false

    mutating func take() -> Job? {
      guard taken < jobs.count else { return nil }
      let job = jobs[taken]
      taken += 1
      if taken == jobs.count {
        jobs.removeAll(keepingCapacity: taken <= 1_024)
        taken = 0
      } else if taken > 1_024, taken * 2 > jobs.count {
        jobs.removeFirst(taken)
        taken = 0
      }
      return job
    }

    /// Whether a worker must be called now.
    mutating func needsWorker() -> Bool {
      guard taken < jobs.count, !isWorkerComing else { return false }
      isWorkerComing = true
      return true
    }
  }

  private let runtime: Runtime
  private let state = Lock(State())

  init(runtime: Runtime) { self.runtime = runtime }

  func submit(_ job: Job) {
    let needsWorker = state.withLock { state in
      state.jobs.append(job)
      return state.needsWorker()
    }
    if needsWorker { callWorker() }
  }

  private func callWorker() {
    let worker = Worker()
    worker.take(runtime.spawn("saga worker") { await self.work(worker) })
  }

  private func work(_ worker: Worker) async {
    state.withLock { $0.isWorkerComing = false }
    while true {
      let (job, needsWorker) = state.withLock { state in
        (worker.isSpent ? nil : state.take(), state.needsWorker())
      }
      if needsWorker { callWorker() }
      guard let job else { return }
      await job.saga.perform(job.work, on: worker)
    }
  }
}
