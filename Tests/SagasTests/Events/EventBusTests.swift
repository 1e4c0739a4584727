import SagasTesting
import Testing

@testable import Sagas

@Suite struct EventBusTests {
  struct Greeting: Saga {
    struct State: Codable, Sendable {
      var said: Said?
    }
    var body: some Flow<State> { WaitForEvent("said", \.said, for: Said.self) }
  }

  private enum Other {
    struct Paid: SagaEvent {
      let amount: Int
      static var name: String { "Paid" }
    }
  }

  struct Odd: SagaEvent {
    let number: Double
  }

  // MARK: By name

  @Test func anEventCanBePublishedByItsName_onceASagaWaitsForIt() async throws {
    let sagas = SagaOrchestrator()
    let error = await #expect(throws: SagaError.self) {
      try await sagas.events.publish(named: "Said", json: #"{"words":"hi"}"#)
    }
    #expect(error?.code == .notRegistered && error?.message.contains("'Said'") == true)
    try await sagas.register(Greeting())
    let run = try await sagas.start(Greeting.self, .init(), id: "g")
    try await sagas.events.publish(named: "Said", json: #"{"words":"hi"}"#, to: "g", id: "e1")
    #expect(try await run.output.said == Said(words: "hi"))
    #expect(try await sagas.events.publish(Said(), id: "e1").isDuplicate)
  }

  @Test func anEventCanBePublishedByItsName_onceItsTypeIsRegistered() async throws {
    let sagas = SagaOrchestrator()
    try await sagas.events.register(Paid.self)
    try await sagas.events.register(Paid.self)
    #expect(try await sagas.events.publish(named: "Paid", json: #"{"order":"o","amount":1}"#).isKept)
    let error = await #expect(throws: SagaError.self) {
      try await sagas.events.publish(named: "Paid", json: #"{"order":"o"}"#)
    }
    #expect(error?.code == .undecodableInput)
    #expect(error?.message == "the JSON given is not an event 'Paid': 'amount' is missing at the top")
  }

  @Test func twoTypesOfOneName_areRefused_whereverTheyMeet() async throws {
    let sagas = SagaOrchestrator()
    try await sagas.events.publish(Paid(order: "o"))
    let error = await #expect(throws: SagaError.self) {
      try await sagas.events.publish(Other.Paid(amount: 1))
    }
    #expect(error?.code == .alreadyRegistered && error?.message.contains("'Paid'") == true)
    await #expect(throws: SagaError.self) { try await sagas.events.register(Other.Paid.self) }
    struct Waiting: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> { WaitForEvent("paid", for: Other.Paid.self) }
    }
    await #expect(throws: SagaError.self) { try await sagas.register(Waiting()) }
  }

  @Test func whatCannotBeEncoded_isRefused_whereBytesAreKept() async throws {
    let sagas = SagaOrchestrator(store: InMemoryStore(encoding: true))
    let error = await #expect(throws: SagaError.self) { try await sagas.events.publish(Odd(number: .nan)) }
    #expect(error?.code == .notEncodable && error?.message.contains("'Odd'") == true)
    #expect(try await sagas.events.publish(Odd(number: 1)).isKept)
  }

  @Test func aNegativeRetention_isRefused() async throws {
    let sagas = SagaOrchestrator(configuration: .init(eventRetention: .seconds(-1)))
    let error = await #expect(throws: SagaError.self) { try await sagas.register(Greeting()) }
    #expect(error?.code == .invalidArgument)
  }

  // MARK: Reading along

  @Test func eventsOfAType_comeInTheirOrder_toEveryReader() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let streams = (0..<2).map { _ in bench.sagas.events.events(of: Paid.self).makeAsyncIterator() }
      try await bench.sagas.events.publish(Paid(order: "o", amount: 1))
      try await bench.sagas.events.publish(Said())
      try await bench.sagas.events.publish(Paid(order: "o", amount: 2))
      for var iterator in streams {
        try #require(await iterator.next()?.amount == 1)
        try #require(await iterator.next()?.amount == 2)
      }
    }
  }

  @Test func aSlowReader_missesTheOldest_andSlowsNobody() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      var iterator = bench.sagas.events.events(of: Paid.self).makeAsyncIterator()
      for amount in 1...1_000 { try await bench.sagas.events.publish(Paid(order: "o", amount: amount)) }
      try #require(await iterator.next()?.amount == 745)
    }
  }

  @Test func aReaderThatIsCancelled_ends() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let stream = bench.sagas.events.events(of: Said.self)
      let task = simulation.runtime.spawn("reader") {
        for await _ in stream {}
        bench.log.append("ended")
      }
      await bench.settle()
      task.cancel()
      await bench.log.waitFor("ended")
    }
  }

  // MARK: Watching sagas that wait

  @Test func updatesAndReports_showWhatASagaWaitsFor() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Greeting())
      let run = try await bench.sagas.start(Greeting.self, .init(), id: "g")
      var updates = run.updates.makeAsyncIterator()
      let update = try #require(await updates.next())
      try #require(update.status == .waiting && update.currentSteps == ["said"] && update.progress == 0)
      try await bench.sagas.events.publish(Said(words: "hi"), to: "g")
      try #require(await updates.next()?.status == .completed)
      let step = try #require(await run.report.step("said"))
      guard case .completed(let value) = step.effect else { throw Refused() }
      try #require(step.attempts == 0 && value.value(as: Said.self) == Said(words: "hi"))
      try #require(try await run.result(of: \.said) == Said(words: "hi"))
    }
  }
}
