import SagasTesting
import Testing

@testable import Sagas

/// Live states of one saga and of all.
@Suite("Updates")
struct UpdateTests {
  struct Job: Saga {
    let bench: Workbench
    var failures = 2

    struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int? }

    var body: some Flow<State> {
      Step("a", \.a) { _ in
        try await bench.sleep(.seconds(1))
        return 1
      }
      Step("b", \.b) { context in
        try await bench.sleep(.seconds(1))
        context.run.report(progress: 0.5, stage: "half", message: "attempt \(context.run.attempt)")
        try await bench.sleep(.seconds(1))
        if context.run.attempt <= failures { throw Busy() }
        return 2
      }
      .retry(.fixed(retries: 3, every: .seconds(10)))
      Step("c", \.c) { _ in
        try await bench.sleep(.seconds(1))
        return 3
      }
    }
  }

  @Test func showStatusProgressStepsAttemptsStageAndMessage_andTheLastState() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench))
      let run = try await bench.sagas.start(Job.self, .init(), id: "j")
      var seen: [SagaUpdate] = []
      for await update in run.updates { seen.append(update) }
      try #require(
        seen.allSatisfy { $0.id == "j" && $0.name == "Job" && $0.steps.map(\.name) == ["a", "b", "c"] })
      try #require(seen.last?.status == .completed && seen.last?.progress == 1)
      try #require(seen.contains { $0.currentSteps == ["b"] && $0.attempt == 1 && $0.attempts == 4 })
      try #require(seen.contains { $0.currentSteps == ["b"] && $0.attempt == 3 && $0.status == .running })
      try #require(seen.contains { $0.status == .waiting && $0.currentSteps == ["b"] })
      try #require(seen.contains { $0.stage == "half" && $0.message == "attempt 2" && $0.progress == 0.5 })
      try #require(seen.filter { $0.currentSteps == ["c"] }.allSatisfy { $0.message == nil })
      let progress = seen.map(\.progress)
      try #require(progress.last == 1 && progress.first ?? 1 < 0.1)
    }
  }

  @Test func aSlowReader_seesTheLastState_andSlowsNothing() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench, failures: 0))
      let start = bench.clock.now
      let run = try await bench.sagas.start(Job.self, .init(), id: "j")
      var iterator = run.updates.makeAsyncIterator()
      _ = await iterator.next()
      _ = await run.outcome
      try #require(bench.elapsed(since: start) == .seconds(4))
      try await bench.sleep(.hours(1))
      var last: SagaUpdate?
      while let update = await iterator.next() { last = update }
      try #require(last?.status == .completed)
    }
  }

  @Test func oneStreamOverAllSagas_deliversTheLastStateOfEach() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench, failures: 1))
      var all = bench.sagas.updates.makeAsyncIterator()
      let ids = (1...20).map { "j\($0)" }
      for id in ids { _ = try await bench.sagas.start(Job.self, .init(), id: id) }
      try await bench.sleep(.hours(1))
      var last: [String: SagaStatus] = [:]
      while last.values.count(where: { $0 == .completed }) < ids.count {
        let update = try #require(await all.next())
        last[update.id] = update.status
      }
      try #require(last.keys.sorted() == ids.sorted())
    }
  }

  @Test func cancellingTheReader_endsItsLoop_notTheSaga() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Job(bench: bench, failures: 0))
      let run = try await bench.sagas.start(Job.self, .init(), id: "j")
      let reader = Task(executorPreference: simulation.executor) {
        var count = 0
        for await _ in run.updates { count += 1 }
        return count
      }
      try await bench.sleep(.seconds(2))
      reader.cancel()
      _ = await reader.value
      try #require(await run.outcome.isSuccess)
    }
  }

  /// Before, while and after it runs, over writes that take time and fail, and when another one takes it over.
  @Test func everyReader_whenItComes_getsTheLastState_andAnEnd() throws {
    for isTakenOver in [false, true] {
      try underSchedules { simulation in
        let store: any SagaStore =
          switch simulation.seed % 3 {
          case 0: InMemoryStore()
          case 1: InMemoryStore(encoding: true)
          default: FlakyStore(simulation, failures: 20)
          }
        let bench = Workbench(simulation, store: store)
        try await bench.sagas.register(Job(bench: bench, failures: 1))
        guard let run = try? await bench.sagas.start(Job.self, .init(), id: "j") else { return }
        async let last = withTaskGroup(of: SagaStatus?.self) { group in
          for n in 0..<24 {
            group.addTask {
              try? await bench.sleep(.milliseconds(900 * n))
              var last: SagaStatus?
              for await update in run.updates { last = update.status }
              return last
            }
          }
          return await group.reduce(into: Set()) { $0.insert($1) }
        }
        if isTakenOver {
          try await bench.sleep(.seconds(3))
          let other = Workbench(simulation, store: store)
          try await other.sagas.register(Job(bench: other, failures: 1))
          try #require(try await other.sagas.recover().recovered == ["j"])
          try #require(try await #require(other.sagas.handle(Job.self, "j")).outcome.isSuccess)
        }
        try #require(await last == [isTakenOver ? .parked : .completed])
      }
    }
  }

  @Test func mailbox_keepsTheNewest_inBoundedRoom() async {
    func update(_ id: String, _ progress: Double) -> SagaUpdate {
      SagaUpdate(
        id: id, name: "n", status: .running, progress: progress, steps: [], currentSteps: [], attempt: 0,
        attempts: 0, stage: nil, message: nil)
    }
    let single = UpdateMailbox(.keepNewest(4))
    for n in 1...100 { single.push(update("a", Double(n))) }
    single.finish()
    var read: [Double] = []
    while let next = await single.next() { read.append(next.progress) }
    #expect(read == [97, 98, 99, 100])

    let all = UpdateMailbox(.keepNewestPerSaga)
    for n in 1...100 { for id in ["a", "b", "c"] { all.push(update(id, Double(n))) } }
    let first = await all.next()
    #expect(first?.id == "a" && first?.progress == 100)
    all.push(update("a", 101))
    all.push(update("b", 102))
    var rest: [String] = []
    for _ in 0..<3 { if let next = await all.next() { rest.append("\(next.id) \(next.progress)") } }
    #expect(rest == ["b 102.0", "c 100.0", "a 101.0"])
  }
}
