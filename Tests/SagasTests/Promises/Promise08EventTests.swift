import SagasTesting
import Testing

@testable import Sagas

/// Promise 8: who sees which event, and in what order.
@Suite("8 Events")
struct Promise08EventTests {
  /// Two payments for one order, one after the other, behind a step.
  struct TwoPayments: Saga {
    let bench: Workbench
    var gate = Gate.opened

    struct State: Codable, Sendable {
      let order: String
      var first: Paid?, second: Paid?
    }

    var body: some Flow<State> {
      Step("ship") { _ in
        bench.log.append("shipping")
        await gate.wait()
      }
      WaitForEvent("first", \.first, on: \.order, equals: \.order)
      WaitForEvent("second", \.second, on: \.order, equals: \.order)
    }
  }

  /// The same at once.
  struct BothPayments: Saga {
    struct State: Codable, Sendable {
      let order: String
      var late: Paid?, early: Paid?
    }

    var body: some Flow<State> {
      Parallel("both") {
        Sequential {
          Sleep("a while", for: .seconds(1))
          WaitForEvent("late", \.late, on: \.order, equals: \.order)
        }
        WaitForEvent("early", \.early, on: \.order, equals: \.order)
      }
    }
  }

  // MARK: Never lost

  @Test(arguments: StoreKind.allCases)
  func publishedBeforeTheWait_isNotLost(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      let saga = TwoPayments(bench: bench, gate: Gate())
      try await bench.sagas.register(saga)
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      await bench.log.waitFor("shipping")
      let early = try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      try #require(early.deliveredTo.isEmpty && early.isKept && !early.isDuplicate)
      saga.gate.open()
      await bench.settle()
      try #require(await run.status == .waiting)
      let direct = try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
      try #require(direct.deliveredTo == ["s"])
      let state = try await run.output
      try #require(state.first?.amount == 1 && state.second?.amount == 2)
    }
  }

  @Test func publishedBeforeTheSaga_isTakenOnlySinceRetention() throws {
    struct Single: Saga {
      let since: EventHistory
      static var name: String { "Single" }
      struct State: Codable, Sendable {
        let order: String
        var paid: Paid?
      }
      var body: some Flow<State> {
        WaitForEvent("paid", \.paid, on: \.order, equals: \.order, since: since)
      }
    }
    try underSchedules { simulation in
      for since in [EventHistory.creation, .retention] {
        let bench = Workbench(simulation)
        try await bench.sagas.register(Single(since: since))
        try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
        let run = try await bench.sagas.start(Single.self, .init(order: "o1"))
        await bench.settle()
        try #require(await run.status == (since == .creation ? .waiting : .completed))
        try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
        try #require(try await run.output.paid?.amount == (since == .creation ? 2 : 1))
      }
    }
  }

  @Test func publishedAsTheWaitBegins_isTakenOnce_underEverySchedule() throws {
    try underSchedules(100) { simulation in
      let bench = Workbench(simulation, store: FlakyStore(simulation))
      try await bench.sagas.register(TwoPayments(bench: bench))
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      async let first = bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      async let second = bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      _ = try await (first, second)
      let state = try await run.output
      try #require(state.first?.amount == 1 && state.second?.amount == 1)
    }
  }

  // MARK: Once, and in order

  @Test(arguments: StoreKind.allCases)
  func twoEvents_goToTwoWaits_inTheirOrder(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      let saga = TwoPayments(bench: bench, gate: Gate())
      try await bench.sagas.register(saga)
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"))
      for amount in 1...3 { try await bench.sagas.events.publish(Paid(order: "o1", amount: amount)) }
      saga.gate.open()
      let state = try await run.output
      try #require(state.first?.amount == 1 && state.second?.amount == 2)
    }
  }

  @Test func oneEvent_endsTheWaitThatBeganFirst_andNoOther() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(BothPayments())
      let run = try await bench.sagas.start(BothPayments.self, .init(order: "o1"), id: "s")
      try await bench.sleep(.seconds(2))
      try #require(try await bench.sagas.events.publish(Paid(order: "o1", amount: 1)).deliveredTo == ["s"])
      let report = await run.report
      // "late" comes first in the definition, and has begun to wait second.
      try #require(report.step("early")?.status == .completed && report.step("late")?.status == .waiting)
      try #require(report.status == .waiting && report.completedSteps == ["a while", "early"])
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
      let state = try await run.output
      try #require(state.early?.amount == 1 && state.late?.amount == 2)
    }
  }

  @Test func twiceWithOneID_isPublishedOnce() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: FlakyStore(simulation))
      try await bench.sagas.register(TwoPayments(bench: bench))
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      async let one = bench.sagas.events.publish(Paid(order: "o1", amount: 1), id: "e1")
      async let other = bench.sagas.events.publish(Paid(order: "o1", amount: 1), id: "e1")
      let reports = try await [one, other]
      try #require(reports.map(\.eventID) == ["e1", "e1"] && reports.allSatisfy(\.isKept))
      try #require(reports.count { $0.isDuplicate } == 1)
      let again = try await bench.sagas.events.publish(Paid(order: "o1", amount: 7), id: "e1")
      try #require(again.isDuplicate && again.deliveredTo.isEmpty)
      try await bench.sleep(.seconds(10))
      try #require(await run.status == .waiting)
      try #require(await run.report.step("second")?.status == .waiting)
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 2), id: "e2")
      try #require(try await run.output.second?.amount == 2)
    }
  }

  @Test func everySagaOfAKeySeesTheEvent_once() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(TwoPayments(bench: bench))
      for id in ["a", "b", "c"] {
        _ = try await bench.sagas.start(TwoPayments.self, .init(order: id == "c" ? "o2" : "o1"), id: id)
        await bench.settle()
      }
      let report = try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      try #require(report.deliveredTo == ["a", "b"])
      for id in ["a", "b"] {
        let report = try #require(try await bench.sagas.report(id))
        try #require(report.step("first")?.status == .completed && report.step("second")?.status == .waiting)
      }
      try #require(try await bench.sagas.report("c")?.step("first")?.status == .waiting)
    }
  }

  @Test func eventsOfOneKey_doNotOvertakeEachOther() throws {
    struct Five: Saga {
      struct State: Codable, Sendable {
        let order: String
        var a: Paid?, b: Paid?, c: Paid?, d: Paid?, e: Paid?
      }
      var body: some Flow<State> {
        WaitForEvent("a", \.a, on: \.order, equals: \.order)
        WaitForEvent("b", \.b, on: \.order, equals: \.order)
        WaitForEvent("c", \.c, on: \.order, equals: \.order)
        WaitForEvent("d", \.d, on: \.order, equals: \.order)
        WaitForEvent("e", \.e, on: \.order, equals: \.order)
      }
    }
    try underSchedules(100) { simulation in
      let bench = Workbench(simulation, store: FlakyStore(simulation))
      try await bench.sagas.register(Five())
      let run = try await bench.sagas.start(Five.self, .init(order: "o1"))
      let other = try await bench.sagas.start(Five.self, .init(order: "o1"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for amount in 1...5 {
          group.addTask { try await bench.sagas.events.publish(Paid(order: "o1", amount: amount)) }
        }
        try await group.waitForAll()
      }
      // Whatever the order in which they were accepted: it is that of their numbers, and the same for all.
      let topic = bench.sagas.engine.events.topic(named: "Paid")
      let kept = topic.kept.compactMap { ($0.value as? Paid)?.amount }
      for run in [run, other] {
        let state = try await run.output
        let taken = [state.a, state.b, state.c, state.d, state.e].compactMap { $0?.amount }
        try #require(taken == kept && Set(taken) == [1, 2, 3, 4, 5])
      }
    }
  }

  // MARK: What consumes nothing

  /// Waits for a payment, and for no longer than a while.
  struct Patient: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let order: String
      let patience: Duration
      var paid: Paid?
    }
    var body: some Flow<State> {
      Step("reserve") { _ in bench.log.append("reserve") }.compensate { _ in bench.log.append("release") }
      When("little time?", { $0.state.patience < .minutes(1) }) {
        WaitForEvent("paid soon", \.paid, on: \.order, equals: \.order).timeout(.seconds(10))
      } otherwise: {
        WaitForEvent("paid", \.paid, on: \.order, equals: \.order).timeout(.hours(1))
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aTimedOutWait_consumesNothing_besideALiveOne(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      try await bench.sagas.register(Patient(bench: bench))
      let short = try await bench.sagas.start(
        Patient.self, .init(order: "o1", patience: .seconds(10)), id: "short")
      let long = try await bench.sagas.start(
        Patient.self, .init(order: "o1", patience: .hours(1)), id: "long")
      try await bench.sleep(.seconds(11))
      guard case .compensated(let failure) = await short.outcome else { throw Refused() }
      try #require(failure.step == "paid soon" && failure.error is WaitTimedOut)
      try #require(failure.undone == ["reserve"])
      try #require(try await bench.sagas.events.publish(Paid(order: "o1", amount: 1)).deliveredTo == ["long"])
      try #require(try await long.output.paid?.amount == 1)
      try #require(bench.sagas.engine.events.shelves.waiting == 0, "nobody is left in the index")
      try #require(bench.sagas.supervisor.nextDeadline == nil, "no limit is left behind")
    }
  }

  @Test func aWaitThatTimeHasEnded_consumesNothing_besideALiveOneOfItsSaga() throws {
    struct Either: Saga {
      struct State: Codable, Sendable {
        let order: String
        var soon: Int?, sometime: Paid?
      }
      var body: some Flow<State> {
        Parallel("both") {
          WaitForEvent("soon", \.soon) {
            On(Paid.self, \.order, equals: \.order) { $0.amount }
            After(.seconds(10)) { _ in -1 }
          }
          Sequential {
            Sleep("a while", for: .seconds(5))
            WaitForEvent("sometime", \.sometime, on: \.order, equals: \.order)
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Either())
      let run = try await bench.sagas.start(Either.self, .init(order: "o1"), id: "s")
      try await bench.sleep(.seconds(11))
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      let state = try await run.output
      try #require(state.soon == -1 && state.sometime?.amount == 1)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aCancelledWait_consumesNothing(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      try await bench.sagas.register(Patient(bench: bench))
      let start = bench.clock.now
      let run = try await bench.sagas.start(Patient.self, .init(order: "o1", patience: .hours(1)), id: "s")
      let other = try await bench.sagas.start(Patient.self, .init(order: "o1", patience: .hours(1)), id: "t")
      await bench.settle()
      try await run.cancel()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.undone == ["reserve"])
      try #require(bench.elapsed(since: start) == .zero, "a cancel ends a wait at once")
      try #require(await run.report.step("paid")?.status == .blocked)
      try #require(try await bench.sagas.events.publish(Paid(order: "o1", amount: 1)).deliveredTo == ["t"])
      try #require(try await other.output.paid?.amount == 1)
    }
  }

  @Test func aFinishedSaga_takesNothing() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Patient(bench: bench))
      let run = try await bench.sagas.start(Patient.self, .init(order: "o1", patience: .hours(1)), id: "s")
      await bench.settle()
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      _ = try await run.output
      let report = try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
      try #require(report.deliveredTo.isEmpty && report.isKept)
      let directed = try await bench.sagas.events.publish(Paid(order: "o1", amount: 3), to: "s")
      try #require(directed.deliveredTo.isEmpty)
      try #require(try await run.output.paid?.amount == 1)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aHeldSaga_refusesTheEvent_whichGoesBackToItsPlace(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      try await bench.sagas.register(TwoPayments(bench: bench))
      let run = try await bench.sagas.start(TwoPayments.self, .init(order: "o1"), id: "s")
      await bench.settle()
      try await run.suspend()
      let refused = try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      try #require(refused.deliveredTo.isEmpty && refused.isKept)
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
      try #require(await run.report.step("first")?.status != .completed)
      try await run.resume()
      let state = try await run.output
      try #require(state.first?.amount == 1 && state.second?.amount == 2)
    }
  }

  /// The wait is given up as the event comes: it takes it, or another wait of that saga does, in its place.
  @Test func anEventRefused_isTakenByAnotherWaitOfTheSaga() throws {
    struct Handover: Saga {
      struct State: Codable, Sendable {
        let order: String
        var first: Int?, second: Paid?
      }
      var body: some Flow<State> {
        WaitForEvent("first", \.first) {
          On(Paid.self, \.order, equals: \.order) { $0.amount }
          After(.seconds(10)) { _ in 0 }
        }
        WaitForEvent("second", \.second, on: \.order, equals: \.order)
      }
    }
    let seen = EventLog()
    try underSchedules(100) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Handover())
      let run = try await bench.sagas.start(Handover.self, .init(order: "o1"), id: "s")
      let due = await run.report.startedAt.advanced(by: .seconds(10))
      try await bench.clock.sleep(until: due)
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 1))
      try await bench.sagas.events.publish(Paid(order: "o1", amount: 2))
      let state = try await run.output
      // Published at the instant of the limit: never lost, never taken twice.
      let taken = [state.first, state.second?.amount]
      try #require(taken == [1, 2] || taken == [0, 1])
      seen.append("\(taken)")
    }
    #expect(Set(seen.entries).count == 2, "both happen under some schedule")
  }
}
