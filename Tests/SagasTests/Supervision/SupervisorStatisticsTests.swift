import SagasTesting
import Testing

@testable import Sagas

/// What the supervisor counts.
@Suite("Supervisor: statistics")
struct SupervisorStatisticsTests {
  struct Other: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var a: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        try await bench.sleep(.seconds(4))
        return 1
      }
    }
  }

  /// By hand: what is where, and how long it took.
  @Test(arguments: [true, false])
  func aRunThatWasCountedByHand(encoding: Bool) throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(
        simulation, store: InMemoryStore(encoding: encoding),
        configuration: .init(supervision: .init(checkInterval: nil, heartbeat: nil, stateCheck: nil)))
      try await bench.sagas.register(Errand(bench: bench))
      try await bench.sagas.register(Other(bench: bench))
      let empty = await bench.sagas.supervisor.statistics()
      try #require(empty.total == SagaFigures() && empty.byName.keys.sorted() == ["Errand", "Other"])
      try #require(empty["Errand"] == SagaFigures() && empty["nobody"] == nil)

      for second in 1...10 { try await bench.begin("c\(second)", .succeeds, seconds: second) }  // 1 s … 10 s
      let fails = try await bench.begin("f", .fails)  // at once
      let stuck = try await bench.begin("s", .failsForGood)  // undo tried again after 1 s
      let busy = try await bench.begin("b", .isBusy)  // retries at 10 s and 20 s
      let cancelled = try await bench.begin("x", .hangs)
      let hangs = try await bench.begin("h", .hangs)
      let other = try await bench.sagas.start(Other.self, .init(), id: "o")  // 4 s
      try await bench.sleep(.milliseconds(12_500))
      try #require(await stuck.status == .stuck)
      try #require(await fails.status == .compensated)
      try #require(await other.status == .completed)
      try await cancelled.cancel(compensating: false)
      try #require(await cancelled.settled == .failed)  // after 12.5 s
      await bench.settle()

      let statistics = await bench.sagas.supervisor.statistics()
      try #require(statistics.time == bench.clock.now)
      let errands = try #require(statistics["Errand"])
      try #require(
        errands.active == 3 && errands.waiting == 1 && errands.stuck == 1 && errands.suspended == 0)
      try #require(errands.completed == 10 && errands.compensated == 1 && errands.failed == 1)
      try #require(errands.ended == 12)
      try #require(errands.retries == 2, "one of an undo, one of an action")
      try #require(errands.oldestWaiting == .milliseconds(2_500), "it waits since its second attempt")
      try #require(errands.throughput == 12 / 12.5)
      // 0, 1, … 10 and 12.5 seconds.
      try #require(errands.latency.count == 12)
      try #require(errands.latency.shortest == .zero && errands.latency.longest == .milliseconds(12_500))
      try requireClose(errands.latency.p50, .seconds(5))
      try requireClose(errands.latency.p90, .seconds(10))

      let others = try #require(statistics["Other"])
      try #require(others.active == 0 && others.completed == 1 && others.throughput == 1 / 12.5)
      try #require(others.latency.p50 == .seconds(4) && others.latency.p99 == .seconds(4))
      let total = statistics.total
      try #require(total.active == 3 && total.completed == 11 && total.ended == 13 && total.retries == 2)
      try #require(total.waiting == 1 && total.stuck == 1 && total.throughput == 13 / 12.5)
      try #require(total.oldestWaiting == .milliseconds(2_500) && total.latency.count == 13)

      _ = await busy.outcome  // 20 s
      try await bench.sleep(.seconds(45))
      let later = await bench.sagas.supervisor.statistics().total
      try #require(later.retries == 3 && later.compensated == 2 && later.active == 2)
      try #require(later.waiting == 0 && later.oldestWaiting == nil)
      // At 65 s: from the sixth second on count c6 … c10, the cancelled one and the busy one.
      try #require(later.throughput == 7.0 / 60)
      try await bench.sleep(.minutes(1))
      try #require(await bench.sagas.supervisor.statistics().total.throughput == 0)
      _ = hangs
    }
  }

  @Test func aSagaWithOptionsOfItsOwn_isCountedToo() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      let options = StartOptions(failurePolicy: .stop)
      _ = try await bench.sagas.start(Errand.self, .init(mode: .isBusy), options: options).outcome
      let figures = try #require(await bench.sagas.supervisor.statistics()["Errand"])
      try #require(figures.failed == 1 && figures.retries == 2 && figures.latency.p50 == .seconds(20))
    }
  }

  @Test func theOldestThatWaits() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Errand(bench: bench))
      for id in ["a", "b", "c"] {
        try await bench.begin(id, .isBusy)
        try await bench.sleep(.seconds(2))
      }
      let figures = await bench.sagas.supervisor.statistics().total
      try #require(figures.waiting == 3 && figures.oldestWaiting == .seconds(6))
    }
  }

  /// What was taken over is counted where it goes on.
  @Test func aSagaThatWasTakenOver_isActiveOnlyWhereItGoesOn() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: simulation.seed % 2 == 0)
      let benches = (0..<2).map { _ in Workbench(simulation, store: store) }
      for bench in benches { try await bench.sagas.register(Errand(bench: bench)) }
      try await benches[0].begin("e", .succeeds)
      try await benches[1].sagas.recover()
      if !store.encoding { try #require(await benches[0].sagas.supervisor.statistics().total.active == 0) }
      try #require(await benches[1].sagas.supervisor.statistics().total.active == 1)
      try await benches[1].sleep(.minutes(1))
      try #require(await benches[0].sagas.supervisor.statistics().total == SagaFigures())
      let total = await benches[1].sagas.supervisor.statistics().total
      try #require(total.active == 0 && total.completed == 1)
    }
  }

  // MARK: Percentiles

  @Test(arguments: [1, 2, 3, 10, 100, 5_000])
  func percentiles_areThoseOfTheSortedValues(count: Int) {
    var random = SeededRandom(seed: UInt64(count))
    for limit in [Int64(20), 1_000, 1_000_000, 3_600_000_000_000, .max] {
      var distribution = LatencyDistribution()
      var parts = [LatencyDistribution(), LatencyDistribution()]
      let values = (0..<count).map { _ in Int64.random(in: 0..<limit, using: &random) }
      for (index, value) in values.enumerated() {
        distribution.record(.nanoseconds(value))
        parts[index % 2].record(.nanoseconds(value))
      }
      let sorted = values.sorted()
      for percent in [0, 1, 25, 50, 75, 90, 95, 99, 99.9, 100] {
        let rank = max(Int((percent / 100 * Double(count)).rounded(.up)), 1)
        let exact = Double(sorted[rank - 1])
        let found = (distribution.percentile(percent) ?? .seconds(-1)) / .nanoseconds(1)
        #expect(abs(found - exact) <= exact * 0.032, "\(percent) of \(count) below \(limit)")
      }
      #expect(distribution.percentile(-1) == distribution.shortest)
      #expect(distribution.percentile(101) == distribution.longest)
      parts[0].merge(parts[1])
      #expect(parts[0] == distribution)
    }
  }

  @Test func anEmptyDistribution_hasNoPercentiles_andSillyDurationsDoNoHarm() {
    var distribution = LatencyDistribution()
    #expect(distribution.p50 == nil && distribution.shortest == nil && distribution.longest == nil)
    #expect(distribution.description == "none")
    distribution.record(.seconds(-5))
    distribution.record(.seconds(Int64.max))
    #expect(distribution.shortest == .zero && distribution.count == 2)
    #expect(distribution.percentile(.nan) == .zero)
  }

  private func requireClose(_ found: Duration?, _ exact: Duration) throws {
    let found = try #require(found)
    try #require(abs(found / exact - 1) <= 0.032)
  }
}
