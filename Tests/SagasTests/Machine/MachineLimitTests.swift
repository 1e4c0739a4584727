@testable import Sagas
import Testing

/// Where a number ends, the rules go on.
@Suite struct MachineLimitTests {
  @Test func lastAttemptThatHasANumber_isNotRetried() throws {
    var bench = try Bench(running: .sketch(step("a", .retries)))
    bench.machine.rows[1].attempts = .max - 1
    bench.machine.rows[1].forward = .backoff
    bench.machine.rows[1].due = .second(0)
    bench.machine.active = 0
    bench.machine.resting = 1
    #expect(try bench.send(.retryDue(1)).actions == [.run(1, .max)])
    #expect(
      try bench.send(.threw(1, .max, unknown: false)).entries == [
        .attemptFailed(1, .max, unknown: false), .failed(1), .failing(.node(1)), .unwinding,
        .ended(.compensated),
      ])
  }

  @Test func lastUndoAttemptThatHasANumber_isNotRetried() throws {
    var bench = try Bench(running: .sketch(step("a", [.undoesCompleted, .retriesUndo]), step("b")))
    try bench.send(.returned(1, 1), .threw(2, 1, unknown: false))
    bench.machine.rows[1].undoAttempts = .max
    #expect(
      try bench.send(.undoThrew(1, .max, impossible: false)).entries == [
        .undoAttemptFailed(1, .max), .undoFailed(1), .stuck,
      ])
  }

  @Test func recoveries_areCountedUpToTheLastNumber() throws {
    var bench = try Bench(running: .sketch(step("a")))
    bench.machine.recoveries = .max
    try bench.send(.recover)
    #expect(bench.machine.recoveries == .max)
  }

  @Test func numbersAtBothEnds_areRefusedAndIgnored() throws {
    let plan = SagaPlan.sketch(step("a", .anyUndo), step("b"))
    for script in [[.create, .admit], [.create, .admit, .returned(1, 1), .cancel]] as [[Event]] {
      var bench = Bench(plan)
      try bench.send(script)
      let before = bench.machine
      for attempt in [0, .max] as [Attempt] {
        for node in [0, 1, 2, 3, 4, 65_535] as [NodeID] {
          for input in StepInput.allCases.prefix(7) {
            #expect(try bench.send(input.event(node, attempt)) == .nothing)
          }
          for input in UndoInput.allCases.prefix(6) {
            #expect(try bench.send(input.event(node, attempt)) == .nothing)
          }
          for entry in [
            .started(node, attempt), .completed(node, attempt), .attemptCut(node, attempt),
            .returnedLate(node, attempt), .lateResult(node, attempt), .neverStarted(node, attempt),
            .undoStarted(node, attempt), .undone(node, attempt), .undoImpossible(node, attempt),
            .undoReturnedLate(node, attempt),
          ] as [Entry] {
            #expect(throws: IllegalEntry.self) { try bench.machine.apply(entry, at: .second(0)) }
          }
        }
      }
      #expect(bench.machine == before)
    }
  }
}
