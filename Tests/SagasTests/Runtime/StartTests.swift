import SagasTesting
import Testing

@testable import Sagas

/// Starting sagas, and the mistakes one can make there.
@Suite("Start")
struct StartTests {
  struct Greet: Saga {
    struct State: Codable, Sendable {
      let name: String
      let times: Int
    }
    var body: some Flow<State> { Step("greet") { $0.name } }
    func output(_ s: Context<State>) throws -> String { "hello \(s.name)" }
  }

  struct Other: Saga {
    struct State: Codable, Sendable {}
    var body: some Flow<State> { Step("x") { _ in 1 } }
  }

  private func code(_ body: () async throws -> Void) async -> SagaError.Code? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? SagaError)?.code
    }
  }

  @Test func mistakes_areTypedErrors_withTheRemedy() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      let sagas = bench.sagas
      try #require(
        await code { _ = try await sagas.start(Greet.self, .init(name: "a", times: 1)) } == .notRegistered)
      try await sagas.register(Greet())
      try #require(await code { try await sagas.register(Greet()) } == .alreadyRegistered)
      for id in ["", "a/b", "a[1]", "x#2", "x~2", "a\nb"] {
        try #require(
          await code { _ = try await sagas.start(Greet.self, .init(name: "a", times: 1), id: id) }
            == .invalidArgument)
      }
      try #require(await code { _ = try await sagas.start(named: "Nothing", json: "{}") } == .notRegistered)
      for json in ["", "{", "[]", "{\"name\":\"a\"}", "{\"name\":\"a\",\"times\":\"secret\"}"] {
        do {
          _ = try await sagas.start(named: "Greet", json: json)
          throw Refused(why: json)
        } catch let error as SagaError {
          try #require(error.code == .undecodableInput)
          try #require(!error.description.contains("secret"), "no values of the user's")
        }
      }
      let run = try await sagas.start(named: "Greet", json: "{\"name\":\"Ada\",\"times\":2}", id: "g")
      guard case .completed(let value) = await run.outcome else { throw Refused() }
      try #require(value.value(as: String.self) == "hello Ada")
      try #require(run.typed(as: Greet.self) != nil && run.typed(as: Other.self) == nil)
      do {
        _ = try await sagas.handle(Other.self, "g")
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .wrongType && error.saga == "g")
      }
    }
  }

  @Test func anInputThatCannotBeEncoded_isRefused_andNothingIsStarted() throws {
    struct Poison: Saga {
      struct State: Codable, Sendable { let value: Double }
      var body: some Flow<State> { Step("x") { _ in 1 } }
    }
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Poison())
      try #require(
        await code { _ = try await bench.sagas.start(Poison.self, .init(value: .nan), id: "p") }
          == .notEncodable)
      try #require(try await bench.sagas.report("p") == nil)
    }
  }

  @Test func aDuplicateId_carriesTheHandle_andJoins() throws {
    for encoding in [true, false] {
      try underSchedules(20) { simulation in
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
        let sagas = bench.sagas
        try await sagas.register(Greet())
        try await sagas.register(Other())
        let first = try await sagas.start(Greet.self, .init(name: "a", times: 1), id: "g")
        do {
          _ = try await sagas.start(Greet.self, .init(name: "b", times: 1), id: "g")
          throw Refused()
        } catch let error as SagaError {
          try #require(error.code == .alreadyExists && error.existing?.id == "g")
        }
        let joined = try await sagas.start(Greet.self, .init(name: "b", times: 1), id: "g", onExisting: .join)
        try #require(try await joined.output == "hello a")
        _ = await first.outcome
        // Also when it has ended.
        try #require(
          try await sagas.run(Greet.self, .init(name: "c", times: 1), id: "g", onExisting: .join) == "hello a"
        )
        try #require(
          await code { _ = try await sagas.start(Greet.self, .init(name: "d", times: 1), id: "g") }
            == .alreadyExists)
        try #require(
          await code { _ = try await sagas.start(Other.self, .init(), id: "g", onExisting: .join) }
            == .wrongType)
      }
    }
  }

  @Test func ofManyStartsWithOneId_exactlyOneWins() throws {
    for encoding in [true, false] {
      try underSchedules(40) { simulation in
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
        let sagas = bench.sagas
        try await sagas.register(Greet())
        let wins = await withTaskGroup(of: Bool.self) { group in
          for n in 0..<8 {
            group.addTask {
              (try? await sagas.start(Greet.self, .init(name: "\(n)", times: 1), id: "g")) != nil
            }
          }
          return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        try #require(wins == 1)
      }
    }
  }

  @Test func thousandsOfSagas_atOnce_onTheRealExecutor() async throws {
    let sagas = SagaOrchestrator(store: InMemoryStore(retention: .last(10)))
    try await sagas.register(Greet())
    let done = try await withThrowingTaskGroup(of: String.self) { group in
      for n in 0..<5_000 { group.addTask { try await sagas.run(Greet.self, .init(name: "\(n)", times: 1)) } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(done.count == 5_000)
    #expect(sagas.liveCount == 0)
  }

  @Test func theOutputThatThrows_isAStepFailureNamedOutput_andUnwinds() throws {
    struct Bad: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> { Step("a", \.a) { _ in 1 }.compensate { bench.log.append("undo \($0)") } }
      func output(_ s: Context<State>) throws -> Int { try s.b }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Bad(bench: bench), .init())
      let failure = try #require(outcome.failure)
      try #require(failure.step == "output" && (failure.error as? SagaError)?.code == .missing)
      try #require(bench.log.entries == ["undo 1"])
    }
  }
}
