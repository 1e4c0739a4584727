import SagasTesting
import Testing

@testable import Sagas

/// Promise 8: to whom an event belongs.
@Suite("8 Events: keys")
struct Promise08KeyTests {
  /// A key that is not what it looks like: upper and lower case are the same.
  struct Account: Hashable, Codable, Sendable {
    let name: String
    static func == (a: Account, b: Account) -> Bool { a.name.lowercased() == b.name.lowercased() }
    func hash(into hasher: inout Hasher) { hasher.combine(name.lowercased()) }
  }

  struct Booked: SagaEvent {
    let account: Account
    let reference: String
  }

  struct Booking: Saga {
    struct State: Codable, Sendable {
      let account: Account
      var ticket: String?, byAccount: Booked?, byTicket: Booked?, byID: Booked?
    }

    var body: some Flow<State> {
      Step("open", \.ticket) { "ticket of \($0.account.name)" }
      Parallel("all") {
        WaitForEvent("by account", \.byAccount, on: \.account, equals: \.account)
        WaitForEvent("by ticket", \.byTicket, on: \.reference, equalsResult: \.ticket)
        WaitForEvent("by id", \.byID, on: \.reference)
        WaitForEvent("directed", for: Said.self)
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func aKeyIsAProperty_aResult_orTheSagasOwnID_andEqualityDecides(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      let events = bench.sagas.events
      try await bench.sagas.register(Booking())
      let run = try await bench.sagas.start(Booking.self, .init(account: Account(name: "Ada")), id: "b1")
      await bench.settle()
      func deliveries(_ account: String, _ reference: String) async throws -> [String] {
        try await events.publish(Booked(account: Account(name: account), reference: reference)).deliveredTo
      }
      try #require(try await deliveries("Bob", "nothing").isEmpty)
      try #require(try await deliveries("ADA", "nothing") == ["b1"])
      try #require(try await deliveries("ada", "nothing").isEmpty, "its wait is over")
      try #require(try await deliveries("Bob", "b1") == ["b1"])
      try #require(try await deliveries("Bob", "ticket of Ada") == ["b1"])
      try #require(try await events.publish(Said()).deliveredTo.isEmpty, "to all is not to this one")
      try #require(try await events.publish(Said(), to: "b2").deliveredTo.isEmpty)
      try #require(try await events.publish(Said(), to: "b1").deliveredTo == ["b1"])
      let state = try await run.output
      try #require(state.byAccount?.account.name == "ADA" && state.byTicket?.reference == "ticket of Ada")
      try #require(state.byID?.reference == "b1")
    }
  }

  /// Whether a wait knows its key by then does not matter.
  @Test(arguments: StoreKind.allCases)
  func publishedBeforeTheSlotOfTheKeyIsFilled_isTaken(kind: StoreKind) throws {
    struct Slow: Saga {
      let gate: Gate
      struct State: Codable, Sendable {
        var ticket: String?, booked: Booked?
      }
      var body: some Flow<State> {
        Step("open", \.ticket) { _ in
          await gate.wait()
          return "ticket 7"
        }
        WaitForEvent("booked", \.booked, on: \.reference, equalsResult: \.ticket)
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      let slow = Slow(gate: Gate())
      try await bench.sagas.register(slow)
      let run = try await bench.sagas.start(Slow.self, .init(), id: "s")
      for (number, reference) in ["ticket 8", "ticket 7", "ticket 7"].enumerated() {
        let event = Booked(account: Account(name: "\(number)"), reference: reference)
        try #require(try await bench.sagas.events.publish(event).deliveredTo.isEmpty)
      }
      slow.gate.open()
      try #require(try await run.output.booked?.account.name == "1")
    }
  }

  @Test func publishedToOneSaga_noOtherSeesIt_andItsKeyStillCounts() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Promise08EventTests.TwoPayments(bench: bench))
      for id in ["a", "b"] {
        _ = try await bench.sagas.start(Promise08EventTests.TwoPayments.self, .init(order: "o1"), id: id)
      }
      await bench.settle()
      let events = bench.sagas.events
      try #require(try await events.publish(Paid(order: "o2"), to: "b").deliveredTo.isEmpty)
      try #require(try await events.publish(Paid(order: "o1"), to: "b").deliveredTo == ["b"])
      try #require(try await bench.sagas.report("a")?.step("first")?.status == .waiting)
      try #require(try await bench.sagas.report("b")?.step("first")?.status == .completed)
    }
  }

  @Test func aKeyThatIsMissing_failsTheWait() throws {
    struct Missing: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        let opens: Bool
        var ticket: String?
      }
      var body: some Flow<State> {
        Step("reserve") { _ in }.compensate { _ in bench.log.append("release") }
        When("open?", { $0.opens }) {
          Step("open", \.ticket) { _ in "t" }
        }
        WaitForEvent("paid", for: Paid.self, on: \.order, equalsResult: \.ticket)
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Missing(bench: bench), .init(opens: false))
      guard case .compensated(let failure) = outcome else { throw Refused() }
      try #require(failure.step == "paid" && (failure.error as? SagaError)?.code == .missing)
      try #require(bench.log.entries == ["release"] && report.step("paid")?.status == .failed)
    }
  }

  // MARK: What an event makes of a wait

  struct Refusal: Error, Codable, Equatable {
    let amount: Int
  }

  struct Judged: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let order: String
      var paid: Paid?, kind: String?
    }
    var body: some Flow<State> {
      Step("reserve") { _ in }.compensate { _ in bench.log.append("release") }
      WaitForEvent("paid", \.paid, on: \.order, equals: \.order)
        .failing { $0.amount < 0 ? Refusal(amount: $0.amount) : nil }
      WaitForEvent("kind", \.kind) {
        On(Paid.self, \.order, equals: \.order) { "paid \($0.amount)" }
        On(Said.self) { $0.words }
        After(.hours(1)) { "nothing on \($0.run.sagaID)" }
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anEventCanFailItsWait_orBecomeAnotherValue(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      try await bench.sagas.register(Judged(bench: bench))
      var runs: [SagaRun<Judged>] = []
      for id in ["a", "b", "c", "d"] {
        runs.append(try await bench.sagas.start(Judged.self, .init(order: id), id: id))
      }
      await bench.settle()
      let events = bench.sagas.events
      try #require(try await events.publish(Paid(order: "a", amount: -1)).deliveredTo == ["a"])
      guard case .compensated(let failure) = await runs[0].outcome else { throw Refused() }
      try #require(failure.step == "paid" && failure.error(as: Refusal.self) == Refusal(amount: -1))
      for id in ["b", "c", "d"] { try await events.publish(Paid(order: id, amount: 5)) }
      try await events.publish(Paid(order: "b", amount: 6))
      try await events.publish(Said(words: "hello"), to: "c")
      try #require(try await runs[1].output.kind == "paid 6")
      try #require(try await runs[1].output.paid?.amount == 5)
      try #require(try await runs[2].output.kind == "hello")
      try #require(try await runs[3].output.kind == "nothing on d", "time is an alternative")
      try #require(bench.log.entries == ["release"])
    }
  }

  struct Scoped: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {
      let order: String
      var packed: Int?
    }
    var body: some Flow<State> {
      Step("reserve") { _ in }.compensate { _ in bench.log.append("release") }
      Sequential {
        Step("pack", \.packed) { _ in
          try await bench.sleep(.seconds(10))
          return 1
        }
        .compensate { _ in bench.log.append("unpack") }
        WaitForEvent("sent", for: Said.self)
      }
      .failing(on: Paid.self, \.order, equals: \.order) { Refusal(amount: $0.amount) }
      WaitForEvent("arrived", for: Said.self)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func anEventEndsAScope_whileItIsUnderWay_andOnlyThen(kind: StoreKind) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: try kind.make())
      try await bench.sagas.register(Scoped(bench: bench))
      let events = bench.sagas.events
      let ended = try await bench.sagas.start(Scoped.self, .init(order: "o1"), id: "ended")
      try await bench.sleep(.seconds(12))
      try #require(try await events.publish(Paid(order: "o1", amount: 3)).deliveredTo == ["ended"])
      guard case .compensated(let failure) = await ended.outcome else { throw Refused() }
      try #require(failure.step == nil && failure.error(as: Refusal.self) == Refusal(amount: 3))
      try #require(bench.log.entries == ["unpack", "release"])

      let passed = try await bench.sagas.start(Scoped.self, .init(order: "o2"), id: "passed")
      try await bench.sleep(.seconds(12))
      try await events.publish(Said(), to: "passed")
      try #require(try await events.publish(Paid(order: "o2")).deliveredTo.isEmpty, "the scope is over")
      try #require(await passed.status == .waiting)
      try #require(await passed.report.step("sent")?.status == .completed)
      try await events.publish(Said(), to: "passed")
      try #require(await passed.outcome.isSuccess)
      try #require(bench.sagas.engine.events.shelves.waiting == 0)
    }
  }
}
