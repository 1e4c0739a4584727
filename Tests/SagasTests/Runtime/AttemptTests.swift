import SagasTesting
import Testing

@testable import Sagas

/// Attempts, their time limits and their tasks do not get into each other's way.
@Suite("Attempts")
struct AttemptTests {
  /// The first attempt of the action comes back while the first attempt of the undo is in flight.
  @Test func aLateResult_leavesTheTimeLimitOfTheUndoAlone() throws {
    struct Charge: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int? }
      var onCompensationFailure: CompensationFailurePolicy { .finish }
      var body: some Flow<State> {
        Step("charge", \.a) { _ in
          await bench.sleepStubbornly(.seconds(12))
          bench.log.append("charged")
          return 1
        }
        .timeout(.seconds(5)).settleGrace(.seconds(5))
        .compensateUnknown { _ in
          bench.log.append("void")
          await bench.sleepStubbornly(.hours(1))
        }
        .compensationTimeout(.seconds(30)).compensationRetry(.never)
      }
    }
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(bench.log.entries == ["void", "charged"])
      try #require(bench.elapsed(since: start) == .seconds(5 + 5 + 30 + 5))
      guard case .failed = outcome else { throw Refused() }
      try #require(report.step("charge")?.status == .compensationFailed)
    }
  }

  /// What a step does to its own task is its own affair.
  @Test func aStepThatCancelsItsOwnTask_cancelsNoOther() throws {
    struct Odd: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var a: Int?, b: Int? }
      var body: some Flow<State> {
        Step("a", \.a) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
          return 1
        }
        .compensate { _ in bench.log.append(Task.isCancelled ? "undo a, cancelled" : "undo a") }
        Step("b", \.b) { _ in
          bench.log.append(Task.isCancelled ? "b, cancelled" : "b")
          throw Refused()
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      _ = try await bench.outcome(of: Odd(bench: bench), .init())
      try #require(bench.log.entries == ["b", "undo a"])
    }
  }

  /// A completed step whose result has gone from its slot cannot be undone, and that is said.
  @Test func aStateThatLosesResults_isNotReportedAsUndone() throws {
    struct Forgetful: Saga {
      let bench: Workbench
      struct State: Codable, Sendable {
        var b: Int?
        // A slot that is not one: what is put in does not come out.
        var a: Int? {
          get { nil }
          set { b = newValue }
        }
      }
      var body: some Flow<State> {
        Step("a", \.a) { _ in 1 }.compensate { bench.log.append("undo a \($0)") }
        Step("fails") { _ in throw Refused() }
      }
    }
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Forgetful(bench: bench), .init())
      try #require(bench.log.entries.isEmpty)
      try #require(outcome.failure?.undone == [])
      try #require(outcome.failure?.unresolved.map(\.step) == ["a"])
      try #require(report.step("a")?.status == .compensationFailed)
    }
  }
}
