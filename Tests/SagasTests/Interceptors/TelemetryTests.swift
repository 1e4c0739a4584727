import SagasTesting
import Testing

@testable import Sagas

/// The recipe of the README.
@Suite("README: logs, metrics, spans")
struct TelemetryTests {
  struct Trip: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var seat: String? }

    var body: some Flow<State> {
      Step("book", \.seat) { _ in
        try await bench.sleep(.seconds(2))
        return "1A"
      }
      .compensate { _ in try await bench.sleep(.seconds(1)) }
      Step("pay") { _ in throw Refused() }.retry(.fixed(retries: 1, every: .seconds(5)))
    }
  }

  @Test func itFeedsAllThree() throws {
    try underSchedules { simulation in
      let lines = EventLog()
      let timers = EventLog()
      let spans = EventLog()
      let telemetry = Telemetry(
        clock: simulation.clock, log: { lines.append($0) },
        measure: { name, labels, duration in
          timers.append("\(name) \(labels["step"] ?? "") \(labels["result"] ?? "") \(duration)")
        },
        span: { name, work in
          spans.append("> \(name)")
          defer { spans.append("< \(name)") }
          try await work()
        })
      let bench = Workbench(simulation, configuration: .init(interceptors: [telemetry]))
      _ = try await bench.outcome(of: Trip(bench: bench), .init())
      await lines.waitFor("saga s: compensating -> compensated")
      try #require(
        timers.entries == [
          "saga.attempt book ok 2.0 seconds", "saga.attempt pay Refused 0.0 seconds",
          "saga.attempt pay Refused 0.0 seconds", "saga.undo book ok 1.0 seconds",
        ])
      try #require(
        spans.entries == [
          "> Trip attempt book", "< Trip attempt book", "> Trip attempt pay", "< Trip attempt pay",
          "> Trip attempt pay", "< Trip attempt pay", "> Trip undo book", "< Trip undo book",
        ])
      try #require(lines.entries.contains("attempt 2 of 'pay' in saga s: Refused after 0.0 seconds"))
      try #require(
        lines.entries.filter { $0.hasPrefix("saga") } == [
          "saga s: created -> running", "saga s: running -> waiting", "saga s: waiting -> running",
          "saga s: running -> compensating", "saga s: compensating -> compensated",
        ])
    }
  }

  @Test func itStandsAroundAllSagas_orAroundOne() throws {
    struct Single: Saga {
      let telemetry: any Interceptor
      struct State: Codable, Sendable {}
      var interceptors: [any Interceptor] { [telemetry] }
      var body: some Flow<State> { Step("one") { _ in } }
    }
    struct Quiet: Interceptor {}
    let telemetry = Quiet()
    let sagas = SagaOrchestrator(configuration: .init(interceptors: [telemetry]))
    #expect(sagas.engine.configuration.interceptors.count == 1)
    let defaults = PlanDefaults(interceptors: sagas.engine.configuration.interceptors)
    #expect(
      try PlanCompiler.compile(Single(telemetry: telemetry), defaults: defaults).interceptors.count == 2)
  }
}
