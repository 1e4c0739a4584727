import SagasTesting
import Testing

@testable import Sagas

/// Promise 13: a saga that does not work has no slot.
@Suite("13 Limits: standing still")
struct Promise13StandstillTests {
  enum Rest: String, CaseIterable, Sendable, Codable {
    case wait, sleep, suspended, stuck, stuckBehindThePivot
  }

  /// Works, rests, and works again.
  struct Resting: Saga {
    let bench: Workbench
    let repaired: Gate

    struct State: Codable, Sendable {
      let rest: Rest
      var said: Said?
    }

    var failurePolicy: FailurePolicy { .suspend }

    var body: some Flow<State> {
      Step("first") { _ in try await bench.sleep(.seconds(1)) }
      Switch("how", on: \.kind) {
        Case("wait") { WaitForEvent("wait", \.said, for: Said.self) }
        Case("sleep") { Sleep("sleep", for: .seconds(100)) }
      } otherwise: {
        Step("fails") { _ in if !repaired.isOpen { throw Refused() } }
      }
      Step("second") { context in bench.log.append("second \(context.run.sagaID)") }
    }
  }

  struct Undoing: Saga {
    let repaired: Gate
    struct State: Codable, Sendable { var a: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in 1 }
        .compensate { _ in if !repaired.isOpen { throw Refused() } }
        .compensationRetry(.never)
      Fail("no") { _ in Refused() }
    }
  }

  struct Behind: Saga {
    let bench: Workbench
    let repaired: Gate
    struct State: Codable, Sendable {}
    var body: some Flow<State> {
      Pivot("go")
      Step("fails") { _ in if !repaired.isOpen { throw Refused() } }
      Step("second") { context in bench.log.append("second \(context.run.sagaID)") }
    }
  }

  struct Work: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {}
    var body: some Flow<State> {
      Step("work") { context in
        bench.log.append("begin \(context.run.sagaID)")
        try await bench.sleep(.seconds(200))
        bench.log.append("end \(context.run.sagaID)")
      }
    }
  }

  @Test(arguments: Rest.allCases)
  func whoRests_givesTheSlotBack_andComesBeforeThoseWhoAreNew(rest: Rest) throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, configuration: .init(maxConcurrentSagas: 1))
      let repaired = Gate()
      let run: AnySagaRun
      switch rest {
      case .wait, .sleep, .suspended:
        try await bench.sagas.register(Resting(bench: bench, repaired: repaired))
        _ = try await bench.sagas.start(Resting.self, .init(rest: rest), id: "r")
      case .stuck:
        try await bench.sagas.register(Undoing(repaired: repaired))
        _ = try await bench.sagas.start(Undoing.self, .init(), id: "r")
      case .stuckBehindThePivot:
        try await bench.sagas.register(Behind(bench: bench, repaired: repaired))
        _ = try await bench.sagas.start(Behind.self, .init(), id: "r")
      }
      run = try #require(try await bench.sagas.handle("r"))
      try await bench.sagas.register(Work(bench: bench))
      let first = try await bench.sagas.start(Work.self, .init(), id: "w1")
      let second = try await bench.sagas.start(Work.self, .init(), id: "w2")
      await bench.log.waitFor("begin w1")
      // It rests, and another one works.
      try await bench.sleep(.seconds(10))
      switch rest {
      case .wait:
        try #require(await run.status == .waiting)
        try await bench.sagas.events.publish(Said(), to: "r")
      case .sleep:
        try #require(await run.status == .waiting)
        try await bench.sleep(.seconds(100))
      case .suspended:
        try #require(await run.status == .suspended)
        repaired.open()
        try await run.resume()
      case .stuck:
        try #require(await run.status == .stuck)
        repaired.open()
        try await run.retryCompensation()
      case .stuckBehindThePivot:
        try #require(await run.status == .stuck)
        repaired.open()
        try await run.retry()
      }
      if rest == .stuck {
        // Undoing needs no slot.
        try #require(await run.settled == .compensated)
        try #require(bench.log.entries == ["begin w1"])
      } else {
        try #require(await first.outcome.isSuccess)
        _ = await second.outcome
        try #require(bench.log.entries == ["begin w1", "end w1", "second r", "begin w2", "end w2"])
        try #require(await run.settled == .completed)
      }
      _ = await second.outcome
      let slots = try #require(bench.sagas.engine.slots)
      try #require(slots.free == 1 && slots.waiting == 0)
    }
  }
}

extension Promise13StandstillTests.Resting.State {
  fileprivate var kind: String? { rest.rawValue }
}
