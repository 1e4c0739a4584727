import SagasTesting
import Testing

@testable import Sagas

/// Promise 8, for each way to say which events a wait or a scope is about.
@Suite("8 Events: forms")
struct Promise08FormTests {
  struct Numbered: SagaEvent {
    let number: Int
    var room = ""
  }

  /// A scope that an event ends, told in one of three ways, around a wait in a part that is used twice.
  struct Guarded: Saga {
    struct Listen: Part {
      typealias State = Guarded.State
      let slot: Slot<State, Said>
      var body: some Flow<State> { WaitForEvent("listen", slot, for: Said.self) }
    }

    struct State: Codable, Sendable {
      var number: Int?, first: Said?, second: Said?
    }

    var body: some Flow<State> {
      Step("draw", \.number) { _ in 7 }
      Sequential {
        Listen(slot: \.first).named("one")
        Listen(slot: \.second).named("two")
      }
      .failing(on: Numbered.self, \.number, equalsResult: \.number) { _ in Refused() }
      .failing(on: Numbered.self, \.room) { _ in Busy() }
      .failing(on: Paid.self) { _ in Late() }
    }
  }

  struct Late: Error, Codable {}

  private func guarded(_ simulation: Simulation) async throws -> (Workbench, SagaRun<Guarded>) {
    let bench = Workbench(simulation)
    try await bench.sagas.register(Guarded())
    let run = try await bench.sagas.start(Guarded.self, .init(), id: "g")
    await bench.settle()
    return (bench, run)
  }

  @Test func aScope_isEndedByAResult() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await guarded(simulation)
      let events = bench.sagas.events
      try #require(try await events.publish(Numbered(number: 8)).deliveredTo.isEmpty)
      try #require(try await events.publish(Numbered(number: 7)).deliveredTo == ["g"])
      try #require(await run.outcome.failure?.error is Refused)
    }
  }

  @Test func aScope_isEndedByTheSagasOwnID() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await guarded(simulation)
      let events = bench.sagas.events
      try #require(try await events.publish(Numbered(number: 1, room: "h")).deliveredTo.isEmpty)
      try #require(try await events.publish(Numbered(number: 1, room: "g")).deliveredTo == ["g"])
      try #require(await run.outcome.failure?.error is Busy)
    }
  }

  @Test func aScope_isEndedByAnEventThatIsPublishedToTheSaga() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await guarded(simulation)
      let events = bench.sagas.events
      try #require(try await events.publish(Paid(order: "o1")).deliveredTo.isEmpty)
      try #require(try await events.publish(Paid(order: "o1"), to: "g").deliveredTo == ["g"])
      try #require(await run.outcome.failure?.error is Late)
    }
  }

  @Test func waitsInParts_takeTheirEventsInOrder() throws {
    try underSchedules(10) { simulation in
      let (bench, run) = try await guarded(simulation)
      for words in ["a", "b"] {
        try #require(try await bench.sagas.events.publish(Said(words: words), to: "g").deliveredTo == ["g"])
      }
      let state = try await run.output
      try #require(state.first?.words == "a" && state.second?.words == "b")
      try #require(await run.report.steps.map(\.name).contains("two: listen"))
    }
  }

  /// An alternative of a wait, by a result that is no text and by the saga's own id.
  @Test(arguments: [true, false])
  func anAlternative_isTakenByAResult_orByTheOwnID(byResult: Bool) throws {
    struct Choice: Saga {
      struct State: Codable, Sendable {
        var number: Int?, word: String?
      }
      var body: some Flow<State> {
        Step("draw", \.number) { _ in 7 }
        WaitForEvent("choose", \.word) {
          On(Numbered.self, \.number, equalsResult: \.number) { _ in "by the number" }
          On(Numbered.self, \.room) { _ in "by the id" }
        }
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Choice())
      let run = try await bench.sagas.start(Choice.self, .init(), id: "c")
      await bench.settle()
      try await bench.sagas.events.publish(
        byResult ? Numbered(number: 7, room: "d") : Numbered(number: 8, room: "c"))
      try #require(try await run.output.word == (byResult ? "by the number" : "by the id"))
    }
  }
}
