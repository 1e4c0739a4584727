import SagasTesting
import Testing

@testable import Sagas

/// One id, one saga: whoever starts, joins, cancels or claims at the same moment.
@Suite("Identity")
struct IdentityTests {
  struct Once: Saga {
    let bench: Workbench
    var takes: Duration = .seconds(1)
    struct State: Codable, Sendable {
      let from: String
      var a: Int?
    }
    var body: some Flow<State> {
      Step("a", \.a) { context in
        bench.log.append("a of \(context.from)")
        try await bench.sleep(takes)
        return 1
      }
      .compensate { _ in bench.log.append("undo a") }
    }
    func output(_ s: Context<State>) throws -> String { s.from }
  }

  struct Told: SagaEvent { var key = "k" }

  struct Patient: Saga {
    struct State: Codable, Sendable {
      let from: String
      var key = "k"
      var told: Told?
    }
    var body: some Flow<State> { WaitForEvent("wait", \.told, on: \.key, equals: \.key) }
    func output(_ s: Context<State>) throws -> String { s.from }
  }

  private func errorCode(_ body: () async throws -> Void) async -> SagaError.Code? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? SagaError)?.code
    }
  }

  /// The one that comes second finds the first one while that is still looking for an ended saga in the store.
  @Test func joinsAtTheSameTime_allGetTheSagaThatHasEnded() throws {
    try underSchedules { simulation in
      let store = FlakyStore(simulation)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Once(bench: first))
      try #require(try await first.sagas.run(Once.self, .init(from: "first"), id: "x") == "first")
      let bench = Workbench(simulation, store: store)
      try await bench.sagas.register(Once(bench: bench))
      let outputs = try await withThrowingTaskGroup(of: String.self) { group in
        for n in 0..<4 {
          group.addTask {
            try await bench.sleep(.milliseconds(60 * n))
            return try await bench.sagas.run(Once.self, .init(from: "\(n)"), id: "x", onExisting: .join)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try #require(outputs == ["first", "first", "first", "first"])
      try #require(bench.log.entries.isEmpty && bench.sagas.liveCount == 0)
    }
  }

  @Test func joinsAtTheSameTime_returnOnceTheCreationIsDurable() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: FlakyStore(simulation, failures: 30))
      try await bench.sagas.register(Once(bench: bench))
      let outcomes = await withTaskGroup(of: String.self) { group in
        for n in 0..<4 {
          group.addTask {
            do {
              let run = try await bench.sagas.start(
                Once.self, .init(from: "\(n)"), id: "x", onExisting: .join)
              guard try await bench.sagas.engine.journal.store.load("x") != nil else { return "too early" }
              return try await run.output
            } catch let error as SagaError {
              return "\(error.code)"
            } catch {
              return "\(error)"
            }
          }
        }
        return await group.reduce(into: Set()) { $0.insert($1) }
      }
      try #require(!outcomes.contains("too early"))
      let outputs = outcomes.subtracting(["storeFailed"])
      try #require(outputs.count <= 1, "\(outcomes)")
    }
  }

  @Test func aCancel_beforeTheCreationIsDurable_isNotLost() throws {
    for failures in [0, 20] {
      try underSchedules { simulation in
        let bench = Workbench(simulation, store: FlakyStore(simulation, failures: failures))
        try await bench.sagas.register(Once(bench: bench, takes: .hours(1)))
        let cancelling = Task(executorPreference: simulation.executor) {
          try await bench.sleep(.milliseconds(Int(simulation.seed) * 10))
          try await bench.sagas.cancel("x")
        }
        let run = try? await bench.sagas.start(Once.self, .init(from: "me"), id: "x")
        let cancelled = await Result { try await cancelling.value }
        switch (run, cancelled) {
        case (let run?, .success):
          let outcome = await run.outcome
          try #require(outcome.failure?.error is SagaCancelled)
        case (let run?, .failure(let error)):
          try #require((error as? SagaError)?.code == .notFound)
          try await run.cancel()
          _ = await run.outcome
        case (nil, .success): throw Refused(why: "cancelled what was never started")
        case (nil, .failure): break
        }
        try #require(bench.sagas.liveCount == 0)
      }
    }
  }

  /// A second orchestrator claims everything while the first one is about to create a saga.
  @Test(arguments: [true, false])
  func aClaim_duringAStart_losesNothing(encoding: Bool) throws {
    try underSchedules(100) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      let second = Workbench(simulation, store: store)
      for bench in [first, second] { try await bench.sagas.register(Once(bench: bench)) }
      let starting = Task(executorPreference: simulation.executor) {
        try await first.sagas.start(Once.self, .init(from: "me"), id: "x")
      }
      for _ in 0..<Int(simulation.seed % 7) { await Task.yield() }
      let recovered = try await second.sagas.recover().recovered
      let run = try await starting.value
      let owner = recovered == ["x"] ? second : first
      try await first.sleep(.hours(1))
      let report = try #require(try await owner.sagas.report("x"))
      try #require(report.status == .completed, "\(report.status) \(recovered)")
      try #require(second.sagas.liveCount == 0)
      if recovered.isEmpty { try #require(await run.outcome.isSuccess) }
    }
  }

  @Test(arguments: [true, false])
  func anIdThatAnotherOrchestratorRuns_isTaken(encoding: Bool) throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      let second = Workbench(simulation, store: store)
      for bench in [first, second] { try await bench.sagas.register(Once(bench: bench)) }
      let run = try await first.sagas.start(Once.self, .init(from: "first"), id: "x")
      try #require(
        await errorCode { _ = try await second.sagas.start(Once.self, .init(from: "second"), id: "x") }
          == .alreadyExists)
      try #require(try await run.output == "first")
      try #require(second.log.entries.isEmpty)
    }
  }

  /// Texts of the same characters are equal, in whichever bytes they are spelt.
  @Test(
    arguments: [true, false],
    [["caf\u{E9}", "cafe\u{301}"], ["cafe\u{301}", "caf\u{E9}"], ["K", "\u{212A}"]])
  func anIdInAnotherSpelling_isTheSameId(encoding: Bool, spellings: [String]) throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Patient())
      let run = try await bench.sagas.start(Patient.self, .init(from: "first"), id: spellings[0])
      await bench.settle()
      try #require(
        await errorCode {
          _ = try await bench.sagas.start(Patient.self, .init(from: "second"), id: spellings[1])
        } == .alreadyExists)
      let joined = try await bench.sagas.start(
        Patient.self, .init(from: "third"), id: spellings[1], onExisting: .join)
      try #require(bench.sagas.liveCount == 1)
      let found = try #require(try await bench.sagas.handle(Patient.self, spellings[1]))
      for other in [joined, found] {
        try #require(other.core.instance != nil && other.core.instance === run.core.instance)
        try #require(Array(other.id.utf8) == Array(spellings[0].utf8))
      }
      let published = try await bench.sagas.events.publish(Told())
      try #require(published.deliveredTo == [spellings[0]])
      try #require(try await joined.output == "first")
      try #require(bench.sagas.liveCount == 0)
    }
  }

  @Test(arguments: [true, false])
  func ofManyStarts_inTwoOrchestrators_oneWins(encoding: Bool) throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: encoding)
      let benches = [Workbench(simulation, store: store), Workbench(simulation, store: store)]
      for bench in benches { try await bench.sagas.register(Once(bench: bench)) }
      let codes = await withTaskGroup(of: SagaError.Code?.self) { group in
        for n in 0..<6 {
          group.addTask {
            await errorCode {
              _ = try await benches[n % 2].sagas.start(Once.self, .init(from: "\(n)"), id: "x")
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      try #require(codes.count { $0 == nil } == 1)
      try #require(codes.compactMap(\.self).allSatisfy { $0 == .alreadyExists }, "\(codes)")
      try await benches[0].sleep(.hours(1))
      try #require(benches.flatMap(\.log.entries).count == 1)
    }
  }

  /// A cancel that nobody carries out must not look like one that was.
  @Test(arguments: [true, false])
  func aCancel_ofASagaThatIsNotRunHere_throws(encoding: Bool) throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = Workbench(simulation, store: store)
      try await first.sagas.register(Once(bench: first, takes: .hours(1)))
      let before = try await first.sagas.start(Once.self, .init(from: "me"), id: "x")
      await first.log.waitFor("a of me")

      let second = Workbench(simulation, store: store)
      let early = await errorCode { try await second.sagas.cancel("x") }
      try #require(early == (encoding ? .notRegistered : .notFound))
      try #require(try await second.sagas.recover().parked.map(\.id) == ["x"])
      try #require(await errorCode { try await second.sagas.cancel("x") } == .notRegistered)
      if !encoding { try #require(await errorCode { try await before.cancel() } == .takenOver) }

      // A third one, which knows the definition, still gets it.
      let third = Workbench(simulation, store: store)
      try await third.sagas.register(Once(bench: third))
      try #require(try await third.sagas.recover().recovered == ["x"])
      let run = try #require(try await third.sagas.handle(Once.self, "x"))
      try await run.cancel()
      try #require(await run.outcome.failure?.error is SagaCancelled)
      try await run.cancel()
    }
  }

  /// Claims go to and fro, one after the other or all at once, while starts ask for the same ids.
  @Test(arguments: [true, false])
  func claims_toAndFro_loseNothing(encoding: Bool) throws {
    try underSchedules(100) { simulation in
      let store: any SagaStore =
        encoding && simulation.seed % 2 == 0
        ? FlakyStore(simulation, failures: 15) : InMemoryStore(encoding: encoding)
      let benches = (0..<3).map { _ in Workbench(simulation, store: store) }
      for bench in benches { try await bench.sagas.register(Once(bench: bench, takes: .seconds(3))) }
      let ids = ["x", "y", "z"]
      for id in ids {
        while (try? await benches[0].sagas.start(Once.self, .init(from: id), id: id)) == nil {}
      }
      await withTaskGroup(of: Void.self) { group in
        for n in 0..<6 {
          group.addTask {
            try? await benches[0].sleep(.milliseconds(n / 2 * 700))
            _ = try? await benches[(n + 1) % 3].sagas.recover()
          }
          group.addTask {
            try? await benches[0].sleep(.milliseconds(n / 2 * 700))
            _ = try? await benches[n % 3].sagas.start(
              Once.self, .init(from: "late"), id: ids[n % 3], onExisting: .join)
          }
        }
      }
      let last = benches[Int(simulation.seed % 3)]
      try await last.sagas.recover()
      try await last.sleep(.minutes(1))
      for id in ids {
        let report = try #require(try await last.sagas.report(id))
        try #require(
          report.status == .completed, "\(id) \(report.status) \(String(describing: report.error))")
      }
      for bench in benches { try #require(bench.sagas.supervisor.sagasWithDeadline == 0) }
      try #require(!benches.flatMap(\.log.entries).contains("a of late"))
    }
  }

  /// An ended saga that is not kept, an id that is used again, and a result that comes late.
  @Test(arguments: [true, false])
  func aLateResult_neverTouchesTheNextSagaOfThatId(encoding: Bool) throws {
    struct Slow: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let takes: Int
        var a: Int?
      }
      var body: some Flow<State> {
        Step("a", \.a) { context in
          await bench.sleepStubbornly(.seconds(context.takes))
          return context.takes
        }
        .timeout(.seconds(10)).settleGrace(.seconds(1))
        .compensate { _ in bench.log.append("undo") }.compensateUnknown { _ in bench.log.append("void") }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding, retention: .last(0)))
      try await bench.sagas.register(Slow(bench: bench))
      let first = try await bench.sagas.start(Slow.self, .init(takes: 15), id: "x")
      _ = await first.outcome
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(11))
      let second = try await bench.sagas.start(Slow.self, .init(takes: 9), id: "x")
      try await bench.sleep(.seconds(5))
      try #require(await first.report.unresolved.map(\.reason) == [.lateResult])

      let other = Workbench(simulation, store: bench.sagas.engine.journal.store)
      try await other.sagas.register(Slow(bench: other))
      try #require(try await other.sagas.recover().recovered == ["x"])
      let run = try #require(try await other.sagas.handle(Slow.self, "x"))
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.a == 9)
      _ = second
    }
  }

  /// The same where the next one has ended, too: what comes late is nobody's.
  @Test(arguments: StoreKind.allCases)
  func aLateResultOfAForgottenSaga_isLeftOut(kind: StoreKind) throws {
    struct Slow: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let takes: Int
        var a: Int?
      }
      var body: some Flow<State> {
        Step("a", \.a) { context in
          await bench.sleepStubbornly(.seconds(context.takes))
          return context.takes
        }
        .timeout(.seconds(10)).settleGrace(.seconds(1))
        .compensate { _ in }.compensateUnknown { _ in }
      }
    }
    try underSchedules(5) { simulation in
      for takes in [1, 40] {
        let store = try kind.make()
        let bench = Workbench(simulation, store: store)
        try await bench.sagas.register(Slow(bench: bench))
        let first = try await bench.sagas.start(Slow.self, .init(takes: 40), id: "x")
        _ = await first.outcome
        try await bench.sagas.forget("x")
        let second = try await bench.sagas.start(Slow.self, .init(takes: takes), id: "x")
        _ = await second.outcome
        let before = try await store.load("x")?.records?.count
        // The first one's has come, the second one's has not.
        try await bench.sleep(.seconds(takes == 1 ? 30 : 20))
        try #require(try await store.load("x")?.records?.count == before)
        try await bench.sleep(.minutes(1))
        try #require(bench.sagas.supervisor.sagasWithDeadline == 0, "nothing is tried for ever")
        let own = takes == 1 ? [] : [Unresolved.Reason.lateResult]
        try #require(try await bench.sagas.report("x")?.unresolved.map(\.reason) == own)
      }
    }
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
