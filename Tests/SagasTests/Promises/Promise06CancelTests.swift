import SagasTesting
import Testing

@testable import Sagas

/// Promise 6: cancel.
@Suite("6 Cancel")
struct Promise06CancelTests {
  struct Trip: Saga {
    let bench: Workbench
    let began = Gate()
    struct State: Codable, Sendable {
      var seat: Int?, hotel: Int?
    }
    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }
        .compensate { _ in
          try await bench.sleep(.seconds(3))
          bench.log.append("free seat, cancelled \(Task.isCancelled)")
        }
      Step("hotel", \.hotel) { _ in
        began.open()
        try await bench.sleep(.seconds(600))
        return 2
      }
      .compensateUnknown { _ in bench.log.append("void hotel, cancelled \(Task.isCancelled)") }
    }
  }

  @Test func cancel_undoesWhatWasDone_shieldedFromTheCancel() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      try await bench.sagas.register(trip)
      let start = bench.clock.now
      let run = try await bench.sagas.start(Trip.self, .init(), id: "s")
      await trip.began.wait()
      try await run.cancel()
      try #require([.compensating, .compensated].contains(await run.status))
      try await run.cancel()  // once more does no harm
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.step == nil)
      try #require(bench.log.entries == ["void hotel, cancelled false", "free seat, cancelled false"])
      try #require(bench.elapsed(since: start) == .seconds(3))
      try await run.cancel()  // and on a saga that has ended
      try await bench.sagas.cancel("s")
      try #require(await run.status == .compensated)
    }
  }

  @Test func cancel_endsABackoffAtOnce() throws {
    struct Patient: Saga {
      let bench: Workbench
      let failed = Gate()
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("seat") { _ in }.compensate { _ in bench.log.append("free seat") }
        Step("busy") { _ in
          failed.open()
          throw Busy()
        }
        .retry(.fixed(retries: 5, every: .hours(1)))
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Patient(bench: bench)
      try await bench.sagas.register(saga)
      let start = bench.clock.now
      let run = try await bench.sagas.start(Patient.self, .init(), id: "s")
      await saga.failed.wait()
      await bench.settle()
      try await run.cancel()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(bench.elapsed(since: start) == .zero)
      try #require(bench.log.entries == ["free seat"])
      try #require(failure.error is SagaCancelled)
      try #require(failure.others.map(\.step) == ["busy"])
    }
  }

  @Test func cancellingTheTaskThatAwaits_neverCancelsTheSaga() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      struct Quick: Saga {
        let bench: Workbench
        struct State: Codable, Sendable { var a: Int? }
        var body: some Flow<State> {
          Step("a", \.a) { _ in
            try await bench.sleep(.seconds(5))
            return 1
          }
        }
      }
      try await bench.sagas.register(Quick(bench: bench))
      let run = try await bench.sagas.start(Quick.self, .init(), id: "s")
      let waiter = Task(executorPreference: simulation.executor) { await run.outcome.isSuccess }
      waiter.cancel()
      try #require(await waiter.value)
      try #require(await run.status == .completed)
    }
  }

  @Test func cancellingAnUnknownSaga_isAnError() throws {
    try underSchedules(1) { simulation in
      let bench = Workbench(simulation)
      do {
        try await bench.sagas.cancel("nobody")
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .notFound && error.saga == "nobody")
      }
    }
  }
}
