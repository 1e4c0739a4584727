import SagasTesting
import Testing

@testable import Sagas

/// A log, read again, gives the saga that wrote it.
@Suite("Replay")
struct ReplayTests {
  struct Mixed: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }.compensate { _ in throw Busy() }.compensationRetry(.never)
      Parallel("group") {
        Step("fails", \.b) { _ in
          try await bench.sleep(.seconds(1))
          throw Refused(why: "no")
        }
        .retry(.fixed(retries: 1, every: .seconds(1)))
        Step("obeys", \.c) { _ in
          try await bench.sleep(.hours(1))
          return 1
        }
        .compensateUnknown { _ in throw CompensationImpossible("gone") }
        Step("overruns") { _ in await bench.sleepStubbornly(.seconds(5)) }
          .timeout(.milliseconds(500)).settleGrace(.minutes(1)).optional()
      }
    }
  }

  @Test func theReport_isTheSame_liveAndReplayed() throws {
    for flaky in [false, true] {
      try underSchedules(20) { simulation in
        let store: any SagaStore = flaky ? FlakyStore(simulation) : InMemoryStore(encoding: true)
        let bench = Workbench(simulation, store: store)
        try await bench.sagas.register(Mixed(bench: bench))
        let run = try await bench.sagas.start(Mixed.self, .init(), id: "s")
        _ = await run.settled
        try await bench.sleep(.hours(1))
        let live = try #require(bench.sagas.engine.registry["s"])
        let image = await live.image
        let replayed = try await bench.replayed("s")
        try #require(replayed.machine == image.machine)
        try #require(replayed.summary == image.summary)
        try #require(
          image.failure?.others.map(\.step) == ["overruns"] || image.failure?.others.isEmpty == true)
      }
    }
  }

  /// Broken bytes make an error, whatever is broken.
  @Test func damagedLogs_areRefused_orRead_andNothingTraps() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Mixed(bench: bench))
      let run = try await bench.sagas.start(Mixed.self, .init(), id: "s")
      _ = await run.settled
      try await bench.sleep(.hours(1))
      let stored = try #require(try await bench.sagas.engine.journal.store.load("s"))
      guard case .log(let records) = stored.content else { throw Refused() }
      let program = try #require(bench.sagas.engine.catalog.program(named: "Mixed"))
      let header = try SagaImage.header(id: "s", records: records)
      var random = SeededRandom(seed: simulation.seed)
      var read = 0
      for _ in 0..<2_000 {
        var damaged = records
        for _ in 0..<Int.random(in: 1...2, using: &random) {
          let record = Int.random(in: 0..<damaged.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: damaged.remove(at: record)
          case 1: damaged.swapAt(record, 0)
          default:
            let byte = Int.random(in: 0..<damaged[record].count, using: &random)
            damaged[record][byte] = .random(in: .min ... .max, using: &random)
          }
          if damaged.isEmpty { break }
        }
        do {
          let image = try SagaImage(
            id: "s", records: damaged, header: header, program: program, codec: JSONCodec())
          _ = image.summary
          _ = image.update(nil)
          read += 1
        } catch let error as SagaError {
          try #require([.brokenLog, .undecodable].contains(error.code))
        }
      }
      try #require(read > 0)
    }
  }
}
