import SagasTesting
import Testing

@testable import Sagas

/// Promise 2: failure, and what is in flight.
@Suite("2 Failure, and what is in flight")
struct Promise02FailureTests {
  struct State: Codable, Sendable {
    var a: Int?, b: Int?, c: Int?
  }

  @Test func asksSiblingsToStop_andAwaitsThem_beforeAnyUndo() throws {
    struct Group: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Step("first", \.a) { _ in 1 }.compensate { _ in bench.log.append("undo first") }
        Parallel("group") {
          Sequential {
            Step("deep", \.b) { _ in
              defer { bench.log.append("deep is back") }
              try await bench.sleep(.seconds(60))
              return 2
            }
            .compensate { _ in bench.log.append("undo deep") }
            .compensateUnknown { _ in bench.log.append("void deep") }
          }
          Step("fails", \.c) { _ in
            try await bench.sleep(.seconds(1))
            throw Refused()
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (outcome, report) = try await bench.outcome(of: Group(bench: bench), .init())
      try #require(bench.log.entries == ["deep is back", "void deep", "undo first"])
      try #require(bench.elapsed(since: start) == .seconds(1))
      try #require(report.step("deep")?.status == .compensated)
      let failure = try #require(outcome.failure)
      try #require(failure.step == "fails")
      try #require(failure.error is Refused)
      try #require(failure.others.isEmpty, "a cancellation that obeys is no failure of its own")
    }
  }

  @Test func completionWithinTheGrace_isCompleted_andUndoneWithItsResult() throws {
    struct Group: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Parallel("group") {
          Step("stubborn", \.a) { _ in
            await bench.sleepStubbornly(.seconds(5))
            return 7
          }
          .compensate { bench.log.append("undo stubborn \($0)") }
          Step("fails", \.b) { _ in throw Refused() }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Group(bench: bench), .init())
      // Under some schedules it is told to stop before it began: then nothing was done, and nothing is undone.
      if report.step("stubborn")?.status == .blocked {
        try #require(bench.log.entries.isEmpty)
      } else {
        try #require(report.step("stubborn")?.status == .compensated)
        try #require(bench.log.entries == ["undo stubborn 7"])
      }
      try #require(report.unresolved.isEmpty)
    }
  }

  @Test func graceOver_isUnknown_andTheResultComesLate() throws {
    struct Group: Saga {
      let bench: Workbench
      let began: Gate
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Parallel("group") {
          Step("stubborn", \.a) { _ in
            began.open()
            await bench.sleepStubbornly(.seconds(30))
            bench.log.append("returned")
            return 7
          }
          .settleGrace(.seconds(3))
          .compensate { _ in bench.log.append("undo stubborn") }
          .compensateUnknown { _ in bench.log.append("void stubborn") }
          Step("fails", \.b) { _ in
            await began.wait()
            throw Refused()
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let saga = Group(bench: bench, began: Gate())
      let start = bench.clock.now
      let (_, report) = try await bench.outcome(of: saga, .init())
      try #require(bench.elapsed(since: start) == .seconds(3))
      try #require(report.status == .compensated)
      try #require(bench.log.entries == ["void stubborn"])
      try #require(report.unresolved.isEmpty)

      // The result arrives after the end: it is told, and changes no status.
      try await bench.sleep(.seconds(60))
      let later = try #require(try await bench.sagas.report("s"))
      try #require(later.status == .compensated)
      try #require(later.step("stubborn")?.status == .compensated)
      try #require(later.unresolved.map(\.step) == ["stubborn"])
      try #require(later.unresolved.first?.reason == .lateResult)
    }
  }

  @Test func timeoutThenDefiniteFailure_leavesTheEffectUnknown() throws {
    struct Charge: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Step("charge", \.a) { context -> Int in
          if context.run.attempt == 1 { try await bench.sleep(.seconds(60)) }
          throw Refused()
        }
        .timeout(.seconds(1))
        .retry(.fixed(retries: 1, every: .seconds(1)))
        .compensate { _ in bench.log.append("refund") }
        .compensateUnknown { bench.log.append("void \($0.idempotencyKey) after \($0.attempts)") }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(bench.log.entries == ["void s/charge after 2"])
      guard case .unknown? = report.step("charge")?.effect else { throw Refused(why: "effect is known") }
      try #require(outcome.failure?.error is Refused)
    }
  }

  @Test func timeoutThenResultWithinTheGrace_failsTheStep_andItsUndoGetsTheResult() throws {
    struct Charge: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Step("charge", \.a) { _ in
          bench.log.append("attempt")
          await bench.sleepStubbornly(.seconds(3))
          return 42
        }
        .timeout(.seconds(1))
        .retry(.fixed(retries: 5, every: .seconds(1)))
        .compensate { bench.log.append("refund \($0)") }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(bench.log.entries == ["attempt", "refund 42"])
      try #require(outcome.failure?.error(as: StepTimedOut.self)?.timeout == .seconds(1))
      guard case .completed(let value)? = report.step("charge")?.effect else {
        throw Refused(why: "not completed")
      }
      try #require(value.value(as: Int.self) == 42)
    }
  }

  @Test func lateResultBeforeItsUndo_whileOthersAreUndone_makesTheEffectCompleted() throws {
    struct Two: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Parallel("group") {
          Step("late", \.a) { _ in
            await bench.sleepStubbornly(.seconds(20))
            return 42
          }
          .timeout(.seconds(1)).settleGrace(.seconds(1))
          .compensate { bench.log.append("refund \($0)") }
          .compensateUnknown { _ in bench.log.append("void") }
          Step("other", \.b) { _ in
            await bench.sleepStubbornly(.seconds(5))
            return 1
          }
          .compensate { _ in
            try await bench.sleep(.seconds(25))
            bench.log.append("undo other")
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Two(bench: bench), .init())
      // "other" settled last and is undone first, which takes long enough for the late result to count.
      try #require(bench.log.entries == ["undo other", "refund 42"])
      try #require(report.compensatedSteps == ["other", "late"])
      try #require(report.unresolved.isEmpty)
    }
  }

  @Test func toleratedFailures_endCompleted_andAreListed() throws {
    struct Mail: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Step("mail", \.a) { _ -> Int in throw Refused(why: "no address") }.optional()
        Step("push", \.b) { _ -> Int in throw EffectUnknown(Refused()) }.optional()
        Step("done", \.c) { context in
          let mailed: Int? = context.a
          return mailed ?? -1
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Mail(bench: bench), .init())
      guard case .completed(let state) = outcome else { throw Refused(why: "did not complete") }
      try #require(state.a == nil && state.c == -1)
      try #require(report.failures.map(\.step) == ["mail", "push"])
      try #require(report.unresolved.map(\.step) == ["push"])
      try #require(report.step("mail")?.status == .failed)
      try #require(report.step("push")?.status == .unknown)
      try #require(report.error == nil)
      try #require(report.progress == 1)
    }
  }

  @Test func theUnknownEffectOfAToleratedStep_isUndone_whenTheSagaUnwinds() throws {
    struct Mail: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Step("push", \.b) { _ -> Int in throw EffectUnknown() }
          .compensateUnknown { _ in bench.log.append("recall push") }
          .optional()
        Step("no") { _ in throw Refused() }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (_, report) = try await bench.outcome(of: Mail(bench: bench), .init())
      try #require(bench.log.entries == ["recall push"])
      try #require(report.unresolved.isEmpty)
    }
  }

  @Test func failingWithNothingToUndo_endsCompensated() throws {
    struct No: Saga {
      struct State: Codable, Sendable {}
      var body: some Flow<State> { Step("no") { _ in throw Refused() } }
    }
    try underSchedules { simulation in
      let (outcome, report) = try await Workbench(simulation).outcome(of: No(), .init())
      guard case .compensated(let failure) = outcome else { throw Refused(why: "\(outcome)") }
      try #require(failure.undone.isEmpty && failure.unresolved.isEmpty)
      try #require(report.status == .compensated)
    }
  }

  @Test func laterFailures_areAttachedByStep_theFirstStays() throws {
    struct Both: Saga {
      let bench: Workbench
      typealias State = Promise02FailureTests.State
      var body: some Flow<State> {
        Parallel("group") {
          Step("first", \.a) { _ -> Int in
            try await bench.sleep(.seconds(1))
            throw Refused(why: "first")
          }
          Step("second", \.b) { _ -> Int in
            await bench.sleepStubbornly(.seconds(2))
            throw Refused(why: "second")
          }
        }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(of: Both(bench: bench), .init())
      let failure = try #require(outcome.failure)
      try #require(failure.step == "first" && failure.error as? Refused == Refused(why: "first"))
      try #require(failure.others.map(\.step) == ["second"])
      try #require(failure.others.first?.error as? Refused == Refused(why: "second"))
    }
  }

  @Test func aResultThatCannotBeEncoded_isAnUnknownEffect() throws {
    struct Poison: Codable, Sendable {
      var number: Double
    }
    struct Measure: Saga {
      let bench: Workbench
      struct State: Codable, Sendable { var value: Poison? }
      var body: some Flow<State> {
        Step("measure", \.value) { _ in Poison(number: .nan) }
          .compensate { _ in bench.log.append("undo") }
          .compensateUnknown { _ in bench.log.append("undo unknown") }
      }
    }
    try underSchedules { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(of: Measure(bench: bench), .init())
      try #require(bench.log.entries == ["undo unknown"])
      try #require((outcome.failure?.error as? SagaError)?.code == .notEncodable)
      try #require(report.step("measure")?.status == .compensated)
    }
  }
}
