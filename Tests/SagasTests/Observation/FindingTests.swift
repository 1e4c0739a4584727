import SagasTesting
import Testing

@testable import Sagas

/// Finding sagas by what they are, page by page, over every store.
@Suite("Finding")
struct FindingTests {
  struct Job: Saga {
    static let name = "job"
    let bench: Workbench
    let gate: Gate
    struct State: Codable, Sendable { let n: Int }
    var body: some Flow<State> {
      Step("work") { context in
        if context.n % 3 == 0 { await gate.wait() }
        if context.n % 3 == 1 { throw Refused() }
      }
    }
  }

  struct Other: Saga {
    static let name = "other", version = 2
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("nothing") { _ in } }
  }

  /// Jobs 0…8, a second apart: every third runs, the ones behind those failed, the rest completed.
  private func bench(_ simulation: Simulation, _ kind: StoreKind, _ store: (any SagaStore)? = nil)
    async throws
    -> (Workbench, Job)
  {
    let bench = Workbench(simulation, store: try store ?? kind.make())
    let job = Job(bench: bench, gate: Gate())
    try await bench.sagas.register(job)
    for n in 0..<9 {
      let run = try await bench.sagas.start(
        Job.self, .init(n: n), id: "j\(n)",
        metadata: ["parity": n % 2 == 0 ? "even" : "o'dd", "n": "\(n)"])
      if n % 3 != 0 { _ = await run.outcome }
      try await bench.sleep(.seconds(1))
    }
    return (bench, job)
  }

  @Test(arguments: StoreKind.allCases)
  func byEverythingThereIs(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let began = simulation.clock.now
      func after(_ seconds: Int) -> Timestamp { began.advanced(by: .seconds(seconds)) }
      let (bench, job) = try await bench(simulation, kind)
      try await bench.sagas.register(Other())
      _ = try await bench.sagas.run(Other.self, .init(), id: "o")
      func ids(_ filter: SagaFilter) async throws -> String {
        try await bench.sagas.list(filter).map(\.id).joined(separator: " ")
      }
      try #require(try await ids(SagaFilter()) == "j0 j1 j2 j3 j4 j5 j6 j7 j8 o")
      try #require(try await ids(SagaFilter(name: "job")) == "j0 j1 j2 j3 j4 j5 j6 j7 j8")
      try #require(try await ids(SagaFilter(version: 2)) == "o")
      try #require(try await ids(SagaFilter(name: "job", version: 2)) == "")
      try #require(try await ids(SagaFilter(status: .running)) == "j0 j3 j6")
      try #require(try await ids(SagaFilter(status: .compensated)) == "j1 j4 j7")
      try #require(try await ids(SagaFilter(status: [.running, .completed])) == "j0 j2 j3 j5 j6 j8 o")
      try #require(try await ids(SagaFilter(status: [])) == "")
      try #require(try await ids(SagaFilter(metadata: ["parity": "o'dd"])) == "j1 j3 j5 j7")
      try #require(try await ids(SagaFilter(metadata: ["parity": "o'dd", "n": "5"])) == "j5")
      try #require(try await ids(SagaFilter(metadata: ["parity": "5"])) == "")
      try #require(try await ids(SagaFilter(startedFrom: after(2), startedBefore: after(5))) == "j2 j3 j4")
      try #require(try await ids(SagaFilter(endedFrom: after(2), endedBefore: after(5))) == "j2 j4")
      try #require(try await ids(SagaFilter(status: .running, endedBefore: after(5))) == "")

      try #require(try await bench.sagas.count() == [.running: 3, .compensated: 3, .completed: 4])
      try #require(
        try await bench.sagas.count(SagaFilter(name: "job", status: .completed)) == [.completed: 3])
      job.gate.open()
      for id in ["j0", "j3", "j6"] { _ = await (try await bench.sagas.handle(id))?.outcome }
      try #require(try await bench.sagas.count() == [.compensated: 3, .completed: 7])
      let report = try await bench.sagas.list(SagaFilter(metadata: ["n": "6"]))[0]
      try #require(report.status == .completed && report.completedSteps == ["work"])
    }
  }

  @Test(arguments: StoreKind.allCases)
  func pageByPage_whateverComesAndGoes(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let (bench, job) = try await bench(simulation, kind)
      let sagas = bench.sagas
      let first = try await sagas.list(limit: 3)
      try #require(first.map(\.id) == ["j0", "j1", "j2"])
      // The last of the page is gone, one in the middle of the next too, and another has come.
      try await sagas.forget("j2")
      try await sagas.forget("j4")
      _ = try await sagas.start(Job.self, .init(n: 2), id: "j2")
      let second = try await sagas.list(limit: 3, after: first.last)
      try #require(second.map(\.id) == ["j3", "j5", "j6"])
      let third = try await sagas.list(limit: 3, after: second.last?.id)
      try #require(third.map(\.id) == ["j7", "j8", "j2"])
      try #require(try await sagas.list(limit: 3, after: third.last).isEmpty)
      // With a filter a page is full as long as there are enough.
      let failed = SagaFilter(status: [.compensated, .running])
      let page = try await sagas.list(failed, limit: 2)
      try #require(page.map(\.id) == ["j0", "j1"])
      try #require(try await sagas.list(failed, limit: 9, after: page.last).map(\.id) == ["j3", "j6", "j7"])

      let gone = await #expect(throws: SagaError.self) { try await sagas.list(after: "j4") }
      try #require(gone?.code == .notFound)
      let none = await #expect(throws: SagaError.self) { try await sagas.list(limit: 0) }
      try #require(none?.code == .invalidArgument)
      job.gate.open()
    }
  }

  @Test(arguments: StoreKind.allCases)
  func forget_isForWhatHasEnded(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let (bench, job) = try await bench(simulation, kind)
      let sagas = bench.sagas
      let kept = try #require(try await sagas.handle("j1"))
      let running = await #expect(throws: SagaError.self) { try await sagas.forget("j0") }
      try #require(running?.code == .notFinished && running?.saga == "j0")
      try await sagas.forget("j1")
      let again = await #expect(throws: SagaError.self) { try await sagas.forget("j1") }
      try #require(again?.code == .notFound)
      try #require(try await sagas.report("j1") == nil)
      try #require(await kept.status == .compensated, "a handle still knows it")
      // The id is free, and what it now belongs to is not the one that was forgotten.
      let run = try await sagas.start(Job.self, .init(n: 3), id: "j1")
      try #require(await run.status == .running)
      job.gate.open()
      _ = await run.outcome
      try #require(try await sagas.report("j1")?.status == .completed)
    }
  }

  /// What cannot be run here is found as parked, with what can be told of it.
  @Test(arguments: StoreKind.allCases)
  func parkedOnes_andUnknownOnes(_ kind: StoreKind) throws {
    try underSchedules(5) { simulation in
      let store = try kind.make()
      let (_, job) = try await bench(simulation, kind, store)
      let other = Workbench(simulation, store: store)
      try #require(try await other.sagas.recover().parked.map(\.id) == ["j0", "j3", "j6"])
      let reports = try await other.sagas.list()
      try #require(
        reports.map(\.status) == [
          .parked, .compensated, .completed, .parked, .compensated, .completed, .parked, .compensated,
          .completed,
        ])
      try #require(reports[4].name == "job" && reports[4].metadata["n"] == "4")
      try #require(try await other.sagas.list(SagaFilter(status: .parked)).map(\.id) == ["j0", "j3", "j6"])
      try #require(try await other.sagas.list(SagaFilter(status: .running)).isEmpty)
      try #require(try await other.sagas.count() == [.parked: 3, .compensated: 3, .completed: 3])
      try #require(try await other.sagas.count(SagaFilter(status: .running)) == [:])
      let error = await #expect(throws: SagaError.self) { try await other.sagas.forget("j3") }
      try #require(error?.code == .notFinished)
      job.gate.open()
    }
  }

  /// A store of somebody's own that cannot find says so.
  @Test func aStoreThatCannot_saysSo() async throws {
    struct Plain: SagaStore {
      let inner = InMemoryStore(encoding: true)
      func append(
        _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
      ) -> Durability { inner.append(record, whenDurable: whenDurable) }
      func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
      func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
    }
    let sagas = SagaOrchestrator(store: Plain())
    for ask: @Sendable () async throws -> Void in [
      { _ = try await sagas.list() }, { _ = try await sagas.count() }, { try await sagas.forget("x") },
    ] {
      let error = await #expect(throws: SagaError.self) { try await ask() }
      #expect(error?.code == .unsupported)
    }
  }
}
