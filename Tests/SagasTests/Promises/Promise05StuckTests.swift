import SagasTesting
import Testing

@testable import Sagas

/// Promise 5: the ways out of stuck, and the deadline of the unwind.
@Suite("5 Stuck")
struct Promise05StuckTests {
  struct Book: Saga {
    let bench: Workbench
    let works = Gate()
    struct State: Codable, Sendable { var seat: Int?, pay: Int? }
    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }.compensate { _ in bench.log.append("free seat") }
      Step("pay", \.pay) { _ in 2 }
        .compensate { value, undo in
          bench.log.append("refund \(undo.run.attempt)")
          if !works.isOpen { throw Busy() }
        }
        .compensationRetry(.fixed(retries: 1, every: .seconds(5)))
      Fail("no") { _ in Refused() }
    }
  }

  private func stuck(_ simulation: Simulation) async throws -> (Workbench, Book, SagaRun<Book>) {
    let bench = Workbench(simulation)
    let book = Book(bench: bench)
    try await bench.sagas.register(book)
    let run = try await bench.sagas.start(Book.self, .init(), id: "s")
    try #require(await run.settled == .stuck)
    try #require(bench.log.entries == ["refund 1", "refund 2", "free seat"])
    return (bench, book, run)
  }

  @Test func retryCompensation_triesAgain_withItsRetriesFromTheStart_andNothingElse() throws {
    try underSchedules(20) { simulation in
      let (bench, book, run) = try await stuck(simulation)
      try await bench.sagas.retryCompensation("s")
      try #require(await run.settled == .stuck)
      try #require(bench.log.entries.suffix(2) == ["refund 3", "refund 4"])
      book.works.open()
      try await run.retryCompensation()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(bench.log.entries.last == "refund 5" && bench.log.count(of: "free seat") == 1)
      try #require(failure.undone == ["seat", "pay"] && failure.unresolved.isEmpty)
    }
  }

  @Test func skipCompensation_ends_andListsTheStep() throws {
    try underSchedules(10) { simulation in
      let (bench, _, run) = try await stuck(simulation)
      for step in ["seat", "nobody"] {
        do {
          try await run.skipCompensation(step: step)
          throw Refused(why: step)
        } catch let error as SagaError {
          try #require(error.code == .invalidArgument && error.step == step)
        }
      }
      try await bench.sagas.skipCompensation("s", step: "pay")
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["seat"] && failure.unresolved.map(\.reason) == [.skipped])
    }
  }

  @Test func abandon_endsFailed_andTheListSaysWhatStands() throws {
    try underSchedules(10) { simulation in
      let (_, _, run) = try await stuck(simulation)
      try await run.abandon()
      guard case .failed(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is Refused && failure.unresolved.map(\.step) == ["pay"])
      try #require(await run.status == .failed)
    }
  }

  @Test func theVerbs_onASagaThatIsNotStuck_nameItsStatus() throws {
    struct Quick: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("x") { _ in } }
    }
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Quick())
      let run = try await bench.sagas.start(Quick.self, .init(), id: "q")
      _ = await run.outcome
      for verb in 0..<3 {
        do {
          switch verb {
          case 0: try await run.retryCompensation()
          case 1: try await run.skipCompensation(step: "x")
          default: try await run.abandon()
          }
          throw Refused()
        } catch let error as SagaError {
          try #require(error.code == .notStuck && error.description.contains("completed"))
        }
      }
    }
  }

  @Test func unwindTimeout_stopsWhatRuns_beginsNothingMore_andIsStuck() throws {
    struct Slow: Saga {
      let bench: Workbench
      let patience = Gate()
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var unwindTimeout: Duration? { .seconds(10) }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
        Step("b", \.b) { _ in 2 }.compensate { _ in
          bench.log.append("undo b")
          if !patience.isOpen { try await bench.sleep(.hours(1)) }
        }
        .compensationTimeout(.hours(2))
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let saga = Slow(bench: bench)
      try await bench.sagas.register(saga)
      let start = bench.clock.now
      let run = try await bench.sagas.start(Slow.self, .init(), id: "s")
      try #require(await run.settled == .stuck)
      try #require(bench.elapsed(since: start) == .seconds(10) && bench.log.entries == ["undo b"])
      let why = await run.report.step("b")?.undoError as? SagaError
      try #require(why?.code == .unsettled && why?.description.contains("undoing had to end") == true)
      saga.patience.open()
      try await run.retryCompensation()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["b", "a"])
    }
  }

  @Test func theConfigurationsTimeout_isThatOfSagasThatStateNone() throws {
    struct Long: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Step("a") { _ in try await bench.sleep(.hours(2)) }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation, configuration: .init(timeout: .hours(1)))
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(of: Long(bench: bench), .init())
      try #require(outcome.failure?.error(as: SagaTimedOut.self)?.timeout == .hours(1))
      try #require(bench.elapsed(since: start) == .hours(1))
    }
  }

  @Test func sagaTimeout_isAFailureNothingTolerates() throws {
    struct Long: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var timeout: Duration? { .minutes(5) }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
        Step("b", \.b) { _ in
          try await bench.sleep(.hours(1))
          return 2
        }
        .optional().compensateUnknown { _ in bench.log.append("void b") }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (outcome, report) = try await bench.outcome(of: Long(bench: bench), .init())
      try #require(bench.elapsed(since: start) == .minutes(5))
      try #require(outcome.failure?.error(as: SagaTimedOut.self)?.timeout == .minutes(5))
      try #require(bench.log.entries == ["void b", "undo a"] && report.status == .compensated)
      try #require(bench.sagas.supervisor.sagasWithDeadline == 0)
    }
  }

  @Test func cancelWithoutCompensating_stops() throws {
    struct Trip: Saga {
      let bench: Workbench
      let began = Gate()
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo a") }
        Step("b") { _ in
          began.open()
          try await bench.sleep(.hours(1))
        }
      }
    }
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      try await bench.sagas.register(trip)
      let run = try await bench.sagas.start(Trip.self, .init(), id: "s")
      await trip.began.wait()
      try await run.cancel(compensating: false)
      guard case .failed(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.error is SagaCancelled && failure.unresolved.map(\.step) == ["a"])
      try #require(bench.log.entries.isEmpty)
    }
  }

  @Test func unwindPlan_saysWhatACancelWouldUndo() throws {
    struct Trip: Saga {
      let bench: Workbench
      let began = Gate()
      struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int?, d: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { _ in }
        Step("b", \.b) { _ in 1 }.compensate(.immediate) { _ in }
        Step("c", \.c) { _ in 1 }.compensate(.when(Refused.self)) { _ in }
        Step("d", \.d) { _ in 1 }.compensate { _ in }
        Step("e") { _ in
          began.open()
          try await bench.sleep(.hours(1))
        }
        .compensate { _ in }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let trip = Trip(bench: bench)
      try await bench.sagas.register(trip)
      let run = try await bench.sagas.start(Trip.self, .init(), id: "s")
      await trip.began.wait()
      let plan = await run.unwindPlan()
      try #require(
        plan.atOnce == ["b"] && plan.waves == [["d"], ["a"]] && plan.kept == ["c"] && plan.inFlight == ["e"])
      try #require(plan.mermaid.contains("[\"d ↩ 1\"]") && plan.mermaid.contains("[\"a ↩ 2\"]"))
      try await run.cancel()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["b", "d", "a"], "as planned")
      try #require(await run.unwindPlan().waves.isEmpty)
    }
  }
}
