import SagasTesting
import Testing

@testable import Sagas

/// Promise 6: starting in the middle.
@Suite("6 Start from")
struct Promise06StartFromTests {
  typealias Course = Promise06ResumeFromTests.Course
  typealias Failing = Promise06ResumeFromTests.Failing
  typealias Crossroads = Promise06ResumeFromTests.Crossroads

  @Test(arguments: [true, false])
  func whatComesBefore_isRecordedSkipped_andItsSlotsAreAsGiven(encoding: Bool) throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation, store: InMemoryStore(encoding: encoding))
      try await bench.sagas.register(Course(bench: bench, failing: Failing(), undoable: ["a", "b"]))
      let run = try await bench.sagas.start(
        Course.self, .init(a: "A", b: "B", d: "D"), from: \.e, id: "t", metadata: ["by": "hand"])
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "A B - D e! f!")
      try #require(bench.log.entries == ["e: A B - D - -", "f: A B - D e! -"])
      let report = await run.report
      try #require(report.skippedSteps == ["a", "b", "c", "d", "extra"] && report.metadata == ["by": "hand"])
      try #require(report.step("a")?.attempts == 0 && report.step("a")?.effect == nil)
      let input = try #require(report.input?.value(as: Course.State.self))
      try #require(input.text == "A B - D - -")
    }
  }

  @Test func insideOfAGroup_theOtherBranchesRunFromTheirBeginning() throws {
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(Course(bench: bench, failing: Failing()))
      let run = try await bench.sagas.start(Course.self, .init(a: "A", c: "C"), from: "d", id: "t")
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "A b! C d! e! f!")
      try #require(Set(bench.log.entries.prefix(2)) == ["b: A - C - - -", "d: A - C - - -"])
      try #require(await run.report.skippedSteps == ["a", "c", "extra"])
    }
  }

  @Test func whatWasSkipped_isNeverUndone() throws {
    try underSchedules(20) { simulation in
      let bench = Workbench(simulation)
      try await bench.sagas.register(
        Course(bench: bench, failing: Failing(["f": .refusing]), undoable: ["a", "b", "c", "d", "e"]))
      let run = try await bench.sagas.start(Course.self, .init(a: "A", b: "B"), from: "d", id: "t")
      try #require(await run.settled == .suspended)
      try await run.compensate()
      guard case .compensated(let failure) = await run.outcome else { throw Refused() }
      try #require(Set(failure.undone) == ["b", "d", "e"] && failure.undone.first == "e")
      try #require(failure.unresolved.isEmpty && bench.log.entries.count { $0.hasPrefix("undo A") } == 0)
    }
  }

  @Test func itSurvivesACrash_andAPlaceInLine() throws {
    try underSchedules(20) { simulation in
      let store = InMemoryStore(encoding: true)
      let configuration = SagaOrchestrator.Configuration(maxConcurrentSagas: 1)
      let first = Workbench(simulation, store: store, configuration: configuration)
      try await first.sagas.register(Course(bench: first, failing: Failing(), isLong: true))
      _ = try await first.sagas.start(Course.self, .init(), from: "f", id: "s")
      _ = try await first.sagas.start(Course.self, .init(a: "A"), from: "e", id: "t")
      try #require(await first.sagas.handle("t")?.status == .created)
      let second = Workbench(simulation, store: store, configuration: configuration)
      try await second.sagas.register(Course(bench: second, failing: Failing()))
      try await second.sagas.recover()
      let run = try #require(try await second.sagas.handle(Course.self, "t"))
      guard case .completed(let state) = await run.outcome else { throw Refused() }
      try #require(state.text == "A - - - e! f!")
      try #require(second.log.entries == ["f: - - - - - -", "e: A - - - - -", "f: A - - - e! -"])
    }
  }

  @Test func behindItsPivot_itHasPassedIt() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let works = Gate()
      try await bench.sagas.register(Crossroads(works: works))
      let run = try await bench.sagas.start(Crossroads.self, .init(), from: \.end, id: "t")
      try #require(await run.settled == .stuck)
      do {
        try await run.cancel()
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .pastPivot)
      }
      works.open()
      try await run.retry()
      try #require(await run.outcome.isSuccess)
    }
  }

  @Test func whatCannotBeMeant_isRefused_beforeAnythingIsRecorded() throws {
    try underSchedules(3) { simulation in
      let bench = Workbench(simulation)
      let sagas = bench.sagas
      func refused(_ code: SagaError.Code, _ body: () async throws -> Void) async throws -> SagaError {
        do {
          try await body()
        } catch let error as SagaError {
          try #require(error.code == code, "\(error)")
          try #require(try await sagas.report("t") == nil && sagas.liveCount == 0)
          return error
        }
        throw Refused()
      }
      _ = try await refused(.notRegistered) {
        _ = try await sagas.start(Crossroads.self, .init(), from: "end", id: "t")
      }
      try await sagas.register(Crossroads(works: Gate()))
      let ambiguous = try await refused(.ambiguousStepName) {
        _ = try await sagas.start(Crossroads.self, .init(), from: \.way, id: "t")
      }
      try #require(ambiguous.steps == ["left", "right"] && ambiguous.description.contains("'right'"))
      _ = try await refused(.invalidArgument) {
        _ = try await sagas.start(Crossroads.self, .init(), from: \.never, id: "t")
      }
      _ = try await refused(.invalidArgument) {
        _ = try await sagas.start(Crossroads.self, .init(), from: "nowhere", id: "t")
      }
      let inside = try await refused(.invalidArgument) {
        _ = try await sagas.start(Crossroads.self, .init(), from: "left", id: "t")
      }
      try #require(inside.description.contains("'left?'"))
      let run = try await sagas.start(Crossroads.self, .init(), from: "left?", id: "t")
      try #require(await run.settled == .stuck, "the choice is asked")
      try #require(await run.report.completedSteps == ["left", "behind"])
      do {
        _ = try await sagas.start(Crossroads.self, .init(), from: \.end, id: "t")
        throw Refused()
      } catch let error as SagaError {
        try #require(error.code == .alreadyExists)
      }
    }
  }
}
