import SagasTesting
import Testing

@testable import Sagas

/// Promise 6: going on from a step that somebody names.
@Suite("6 Resume from")
struct Promise06ResumeFromTests {
  /// Each step tells what it sees and under which key; those in `failing` fail.
  struct Course: Saga {
    let bench: Workbench
    let failing: Failing
    /// The steps that have an undo.
    var undoable: Set<String> = []
    var isLong = false

    struct State: Codable, Sendable {
      var a: String?, b: String?, c: String?, d: String?, e: String?, f: String?

      var text: String { [a, b, c, d, e, f].map { $0 ?? "-" }.joined(separator: " ") }
    }

    var failurePolicy: FailurePolicy { .suspend }

    private func part(_ name: String, _ slot: Slot<State, String>) -> Sagas.Step<State, String> {
      let step = Step(name, slot) { context in
        let key = context.run.idempotencyKey
        bench.log.append("\(key.dropFirst(2)): \(context.state.text)")
        if isLong { try await bench.sleep(.seconds(1)) }
        switch failing[name] {
        case .never: break
        case .refusing: throw Refused()
        case .lost: throw EffectUnknown(Refused())
        }
        return String(key.dropFirst(2)) + "!"
      }
      .retry(.fixed(retries: name == "e" ? 1 : 0, every: .seconds(1)))
      guard undoable.contains(name) else { return step }
      return step.compensate { result, undo in bench.log.append("undo \(result) \(undo.run.idempotencyKey)") }
        .compensateUnknown { undo in
          bench.log.append("void \(undo.idempotencyKey) \(undo.run.idempotencyKey)")
        }
    }

    var body: some Flow<State> {
      part("a", \.a)
      Parallel("both") {
        part("b", \.b)
        Sequential {
          part("c", \.c)
          part("d", \.d)
        }
      }
      When("long?", { _ in isLong }) { Step("extra") { _ in } }
      part("e", \.e)
      part("f", \.f)
    }
  }

  final class Failing: Sendable {
    enum Way: Sendable { case never, refusing, lost }

    private let ways: Lock<[String: Way]>

    init(_ ways: [String: Way] = [:]) { self.ways = Lock(ways) }

    subscript(name: String) -> Way {
      get { ways.withLock { $0[name] ?? .never } }
      set { ways.withLock { $0[name] = newValue } }
    }
  }

  /// A saga that is suspended because one of its steps has failed.
  private func held(
    _ simulation: Simulation, at name: String, undoable: Set<String> = [],
    store: any SagaStore = InMemoryStore(encoding: true)
  ) async throws -> (Workbench, SagaRun<Course>, Failing) {
    let bench = Workbench(simulation, store: store)
    let failing = Failing([name: .refusing])
    try await bench.sagas.register(Course(bench: bench, failing: failing, undoable: undoable))
    let run = try await bench.sagas.start(Course.self, .init(), id: "t")
    try #require(await run.settled == .suspended)
    return (bench, run, failing)
  }

  private func error(_ body: () async throws -> Void) async -> SagaError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? SagaError
    }
  }

  @Test(arguments: [true, false])
  func fromALaterStep_whatIsSkippedOverIsRecordedSkipped_andTheRestKeepsItsResults(encoding: Bool) throws {
    try underSchedules { simulation in
      let (bench, run, _) = try await held(
        simulation, at: "c", undoable: ["a", "b"], store: InMemoryStore(encoding: encoding))
      try await run.resume(from: \.e)
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "a! b! - - e! f!", "\(state.text)")
      let report = await run.report
      try #require(report.skippedSteps == ["c", "d", "extra"] && report.failures.isEmpty)
      try #require(report.unresolved.isEmpty && report.step("c")?.status == .skipped)
      try #require(bench.log.entries.suffix(2) == ["e: a! b! - - - -", "f: a! b! - - e! -"])
    }
  }

  @Test(arguments: [true, false])
  func fromAnEarlierStep_whatHadCompletedRunsAgainUnderANewKey_andItsResultIsTakenBack(encoding: Bool)
    throws
  {
    try underSchedules { simulation in
      let (bench, run, failing) = try await held(
        simulation, at: "e", undoable: ["a", "b"], store: InMemoryStore(encoding: encoding))
      try #require(bench.log.entries.suffix(2) == ["e: a! b! c! d! - -", "e: a! b! c! d! - -"])
      let before = bench.log.entries.count
      try await bench.sagas.resume("t", from: "c")
      try #require(await run.settled == .suspended)
      // Branches of a group do not see each other, also when the group is opened again.
      try #require(
        bench.log.entries.dropFirst(before) == [
          "c#2: a! - - - - -", "d#2: a! - c#2! - - -", "e: a! b! c#2! d#2! - -", "e: a! b! c#2! d#2! - -",
        ], "\(bench.log.entries.dropFirst(before))")
      failing["e"] = .never
      try await run.resume(from: \.d)
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "a! b! c#2! d#3! e! f!", "\(state.text)")
      try #require(bench.log.entries.count { $0.hasPrefix("b") } == 1, "what is beside keeps its result")
      try #require(try await run.result(of: \.d) == "d#3!")
      if encoding {
        let replayed = try await bench.replayed("t")
        try #require(replayed.summary == (await run.core.image()).summary)
      }
    }
  }

  @Test func theFailedStep_runsAgainUnderItsOldKey_withRetriesFromTheStart() throws {
    try underSchedules(10) { simulation in
      let (bench, run, _) = try await held(simulation, at: "e", undoable: ["a", "b", "c", "d", "e"])
      let before = bench.log.entries.count
      for _ in 0..<2 {
        try await run.resume(from: "e")
        try #require(await run.settled == .suspended)
      }
      try #require(
        bench.log.entries.dropFirst(before) == Array(repeating: "e: a! b! c! d! - -", count: 4)[...])
      try #require(await run.report.step("e")?.attempts == 6)
    }
  }

  @Test func whatWouldNeedItsUndo_isNotRepeated_andNothingChanges() throws {
    try underSchedules(10) { simulation in
      let (bench, run, failing) = try await held(simulation, at: "e", undoable: ["a", "b", "d"])
      let before = await run.core.image().machine
      for (step, inTheWay) in [("a", ["a", "b", "d"]), ("both", ["b", "d"]), ("c", ["d"]), ("b", ["b"])] {
        let refusal = await error { try await run.resume(from: step) }
        try #require(refusal?.code == .wouldRepeat && refusal?.steps == inTheWay)
        for name in inTheWay + [step] { try #require(refusal?.description.contains("'\(name)'") == true) }
      }
      try #require(await run.core.image().machine == before)
      failing["e"] = .never
      try await run.resume(from: "long?")
      try #require(await run.outcome.isSuccess && bench.log.entries.count { $0.hasPrefix("undo") } == 0)
    }
  }

  @Test func theUndoOfARepeatedStep_isThatOfItsLastRun_underItsKey() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let failing = Failing(["f": .refusing])
      struct Voiding: Saga {
        let bench: Workbench
        let failing: Failing
        struct State: Codable, Sendable { var a: Int?, f: Int? }
        var failurePolicy: FailurePolicy { .suspend }
        var body: some Flow<State> {
          Step("a", \.a) { context in
            if failing["a"] == .lost { throw EffectUnknown(Refused()) }
            return context.run.attempt
          }
          .compensateUnknown { undo in
            bench.log.append("void \(undo.idempotencyKey), \(undo.run.idempotencyKey)")
          }
          Step("f", \.f) { _ in
            if failing["f"] == .refusing { throw Refused() }
            return 1
          }
        }
      }
      try await bench.sagas.register(Voiding(bench: bench, failing: failing))
      let run = try await bench.sagas.start(Voiding.self, .init(), id: "t")
      try #require(await run.settled == .suspended)
      failing["a"] = .lost
      try await run.resume(from: \.a)
      try #require(await run.settled == .suspended)
      try #require(await run.report.step("a")?.status == .unknown)
      try await run.compensate()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["a"] && failure.step == "a")
      try #require(bench.log.entries == ["void t/a#2, t/a#2~undo"])
    }
  }

  @Test func whatIsUnknownAndSkippedOver_isSaid_andUndoneWithTheRest() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      let failing = Failing(["c": .lost])
      try await bench.sagas.register(
        Course(bench: bench, failing: failing, undoable: ["a", "c"], isLong: true))
      let run = try await bench.sagas.start(Course.self, .init(), id: "t")
      try #require(await run.settled == .suspended)
      try await run.resume(from: "f")
      await bench.log.waitFor("f: a! b! - - - -")
      try #require(await run.report.step("c")?.status == .skipped)
      try #require(await run.report.unresolved.map(\.step) == ["c"])
      try await run.cancel()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(failure.undone == ["c", "a"] && failure.unresolved.isEmpty)
      try #require(bench.log.entries.suffix(2) == ["void t/c t/c~undo", "undo a! t/a~undo"])
    }
  }

  @Test func repetitions_surviveACrash() throws {
    try underSchedules { simulation in
      let store = InMemoryStore(encoding: true)
      let (first, before, _) = try await held(simulation, at: "e", store: store)
      try await before.resume(from: "a")
      if simulation.seed % 2 == 0 {
        try #require(await before.settled == .suspended)
      } else {
        await first.log.waitFor("a#2: - - - - - -")
      }
      let second = Workbench(simulation, store: store)
      let failing = Failing(["f": .refusing])
      try await second.sagas.register(Course(bench: second, failing: failing))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Course.self, "t"))
      if await run.settled == .suspended, await run.report.step("f")?.attempts == 0 {
        try await run.resume()
      }
      try #require(await run.settled == .suspended)
      try #require(await run.report.step("f")?.status == .failed)
      failing["f"] = .never
      try await run.resume(from: "a")
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "a#3! b#3! c#3! d#3! e#2! f!", "\(state.text)")
    }
  }

  @Test func aSagaThatIsNotSuspended_namesItsStatus() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let failing = Failing()
      try await bench.sagas.register(Course(bench: bench, failing: failing, isLong: true))
      let run = try await bench.sagas.start(Course.self, .init(), id: "t")
      await bench.log.waitFor("a: - - - - - -")
      var refusal = await error { try await run.resume(from: \.a) }
      try #require(refusal?.code == .notSuspended && refusal?.description.contains("running") == true)
      try await run.suspend()
      refusal = await error { try await run.resume(from: "a") }
      try #require(refusal?.code == .notSuspended && refusal?.description.contains("running") == true)
      try #require(await run.settled == .suspended)
      try await run.resume()
      try #require(await run.outcome.isSuccess)
      refusal = await error { try await bench.sagas.resume("t", from: "a") }
      try #require(refusal?.code == .notSuspended && refusal?.description.contains("completed") == true)
      try #require(await error { try await bench.sagas.resume("u", from: "a") }?.code == .notFound)
    }
  }

  struct Crossroads: Saga {
    struct State: Codable, Sendable {
      var isLeft = true
      var way: String?, end: Int?, never: Int?
    }
    let works: Gate
    var failurePolicy: FailurePolicy { .suspend }
    var body: some Flow<State> {
      When("left?", { $0.isLeft }) {
        Step("left", \.way) { _ in "left" }
      } otherwise: {
        Step("right", \.way) { _ in "right" }
      }
      Pivot("no return")
      Step("behind") { _ in }
      Step("end", \.end) { _ in
        guard works.isOpen else { throw Refused() }
        return 1
      }
    }
  }

  @Test func placesThatCannotBeMeant_areRefused_withTheRemedy() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      let works = Gate()
      try await bench.sagas.register(Crossroads(works: works))
      let run = try await bench.sagas.start(Crossroads.self, .init(), id: "t")
      try #require(await run.settled == .stuck)
      var refusal = await error { try await run.resume(from: \.end) }
      try #require(refusal?.code == .notSuspended && refusal?.description.contains("stuck") == true)
      refusal = await error { try await run.resume(from: \.way) }
      try #require(refusal?.code == .ambiguousStepName && refusal?.steps == ["left", "right"])
      refusal = await error { try await run.resume(from: \.never) }
      try #require(refusal?.code == .invalidArgument)
      refusal = await error { try await run.resume(from: "nowhere") }
      try #require(refusal?.code == .invalidArgument && refusal?.step == "nowhere")
      let untyped = try #require(try await bench.sagas.handle("t"))
      refusal = await error { try await untyped.resume(from: "left") }
      try #require(refusal?.code == .notSuspended)
    }
  }

  @Test func behindThePivot_nothingLeadsBack_andABranchNotTakenIsNotEntered() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation, configuration: .init(maxConcurrentSagas: 1))
      let works = Gate()
      works.open()
      try await bench.sagas.register(Crossroads(works: works))
      try await bench.sagas.register(Promise13LimitTests.Work(bench: bench))
      // Held in line, so that nothing has run.
      let other = try await bench.sagas.start(Promise13LimitTests.Work.self, .init(id: "o"), id: "o")
      let run = try await bench.sagas.start(Crossroads.self, .init(), id: "t")
      try await run.suspend()
      let refusal = await error { try await run.resume(from: "right") }
      try #require(refusal?.code == .invalidArgument && refusal?.description.contains("'left?'") == true)
      try await run.resume(from: "end")
      try #require(await run.status == .created)
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.way == nil && state.end == 1)
      try #require(await run.report.skippedSteps == ["left", "right", "behind"])
      try #require(await other.outcome.isSuccess)
    }
  }
}
