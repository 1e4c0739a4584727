import SagasTesting
import Testing

@testable import Sagas

/// Promise 1: the order of undoing.
@Suite("1 Order of undoing")
struct Promise01OrderTests {
  /// Takes turns at random, because the schedule is.
  struct Nested: Saga {
    let bench: Workbench

    struct State: Codable, Sendable {
      var a: Int?, b: Int?, c: Int?, d: Int?, e: Int?, f: Int?
    }

    private func act(_ name: String, _ value: Int) async throws -> Int {
      try await bench.sleep(.milliseconds(Int64.random(in: 0...3)))
      bench.log.append("did \(name)")
      return value
    }

    private func undo(_ name: String) async throws {
      bench.log.append("undoing \(name)")
      try await bench.sleep(.milliseconds(5))
      bench.log.append("undid \(name)")
    }

    var body: some Flow<State> {
      Step("a", \.a) { _ in try await act("a", 1) }.compensate { _ in try await undo("a") }
      Parallel("outer") {
        Step("b", \.b) { _ in try await act("b", 2) }.compensate { _ in try await undo("b") }
        Sequential {
          Step("c", \.c) { _ in try await act("c", 3) }.compensate { _ in try await undo("c") }
          Parallel("inner") {
            Step("d", \.d) { _ in try await act("d", 4) }.compensate { _ in try await undo("d") }
            Step("e", \.e) { _ in try await act("e", 5) }.compensate { _ in try await undo("e") }
          }
        }
      }
      Step("f", \.f) { _ in throw Refused() }.compensate { _ in try await undo("f") }
    }
  }

  @Test func undoesInReverseOfCompletion_acrossNestedGroups_oneAfterTheOther() throws {
    try underSchedules(100) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Nested(bench: bench), .init())
      let failure = try #require(outcome.failure)
      try #require(report.status == .compensated)
      try #require(report.completedSteps.sorted() == ["a", "b", "c", "d", "e"])
      try #require(report.compensatedSteps == report.completedSteps.reversed())
      try #require(failure.undone == report.compensatedSteps)
      // Each undo has settled before the next one starts.
      let undoing = bench.log.entries.filter { $0.hasPrefix("und") }
      try #require(undoing == report.compensatedSteps.flatMap { ["undoing \($0)", "undid \($0)"] })
    }
  }

  @Test func theOrderIsThatOfTheLog_notThatOfTheDefinition() throws {
    struct Race: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {}
      var body: some Flow<State> {
        Parallel("race") {
          Step("slow") { _ in try await bench.sleep(.seconds(2)) }.compensate { _ in bench.log.append("slow")
          }
          Step("fast") { _ in try await bench.sleep(.seconds(1)) }.compensate { _ in bench.log.append("fast")
          }
        }
        Fail("no") { _ in Refused() }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Race(bench: bench), .init())
      try #require(bench.log.entries == ["slow", "fast"])
    }
  }
}
