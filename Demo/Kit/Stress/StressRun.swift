import Sagas
import Synchronization

/// Parks very many sagas, measures them, and wakes them up.
struct StressRun: Sendable {
  /// What a phase took.
  struct Phase: Sendable {
    let duration: Duration
    let count: Int

    /// Sagas in a second.
    var rate: Int { Int(Double(count) / max(duration / .seconds(1), 1e-9)) }
  }

  /// How many sagas one worker has under way at a time.
  private static let batch = 128

  let count: Int
  let workers: Int
  let sagas: SagaOrchestrator
  private let tally: Tally

  /// Throws `DefinitionError` when the saga is not a valid one.
  init(count: Int, workers: Int, store: any SagaStore = InMemoryStore(), runtime: Runtime = Runtime())
    async throws
  {
    self.count = count
    self.workers = workers
    tally = Tally(count)
    sagas = SagaOrchestrator(store: store, runtime: runtime)
    try await sagas.register(Parked(tally: tally))
  }

  /// Starts all sagas; returns when each of them waits.
  ///
  /// - Parameter progress: told how many wait, from several tasks.
  /// Throws what a start throws, and ``StressFault`` where a saga ends instead of waiting.
  func park(_ progress: @escaping @Sendable (Int) -> Void) async throws -> Phase {
    try await inBatches(progress) { numbers in
      var runs: [SagaRun<Parked>] = []
      for number in numbers {
        runs.append(
          try await sagas.start(Parked.self, .init(number: number), id: Parked.text("saga", number)))
      }
      for run in runs {
        while true {
          let status = await run.status
          if status == .waiting { break }
          guard !status.isSettled else { throw StressFault("\(run.id) is \(status.rawValue), not waiting") }
          await Task.yield()
        }
      }
    }
  }

  /// Gives each saga its event; returns when all have ended.
  ///
  /// Throws what publishing throws, and ``StressFault`` where a saga does not get its event, or does not complete as
  /// it should.
  func drain(_ progress: @escaping @Sendable (Int) -> Void) async throws -> Phase {
    try await inBatches(progress) { numbers in
      var runs: [(number: Int, run: SagaRun<Parked>)] = []
      for number in numbers {
        let id = Parked.text("saga", number)
        guard let run = try await sagas.handle(Parked.self, id) else { throw StressFault("\(id) is gone") }
        let published = try await sagas.events.publish(Answer(key: Parked.text("key-", number)))
        guard published.deliveredTo == [id] else {
          throw StressFault("the event for \(id) was delivered to \(published.deliveredTo)")
        }
        runs.append((number, run))
      }
      for (number, run) in runs {
        guard case .completed(let output) = await run.outcome, output == Parked.output(of: number) else {
          throw StressFault("\(run.id) did not complete: \(await run.status.rawValue)")
        }
      }
    }
  }

  /// Throws ``StressFault`` unless each saga went on behind its wait exactly once, and none is left.
  func verify() throws {
    if let number = (0..<count).first(where: { tally.times($0) != 1 }) {
      throw StressFault("\(Parked.text("saga", number)) went on \(tally.times(number)) times")
    }
    guard sagas.liveCount == 0 else { throw StressFault("\(sagas.liveCount) sagas have not ended") }
  }

  private func inBatches(
    _ progress: @escaping @Sendable (Int) -> Void,
    _ body: @escaping @Sendable (Range<Int>) async throws -> Void
  ) async throws -> Phase {
    let clock = ContinuousClock()
    let begin = clock.now
    let next = Counter()
    let done = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<workers {
        group.addTask {
          while true {
            let first = next.add(Self.batch) - Self.batch
            guard first < count else { return }
            let numbers = first..<min(first + Self.batch, count)
            try await body(numbers)
            progress(done.add(numbers.count))
          }
        }
      }
      try await group.waitForAll()
    }
    return Phase(duration: clock.now - begin, count: count)
  }
}
