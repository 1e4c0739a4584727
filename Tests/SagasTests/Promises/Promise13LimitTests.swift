import SagasTesting
import Testing

@testable import Sagas

/// Promise 13: no more sagas than wanted have an action running.
@Suite("13 Limits")
struct Promise13LimitTests {
  /// One step that takes its time, between two entries in the log.
  struct Work: Saga {
    let bench: Workbench
    var retries = 0
    var limit: Duration? = .hours(24)

    struct State: Codable, Sendable {
      let id: String
      /// How long each attempt takes, in seconds.
      var seconds = 10
      /// How many attempts fail first.
      var failures = 0
      var seat: Int?, done: Int?
    }

    var timeout: Duration? { limit }

    var body: some Flow<State> {
      Step("seat", \.seat) { _ in 1 }
        .compensate { _, undo in bench.log.append("undo \(undo.run.sagaID)") }
      Step("work", \.done) { context in
        let run = context.run
        bench.log.append("begin \(run.sagaID) \(run.attempt)")
        try await bench.sleep(.seconds(context.seconds))
        if run.attempt <= context.failures { throw Busy() }
        bench.log.append("end \(run.sagaID)")
        return run.attempt
      }
      .retry(.fixed(retries: retries, every: .seconds(10)))
    }

    static func state(_ id: String, seconds: Int = 10, failures: Int = 0) -> State {
      State(id: id, seconds: seconds, failures: failures)
    }
  }

  private func workbench(
    _ simulation: Simulation, limit: Int?, store: any SagaStore = InMemoryStore(encoding: true)
  ) -> Workbench {
    Workbench(simulation, store: store, configuration: .init(maxConcurrentSagas: limit))
  }

  private func begin(_ bench: Workbench, _ state: Work.State) async throws -> SagaRun<Work> {
    try await bench.sagas.start(Work.self, state, id: state.id)
  }

  /// Nobody has a slot, nobody waits for one.
  private func requireAllSlotsBack(_ bench: Workbench, _ limit: Int) throws {
    let slots = try #require(bench.sagas.engine.slots)
    try #require(slots.free == limit && slots.waiting == 0)
  }

  // MARK: Order

  @Test(arguments: [true, false])
  func newSagasAreAdmittedInTheOrderOfTheirStarts_andAreCreatedUntilThen(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Work(bench: bench))
      var runs: [SagaRun<Work>] = []
      for number in 1...5 { runs.append(try await begin(bench, Work.state("s\(number)"))) }
      try #require(bench.elapsed(since: VirtualClock.start) == .zero, "start returns at once")
      await bench.log.waitFor("begin s1 1")
      await bench.settle()
      try #require(bench.log.entries == ["begin s1 1"])
      try #require(await runs[0].status == .running)
      for run in runs.dropFirst() {
        let report = await run.report
        try #require(report.status == .created && report.steps.allSatisfy { $0.status == .pending })
      }
      await bench.log.waitFor("begin s3 1")
      try #require(await runs[2].status == .running)
      try #require(await runs[3].status == .created)
      for run in runs { try #require(await run.outcome.isSuccess) }
      try #require(
        bench.log.entries == (1...5).flatMap { ["begin s\($0) 1", "end s\($0)"] })
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(50))
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test(arguments: [true, false])
  func whoGoesOn_comesBeforeWhoIsNew_inTheOrderInWhichTheirTimesCame(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Work(bench: bench, retries: 1))
      // Time 0–1: a fails. 1–3: b fails. 3–30: c works; a is due at 11, b at 13, d has been there from the start.
      let states = [
        Work.state("a", seconds: 1, failures: 1), Work.state("b", seconds: 2, failures: 1),
        Work.state("c", seconds: 27), Work.state("d"),
      ]
      var runs: [SagaRun<Work>] = []
      for state in states { runs.append(try await begin(bench, state)) }
      await bench.log.waitFor("begin c 1")
      try await bench.sleep(.seconds(20))
      // A backoff that is over and an attempt that waits for a slot are both waiting; nothing of it is recorded.
      let late = try await begin(bench, Work.state("e"))
      for run in runs.prefix(2) {
        let report = await run.report
        try #require(report.status == .waiting && report.step("work")?.status == .waiting)
        try #require(report.step("work")?.attempts == 1)
      }
      for run in runs + [late] { try #require(await run.outcome.isSuccess) }
      try #require(
        bench.log.entries == [
          "begin a 1", "begin b 1", "begin c 1", "end c", "begin a 2", "end a", "begin b 2", "end b",
          "begin d 1", "end d", "begin e 1", "end e",
        ])
      try requireAllSlotsBack(bench, 1)
    }
  }

  // MARK: One slot for all that runs of a saga

  /// Two branches, of which one has a backoff.
  struct Fork: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var left: Int?, right: Int? }
    var body: some Flow<State> {
      Parallel("both") {
        Step("left", \.left) { context in
          bench.log.append("left \(context.run.attempt)")
          try await bench.sleep(.seconds(1))
          if context.run.attempt == 1 { throw Busy() }
          return 1
        }
        .retry(.fixed(retries: 1, every: .seconds(2)))
        Step("right", \.right) { _ in
          bench.log.append("right")
          try await bench.sleep(.seconds(10))
          return 2
        }
      }
      Step("last") { _ in
        bench.log.append("last")
        try await bench.sleep(.seconds(1))
      }
    }
  }

  @Test func aSagaWithSeveralBranches_holdsOneSlot_untilNothingOfItRuns() throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Fork(bench: bench))
      try await bench.sagas.register(Work(bench: bench))
      let fork = try await bench.sagas.start(Fork.self, .init(), id: "fork")
      let other = try await begin(bench, Work.state("other"))
      try #require(await fork.outcome.isSuccess)
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(11))
      try #require(await other.outcome.isSuccess)
      let entries = bench.log.entries
      // Between two steps, and in one branch's backoff while the other one runs, the slot stays where it is.
      try #require(Set(entries.prefix(2)) == ["left 1", "right"])
      try #require(Array(entries.dropFirst(2)) == ["left 2", "last", "begin other 1", "end other"])
    }
  }

  @Test func anAttemptThatWasGivenUp_holdsNoSlot() throws {
    struct Deaf: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in
          await bench.sleepStubbornly(.seconds(100))
          return 1
        }
        .timeout(.seconds(5)).settleGrace(.seconds(2)).retry(.fixed(retries: 1, every: .hours(1)))
      }
    }
    try underSchedules(20) { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Deaf(bench: bench))
      try await bench.sagas.register(Work(bench: bench))
      let deaf = try await bench.sagas.start(Deaf.self, .init(), id: "deaf")
      let other = try await begin(bench, Work.state("other"))
      await bench.log.waitFor("begin other 1")
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(7), "the grace counts, no more")
      try #require(await deaf.status == .waiting)
      try #require(await other.outcome.isSuccess)
      // What it returns after all ends the step; it had no slot to lose.
      try #require(await deaf.outcome.failure?.step == "a")
      try requireAllSlotsBack(bench, 1)
    }
  }

  // MARK: Never more than that

  /// Who has an action in flight, counted inside the steps.
  final class Meter: Sendable {
    private struct State {
      var inFlight: [String: Int] = [:]
      var most = 0
    }
    private let state = Lock(State())

    var most: Int { state.withLock { $0.most } }

    func enter(_ id: String) {
      state.withLock { state in
        state.inFlight[id, default: 0] += 1
        state.most = max(state.most, state.inFlight.count)
      }
    }

    func leave(_ id: String) {
      state.withLock { state in
        state.inFlight[id]? -= 1
        if state.inFlight[id] == 0 { state.inFlight[id] = nil }
      }
    }
  }

  /// Everything at once: branches, backoffs, timeouts, failures, undoes that take their time.
  struct Mixed: Saga {
    let bench: Workbench
    let meter: Meter
    struct State: Codable, Sendable {
      let number: Int
      var a: Int?, b: Int?, c: Int?, d: Int?
    }

    func act(_ context: Context<State>, salt: Int) async throws -> Int {
      meter.enter(context.run.sagaID)
      defer { meter.leave(context.run.sagaID) }
      var random = SeededRandom(seed: UInt64(context.number * 100 + salt * 10 + context.run.attempt))
      if random.next() % 3 != 0 { try await bench.sleep(.milliseconds(Int(random.next() % 2_000))) }
      if random.next() % 4 == 0 { throw Busy() }
      return salt
    }

    func undo(_ undo: Undo<State>) async throws {
      try await bench.sleep(.milliseconds(300))
    }

    var body: some Flow<State> {
      Step("a", \.a) { try await act($0, salt: 1) }
        .retry(.fixed(retries: 2, every: .seconds(1))).undo { try await undo($1) }
      Parallel("both") {
        Step("b", \.b) { try await act($0, salt: 2) }
          .retry(.fixed(retries: 2, every: .zero)).undo { try await undo($1) }
        Step("c", \.c) { try await act($0, salt: 3) }
          .retry(.exponential(retries: 2, from: .milliseconds(700))).timeout(.seconds(1))
          .undo { try await undo($1) }
      }
      Step("d", \.d) { try await act($0, salt: 4) }.optional()
    }
  }

  /// Runs many at once, cancels some of them, and looks at the most that ran and at the slots.
  private func runMixed(
    _ simulation: Simulation, count: Int, limit: Int, store: any SagaStore
  ) async throws {
    let bench = workbench(simulation, limit: limit, store: store)
    let meter = Meter()
    try await bench.sagas.register(Mixed(bench: bench, meter: meter))
    var runs: [SagaRun<Mixed>] = []
    for number in 0..<count {
      runs.append(try await bench.sagas.start(Mixed.self, .init(number: number), id: "m\(number)"))
      if number % 7 == 3 { try await bench.sleep(.milliseconds(50)) }
      if number % 5 == 4 { try await runs[number / 2].cancel() }
    }
    var ends: [SagaStatus: Int] = [:]
    for run in runs {
      _ = await run.outcome
      ends[await run.status, default: 0] += 1
    }
    try #require(meter.most == limit)
    try #require(ends[.completed] ?? 0 > 0 && ends[.compensated] ?? 0 > 0)
    try requireAllSlotsBack(bench, limit)
  }

  @Test(arguments: [1, 3])
  func neverMoreThanTheLimit_haveAnActionInFlight(limit: Int) throws {
    try underSchedules(60) { simulation in
      try await runMixed(simulation, count: 60, limit: limit, store: InMemoryStore(encoding: true))
    }
  }

  @Test func thousandsOfSagas_shareOneSlot() throws {
    try underSchedules(3) { simulation in
      try await runMixed(simulation, count: 3_000, limit: 1, store: InMemoryStore())
    }
  }

  // MARK: Cancel, undo and time limits in line

  @Test(arguments: [true, false], [true, false])
  func cancelInLine_endsAtOnce_andNothingOfItRuns(encoding: Bool, compensating: Bool) throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Work(bench: bench))
      let first = try await begin(bench, Work.state("first"))
      let second = try await begin(bench, Work.state("second"))
      let third = try await begin(bench, Work.state("third"))
      try await second.cancel(compensating: compensating)
      let failure = try #require(await second.outcome.failure)
      try #require(failure.error is SagaCancelled && failure.undone.isEmpty && failure.unresolved.isEmpty)
      try #require(await second.status == (compensating ? .compensated : .failed))
      try #require(bench.elapsed(since: VirtualClock.start) == .zero)
      try #require(bench.sagas.engine.slots?.waiting == 1, "its place in line is given up")
      for run in [first, third] { try #require(await run.outcome.isSuccess) }
      try #require(bench.log.entries == ["begin first 1", "end first", "begin third 1", "end third"])
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test(arguments: [true, false])
  func suspendInLine_givesUpThePlace_andResumeTakesANewOne(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Work(bench: bench))
      var runs: [SagaRun<Work>] = []
      for id in ["a", "b", "c", "d"] { runs.append(try await begin(bench, Work.state(id))) }
      for run in [runs[1], runs[2]] {
        try await run.suspend()
        try await run.suspend()
        try #require(await run.settled == .suspended)
        let report = await run.report
        try #require(report.error == nil && report.status == .suspended)
      }
      try #require(bench.sagas.engine.slots?.waiting == 1, "only d is in line")
      try await bench.sleep(.hours(48))
      try #require(bench.log.entries == ["begin a 1", "end a", "begin d 1", "end d"])
      try requireAllSlotsBack(bench, 1)
      let e = try await begin(bench, Work.state("e"))
      try await runs[2].resume()
      try await runs[1].resume()
      try await runs[1].resume()  // harmless
      try #require(await runs[1].status == .created)
      for run in runs + [e] { try #require(await run.outcome.isSuccess) }
      try #require(
        bench.log.entries.dropFirst(4) == ["begin e 1", "end e", "begin c 1", "end c", "begin b 1", "end b"])
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test func suspendedInLine_endsByCancelCompensateOrAbandon_withoutASlot() throws {
    try underSchedules(20) { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Work(bench: bench))
      let first = try await begin(bench, Work.state("a"))
      var runs: [SagaRun<Work>] = []
      for id in ["b", "c", "d"] {
        runs.append(try await begin(bench, Work.state(id)))
        try await runs[runs.count - 1].suspend()
      }
      try await runs[0].cancel()
      try await runs[1].compensate()
      try await runs[2].abandon()
      let ends = [await runs[0].settled, await runs[1].settled, await runs[2].settled]
      try #require(ends == [.compensated, .compensated, .failed])
      try #require(bench.elapsed(since: VirtualClock.start) == .zero)
      try #require(await first.outcome.isSuccess)
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test func suspendedInLine_staysSoAfterACrash() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let before = workbench(simulation, limit: 1, store: store)
      try await before.sagas.register(Work(bench: before))
      for id in ["a", "b", "c"] { _ = try await begin(before, Work.state(id)) }
      try await before.sagas.suspend("b")
      try await before.sagas.suspend("c")
      if simulation.seed % 2 == 0 { try await before.sagas.resume("c") }
      let bench = workbench(simulation, limit: 1, store: store)
      try await bench.sagas.register(Work(bench: bench))
      try await bench.sagas.recover()
      let b = try #require(try await bench.sagas.handle(Work.self, "b"))
      let c = try #require(try await bench.sagas.handle(Work.self, "c"))
      try #require(await b.settled == .suspended)
      if simulation.seed % 2 == 0 {
        try #require(await c.outcome.isSuccess)
      } else {
        try #require(await c.settled == .suspended)
        try await c.resume()
        try #require(await c.outcome.isSuccess)
      }
      try #require(bench.log.entries == ["begin a 1", "end a", "begin c 1", "end c"])
      try await b.resume()
      try #require(await b.outcome.isSuccess)
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test func cancelBeforeTheNextAttempt_undoesAtOnce_whileAnotherSagaHasTheSlot() throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Work(bench: bench, retries: 5))
      let first = try await begin(bench, Work.state("first", seconds: 1, failures: 1))
      let second = try await begin(bench, Work.state("second", seconds: 100))
      await bench.log.waitFor("begin second 1")
      // One more in its backoff, one whose backoff is over.
      for wait in [5, 15] {
        let time = bench.clock.now
        try await bench.sleep(.seconds(wait))
        try #require(await first.status == .waiting)
        guard wait == 15 else { continue }
        try await first.cancel()
        try #require(await first.outcome.failure?.undone == ["seat"])
        try #require(bench.elapsed(since: time) == .seconds(wait))
      }
      try #require(await second.status == .running)
      try #require(bench.log.entries == ["begin first 1", "begin second 1", "undo first"])
      try #require(bench.sagas.engine.slots?.waiting == 0)
      try #require(await second.outcome.isSuccess)
      try requireAllSlotsBack(bench, 1)
    }
  }

  /// One step that takes 100 seconds.
  struct Hold: Saga {
    let bench: Workbench
    struct State: Codable, Sendable {}
    var body: some Flow<State> {
      Step("hold") { _ in try await bench.sleep(.seconds(100)) }
    }
  }

  @Test func theTimeLimitOfASaga_countsFromItsAdmission_andGoesOnInLine() throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Work(bench: bench, retries: 1, limit: .seconds(25)))
      try await bench.sagas.register(Hold(bench: bench))
      // 0–1 short fails, backoff until 11; 1–21 long; patient has waited 21 s and has all of its 25 s.
      let short = try await begin(bench, Work.state("short", seconds: 1, failures: 1))
      let long = try await begin(bench, Work.state("long", seconds: 20))
      let patient = try await begin(bench, Work.state("patient", seconds: 24))
      try #require(await long.outcome.isSuccess)
      try #require(await short.outcome.isSuccess)
      try #require(await patient.outcome.isSuccess)
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(46))

      // Again, but somebody else keeps the slot: the time runs out in line, and what was done is undone at once.
      let start = bench.clock.now
      let again = try await begin(bench, Work.state("again", seconds: 1, failures: 1))
      let hold = try await bench.sagas.start(Hold.self, .init(), id: "hold")
      guard case .compensated(let failure) = await again.outcome else { throw Refused() }
      try #require(failure.error is SagaTimedOut && failure.undone == ["seat"])
      try #require(bench.elapsed(since: start) == .seconds(25))
      try #require(bench.log.count(of: "begin again 2") == 0)
      try #require(await hold.outcome.isSuccess)
      try requireAllSlotsBack(bench, 1)
    }
  }

  // MARK: Decided without a slot

  /// An attempt that was given up returns in the backoff and lets the saga go on, while another saga has the slot.
  struct Late: Saga {
    let bench: Workbench
    struct State: Codable, Sendable { var a: Int? }
    var body: some Flow<State> {
      Step("a", \.a) { _ in
        await bench.sleepStubbornly(.seconds(5))
        return 1
      }
      .timeout(.seconds(1)).settleGrace(.seconds(1)).retry(.fixed(retries: 1, every: .hours(1))).optional()
      Step("next") { _ in bench.log.append("next") }.compensateUnknown { _ in bench.log.append("void next") }
    }
  }

  @Test(arguments: [true, false])
  func aStepReachedWithoutASlot_waitsForOne(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Late(bench: bench))
      try await bench.sagas.register(Work(bench: bench))
      let late = try await bench.sagas.start(Late.self, .init(), id: "late")
      let other = try await begin(bench, Work.state("other"))
      let third = try await begin(bench, Work.state("third"))
      await bench.log.waitFor("begin other 1")
      try await bench.sleep(.seconds(5))
      try #require(await late.report.step("a")?.status == .failed)
      try #require(await late.status == .waiting, "no action of it runs")
      try #require(await late.outcome.isSuccess)
      for run in [other, third] { try #require(await run.outcome.isSuccess) }
      try #require(
        bench.log.entries == [
          "begin other 1", "end other", "next", "begin third 1", "end third",
        ])
      try requireAllSlotsBack(bench, 1)
    }
  }

  @Test func aStepReachedWithoutASlot_andCancelledInLine_neverBegins() throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 1)
      try await bench.sagas.register(Late(bench: bench))
      try await bench.sagas.register(Work(bench: bench))
      let late = try await bench.sagas.start(Late.self, .init(), id: "late")
      let other = try await begin(bench, Work.state("other"))
      await bench.log.waitFor("begin other 1")
      try await bench.sleep(.seconds(5))
      let time = bench.clock.now
      try await late.cancel()
      _ = await late.outcome
      try #require(bench.clock.now == time)
      try #require(await late.status == .compensated)
      try #require(await late.report.step("next")?.status == .blocked)
      try #require(await other.outcome.isSuccess)
      try #require(bench.log.entries == ["begin other 1", "end other"])
      try requireAllSlotsBack(bench, 1)
    }
  }

  // MARK: Another process, and a store that fails

  @Test(arguments: [true, false])
  func recovery_letsOnAsManyAsTheLimit_thoseAdmittedBeforeFirst(encoding: Bool) throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: encoding)
      let first = workbench(simulation, limit: 2, store: store)
      try await first.sagas.register(Work(bench: first))
      for id in ["a", "b", "c", "d"] { _ = try await begin(first, Work.state(id)) }
      for id in ["a", "b"] { await first.log.waitFor("begin \(id) 1") }
      await first.settle()

      let second = workbench(simulation, limit: 1, store: store)
      try await second.sagas.register(Work(bench: second))
      try #require(try await second.sagas.recover().recovered == ["a", "b", "c", "d"])
      var runs: [SagaRun<Work>] = []
      for id in ["a", "b", "c", "d"] {
        runs.append(try #require(try await second.sagas.handle(Work.self, id)))
      }
      await second.log.waitFor("begin a 1")
      await second.settle()
      var statuses: [SagaStatus] = []
      for run in runs { statuses.append(await run.status) }
      try #require(statuses.prefix(2) == [.running, .waiting])
      // Taken over one by one, those behind may have been admitted by the first one in the meantime.
      if encoding { try #require(statuses.suffix(2) == [.created, .created]) }
      try await runs[3].cancel()
      _ = await runs[3].outcome
      try #require(second.elapsed(since: VirtualClock.start) == .zero)
      for run in runs.prefix(3) { try #require(await run.outcome.isSuccess) }
      let entries = second.log.entries.filter { $0 != "undo d" }
      try #require(entries == ["a", "b", "c"].flatMap { ["begin \($0) 1", "end \($0)"] })
      if encoding { try #require(await runs[3].report.compensatedSteps.isEmpty) }
      try requireAllSlotsBack(second, 1)
      // The first one has lost its sagas, and no slot.
      try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(60)))
      try requireAllSlotsBack(first, 2)
    }
  }

  @Test func cancelInLineAfterACrash_leavesWhatMayHaveBegunUnknown() throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: true)
      let first = workbench(simulation, limit: nil, store: store)
      try await first.sagas.register(Work(bench: first))
      for id in ["a", "b"] { _ = try await begin(first, Work.state(id)) }
      for id in ["a", "b"] { await first.log.waitFor("begin \(id) 1") }
      let second = workbench(simulation, limit: 1, store: store)
      try await second.sagas.register(Work(bench: second))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Work.self, "b"))
      try await run.cancel()
      try #require(await run.outcome.failure?.undone == ["seat"])
      try #require(await run.report.step("work")?.status == .unknown)
      let other = try #require(try await second.sagas.handle(Work.self, "a"))
      try #require(await other.outcome.isSuccess)
      try #require(second.log.count(of: "begin b 1") == 0)
      try requireAllSlotsBack(second, 1)
    }
  }

  /// A store that does not take some records the first time they are offered.
  final class FlakyStore: SagaStore {
    private let inner = InMemoryStore(encoding: true)
    private let state: Lock<SeededRandom>

    init(seed: UInt64) { state = Lock(SeededRandom(seed: seed)) }

    func append(
      _ record: JournalRecord, whenDurable: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) -> Durability {
      guard state.withLock({ $0.next() % 4 != 0 }) else {
        whenDurable(.failure(Busy()))
        return .pending
      }
      return inner.append(record, whenDurable: whenDurable)
    }

    func claim(for writer: UInt64) async throws -> [StoredSaga] { try await inner.claim(for: writer) }
    func load(_ id: String) async throws -> StoredSaga? { try await inner.load(id) }
  }

  @Test func failedWrites_loseNoSlot() throws {
    try underSchedules { simulation in
      let bench = workbench(simulation, limit: 2, store: FlakyStore(seed: simulation.seed))
      let meter = Meter()
      try await bench.sagas.register(Mixed(bench: bench, meter: meter))
      var runs: [SagaRun<Mixed>] = []
      var refused = 0
      for number in 0..<40 {
        do {
          runs.append(try await bench.sagas.start(Mixed.self, .init(number: number), id: "m\(number)"))
        } catch let error as SagaError {
          try #require(error.code == .storeFailed)
          refused += 1
        }
      }
      for run in runs { _ = await run.outcome }
      try #require(refused > 0 && meter.most <= 2)
      try requireAllSlotsBack(bench, 2)
    }
  }

  // MARK: Configuration

  @Test(arguments: [0, -1])
  func aLimitThatLetsNothingRun_isRefused_withTheRemedy(limit: Int) throws {
    try underSchedules(1) { simulation in
      let bench = workbench(simulation, limit: limit)
      for attempt in 0..<2 {
        do {
          if attempt == 0 {
            try await bench.sagas.register(Work(bench: bench))
          } else {
            try await bench.sagas.recover()
          }
          throw Refused()
        } catch let error as SagaError {
          try #require(error.code == .invalidArgument)
          try #require(error.message.hasPrefix("with maxConcurrentSagas at \(limit) no saga could run; "))
          try #require(error.message.hasSuffix("set it to 1 or more, or to nil for no limit"))
        }
      }
    }
  }

  @Test func withoutALimit_thereAreNoSlots() throws {
    try underSchedules(1) { simulation in
      let bench = workbench(simulation, limit: nil)
      try #require(bench.sagas.engine.slots == nil)
      try await bench.sagas.register(Work(bench: bench))
      var runs: [SagaRun<Work>] = []
      for number in 0..<50 { runs.append(try await begin(bench, Work.state("s\(number)"))) }
      for run in runs { try #require(await run.outcome.isSuccess) }
      try #require(bench.elapsed(since: VirtualClock.start) == .seconds(10))
    }
  }
}
