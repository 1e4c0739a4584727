import SagasTesting
import Testing

@testable import Sagas

/// Promise 1: the named orders, and the user's own.
@Suite("1 Named orders")
struct Promise01CustomOrderTests {
  /// `a`, then `b` (3 s) beside `c` (1 s) and `d` (1 s), then a failure.
  struct Plan: Saga {
    let bench: Workbench
    let order: CompensationOrder
    struct State: Codable, Sendable { var a: Int?, b: Int?, c: Int?, d: Int? }

    var compensationOrder: CompensationOrder { order }

    private func undo(_ name: String) async throws {
      bench.log.append("(\(name)")
      try await bench.sleep(.seconds(1))
      bench.log.append("\(name))")
    }

    private func act(_ seconds: Int) async throws -> Int {
      try await bench.sleep(.seconds(seconds))
      return seconds
    }

    var body: some Flow<State> {
      Step("a", \.a) { _ in try await act(1) }.compensate { _ in try await undo("a") }
      Parallel("both") {
        Step("b", \.b) { _ in try await act(3) }.compensate { _ in try await undo("b") }
        Sequential {
          Step("c", \.c) { _ in try await act(1) }.compensate { _ in try await undo("c") }
          Step("d", \.d) { _ in try await act(1) }.compensate { _ in try await undo("d") }
        }
      }
      Fail("no") { _ in Refused() }
    }
  }

  private func undoes(
    _ order: CompensationOrder, _ check: @escaping @Sendable ([String], SagaReport) throws -> Void
  ) throws {
    try underSchedules(15) { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Plan(bench: bench, order: order), .init())
      try #require(report.status == .compensated && report.compensatedSteps.count == 4)
      try check(bench.log.entries, report)
    }
  }

  private static func oneByOne(_ names: String...) -> [String] { names.flatMap { ["(\($0)", "\($0))"] } }

  @Test func reverseCompletion() throws {
    try undoes(.reverseCompletion) { log, _ in try #require(log == Self.oneByOne("b", "d", "c", "a")) }
  }

  @Test func reverseStart() throws {
    try undoes(.reverseStart) { log, report in
      // b and c begin at one instant; which comes first is the order of the log.
      let expected = ["d", "c", "b", "a"], other = ["d", "b", "c", "a"]
      try #require([expected, other].contains(report.compensatedSteps))
      try #require(log == report.compensatedSteps.flatMap { ["(\($0)", "\($0))"] })
      try #require(report.compensatedSteps == expected, "groups start their branches in declaration order")
    }
  }

  @Test func parallel() throws {
    try undoes(.parallel) { log, _ in
      try #require(
        Set(log.prefix(4)) == ["(a", "(b", "(c", "(d"] && Set(log.suffix(4)) == ["a)", "b)", "c)", "d)"])
    }
  }

  @Test func dependencyAware() throws {
    try undoes(.dependencyAware) { log, _ in
      // b does not see c and d: it goes beside the last of them.
      try #require(Set(log[0..<2]) == ["(b", "(d"] && Set(log[2..<4]) == ["b)", "d)"])
      try #require(Array(log[4...]) == Self.oneByOne("c", "a"))
    }
  }

  @Test func list_thenTheRestInReverseCompletion() throws {
    try undoes(.list("a", "c")) { log, report in
      try #require(log == Self.oneByOne("a", "c", "b", "d") && report.warnings.isEmpty)
    }
  }

  @Test func theUsersOwn_wavesAreKept_omissionsAppended_inventionsAndRepetitionsReported() throws {
    let own = CompensationOrder { completed in
      precondition(completed.map(\.name) == ["a", "c", "d", "b"], "in the order in which they settled")
      return [["a", "d"], ["nobody"], ["d"]]
    }
    try undoes(own) { log, report in
      try #require(Set(log[0..<2]) == ["(a", "(d"])
      try #require(Array(log[4...]) == Self.oneByOne("b", "c"))
      try #require(report.warnings.count == 2 && report.warnings[0].contains("nobody"))
    }
  }

  @Test func anUnknownNameInAList_isADefinitionError() async throws {
    struct Bad: Saga {
      struct State: Codable, Sendable {}
      var compensationOrder: CompensationOrder { .list("x", "typo") }
      var timeout: Duration? { .zero }
      var unwindTimeout: Duration? { .seconds(-1) }
      var body: some Flow<State> { Step("x") { _ in } }
    }
    do {
      try await SagaOrchestrator().register(Bad())
      Issue.record("registered")
    } catch let error as DefinitionError {
      #expect(error.problems.map(\.code) == [.invalidDuration, .invalidDuration, .unknownName])
      #expect(error.problems.last?.step == "typo")
    }
  }
}
