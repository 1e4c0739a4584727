import SagasTesting
import Testing

@testable import Sagas

/// Promise 10: a wait behind the pivot that fails.
@Suite("10 Pivot: waits")
struct Promise10WaitTests {
  /// One of its two waits fails: by its time limit, or because what comes of an event throws.
  struct Delivery: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let isStrict: Bool
      var a: Int?, word: String?, said: Said?
    }

    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
      Pivot("paid")
      When("strict", { $0.isStrict }) {
        WaitForEvent("choose", \.word) {
          On(Said.self) { event in
            if event.words == "no" { throw Refused() }
            return event.words
          }
        }
      } otherwise: {
        WaitForEvent("hear", \.said, for: Said.self).timeout(.seconds(10))
      }
      Step("end") { bench.log.append("end \(try $0.word)") }.optional()
    }
  }

  private func stuck(
    _ simulation: Simulation, isStrict: Bool
  ) async throws -> (bench: Workbench, run: SagaRun<Delivery>, listener: Listener) {
    let bench = Workbench(
      simulation, configuration: .init(supervision: .init(heartbeat: nil, stateCheck: nil)))
    try await bench.sagas.register(Delivery(bench: bench))
    let listener = Listener(bench)
    let run = try await bench.sagas.start(Delivery.self, .init(isStrict: isStrict), id: "d")
    await bench.settle()
    if isStrict { try await bench.sagas.events.publish(Said(words: "no"), to: "d") }
    try #require(await run.settled == .stuck)
    await bench.settle()
    return (bench, run, listener)
  }

  @Test(arguments: [false, true])
  func aWaitThatFails_makesTheSagaStuck_andRetryWaitsAgain(isStrict: Bool) throws {
    try underSchedules(20) { simulation in
      let (bench, run, listener) = try await stuck(simulation, isStrict: isStrict)
      let step = isStrict ? "choose" : "hear"
      let report = await run.report
      try #require(isStrict ? report.error is Refused : report.error is WaitTimedOut)
      try #require(listener.log.entries == ["sagaFailed d \(step)", "sagaStuck d \(step)"])
      try await run.retry()
      await bench.settle()
      try #require(await run.status == .waiting)
      try await bench.sagas.events.publish(Said(words: "yes"), to: "d")
      try #require(await run.outcome.isSuccess && bench.log.count(of: "undo a") == 0)
    }
  }

  @Test(arguments: [false, true])
  func skip_goesOnWithoutIt(isStrict: Bool) throws {
    try underSchedules(10) { simulation in
      let (bench, run, _) = try await stuck(simulation, isStrict: isStrict)
      try await run.skip(step: isStrict ? "choose" : "hear")
      try #require(await run.outcome.isSuccess && bench.log.entries.isEmpty)
    }
  }

  /// The same where a failure only holds the saga.
  @Test func aWaitThatTimesOut_isAnnounced_whereItOnlyHolds() throws {
    struct Held: Saga {
      struct State: Codable, Sendable {}
      var failurePolicy: FailurePolicy { .suspend }
      var body: some Flow<State> { WaitForEvent("hear", for: Said.self).timeout(.seconds(10)) }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(
        simulation, configuration: .init(supervision: .init(heartbeat: nil, stateCheck: nil)))
      try await bench.sagas.register(Held())
      let listener = Listener(bench)
      let run = try await bench.sagas.start(Held.self, .init(), id: "h")
      try #require(await run.settled == .suspended)
      await bench.settle()
      try #require(listener.log.entries == ["sagaFailed h hear", "sagaSuspended h hear"])
      try #require(listener.events[0].error is WaitTimedOut)
      try await run.cancel()
    }
  }
}
