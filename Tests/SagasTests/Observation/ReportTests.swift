import SagasTesting
import Testing

@testable import Sagas

/// The report, while a saga runs and after it has ended.
@Suite("Report")
struct ReportTests {
  struct Trip: Saga {
    let bench: Workbench
    let gate = Gate()

    static let name = "trip", version = 3

    struct State: Codable, Sendable {
      let city: String
      var seat: Int?, room: String?
    }

    var body: some Flow<State> {
      Step("seat", \.seat) { _ in
        try await bench.sleep(.seconds(2))
        return 12
      }
      .compensate { _ in }
      Step("note") { $0.city.count }
      Step("room", \.room) { context in
        context.run.report(progress: 0.5, stage: "asking", message: "3 hotels")
        await gate.wait()
        return "205"
      }
      Step("pay") { _ in }
    }

    func output(_ s: Context<State>) throws -> String { "\(s.city) \(try s.seat) \(try s.room)" }
  }

  @Test(arguments: [true, false])
  func whileItRuns_andAfter(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      let trip = Trip(bench: bench)
      try await bench.sagas.register(trip)
      let start = bench.clock.now
      let run = try await bench.sagas.start(
        Trip.self, .init(city: "Rome"), id: "t1", metadata: ["user": "u7"])
      await trip.gate.waitForArrivals(atLeast: 1)
      await bench.settle()

      let during = try #require(try await bench.sagas.report("t1"))
      try #require(during.name == "trip" && during.version == 3 && during.status == .running)
      try #require(during.input?.value(as: Trip.State.self)?.city == "Rome" && during.output == nil)
      try #require(during.metadata == ["user": "u7"])
      try #require(during.startedAt == start && during.endedAt == nil && during.error == nil)
      try #require(during.steps.map(\.name) == ["seat", "note", "room", "pay"])
      try #require(during.steps.map(\.status) == [.completed, .completed, .running, .pending])
      try #require(during.progress == 0.625, "two of four steps, and half of the third")
      try #require(during.step("seat")?.startedAt == start)
      try #require(during.step("seat")?.endedAt == start.advanced(by: .seconds(2)))
      try #require(during.result(of: "seat", as: Int.self) == 12)
      try #require(during.result(of: "note", as: Int.self) == 4, "a result without a slot")
      try #require(during.result(of: "room", as: String.self) == nil)
      try #require(try await run.result(of: \.seat) == 12)
      try #require(try await run.result(of: "note", as: Int.self) == 4)
      await #expect(throws: SagaError.self) { try await run.result(of: \.room) }
      await #expect(throws: SagaError.self) { try await run.result(of: "nothing", as: Int.self) }

      trip.gate.open()
      try #require(try await run.output == "Rome 12 205")
      let after = try #require(try await bench.sagas.report("t1"))
      try #require(after.status == .completed && after.progress == 1 && after.endedAt != nil)
      try #require(after.output?.value(as: String.self) == "Rome 12 205")
      try #require(try after.output?.json() == "\"Rome 12 205\"")
      try #require(after.completedSteps == ["seat", "note", "room", "pay"])
      try #require(after.compensatedSteps.isEmpty && after.skippedSteps.isEmpty && after.unresolved.isEmpty)
      try #require(try await run.result(of: \.room) == "205")

      // A handle that is looked up later knows the same.
      let again = try #require(try await bench.sagas.handle(Trip.self, "t1"))
      try #require(try await again.output == "Rome 12 205")
      try #require(try await again.result(of: \.seat) == 12)
      var last: SagaUpdate?
      for await update in again.updates { last = update }
      try #require(last?.status == .completed)
    }
  }

  @Test func anUnknownId_hasNoReport() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      try #require(try await bench.sagas.report("nobody") == nil)
      try #require(try await bench.sagas.handle("nobody") == nil)
    }
  }

  @Test func finishedSagasLeave_beyondTheRetention() throws {
    struct Quick: Saga {
      struct State: Codable, Sendable { let n: Int }
      var body: some Flow<State> { Step("n") { $0.n } }
    }
    for encoding in [true, false] {
      try underSchedules(2) { simulation in
        let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding, retention: .last(3)))
        try await bench.sagas.register(Quick())
        for n in 1...10 { _ = try await bench.sagas.run(Quick.self, .init(n: n), id: "q\(n)") }
        for n in 1...7 { try #require(try await bench.sagas.report("q\(n)") == nil) }
        for n in 8...10 { try #require(try await bench.sagas.report("q\(n)")?.status == .completed) }
        try #require(bench.sagas.liveCount == 0)
        // An id that is kept is taken; one that is gone is free.
        await #expect(throws: SagaError.self) {
          try await bench.sagas.start(Quick.self, .init(n: 1), id: "q9")
        }
        _ = try await bench.sagas.start(Quick.self, .init(n: 1), id: "q1")
      }
    }
  }
}
