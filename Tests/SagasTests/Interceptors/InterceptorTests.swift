import SagasTesting
import Testing

@testable import Sagas

/// What stands around attempts.
@Suite("Interceptors")
struct InterceptorTests {
  typealias Next = @Sendable () async throws -> Void

  /// Writes down what it sees, and does with each attempt what it is told to.
  struct Probe: Interceptor {
    let log: EventLog
    var name = "probe"
    var around: @Sendable (StepRun, @escaping Next) async throws -> Void = { _, next in try await next() }
    var aroundUndo: @Sendable (StepRun, @escaping Next) async throws -> Void = { _, next in try await next() }

    func attempt(_ run: StepRun, _ next: @escaping Next) async throws {
      log.append("\(name) > \(run.step) \(run.attempt)")
      do {
        try await around(run, next)
        log.append("\(name) < \(run.step) \(run.attempt)")
      } catch {
        log.append("\(name) ! \(run.step) \(run.attempt)")
        throw error
      }
    }

    func undo(_ run: StepRun, _ next: @escaping Next) async throws {
      log.append("\(name) > \(run.idempotencyKey) \(run.attempt)")
      try await aroundUndo(run, next)
      log.append("\(name) < \(run.idempotencyKey) \(run.attempt)")
    }
  }

  struct Charge: Saga {
    let bench: Workbench
    var interceptors: [any Interceptor] = []
    var retries = 0
    /// What the action throws, by attempt.
    var fails: @Sendable (Int) -> (any Error)? = { _ in nil }
    var takes: Duration = .zero

    struct State: Codable, Sendable { var receipt: Int? }

    var body: some Flow<State> {
      Step("charge", \.receipt) { context in
        try await bench.sleep(takes)
        bench.log.append("charge")
        if let error = fails(context.run.attempt) { throw error }
        return 42
      }
      .timeout(.seconds(10)).retry(.fixed(retries: retries, every: .seconds(1))).unknown(Busy.self)
      .compensate { bench.log.append("refund \($0)") }
      .compensateUnknown { _ in bench.log.append("void") }
    }
  }

  private func bench(_ simulation: Simulation, _ interceptors: (EventLog) -> [any Interceptor]) -> Workbench {
    let log = EventLog()
    let configuration = SagaOrchestrator.Configuration(interceptors: interceptors(log))
    return Workbench(simulation, configuration: configuration, log: log)
  }

  // MARK: - Order

  @Test func theConfigurationsStandAroundTheSagas_aroundEachAttemptAndEachUndo() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { [Probe(log: $0, name: "a"), Probe(log: $0, name: "b")] }
      struct Two: Saga {
        let bench: Workbench
        struct State: Codable, Sendable { var a: Int? }
        var interceptors: [any Interceptor] { [Probe(log: bench.log, name: "c")] }
        var body: some Flow<State> {
          Step("one", \.a) { _ in 1 }.compensate { bench.log.append("undo \($0)") }
          Step("two") { context in
            bench.log.append("two")
            throw Refused()
          }
          .retry(.fixed(retries: 1, every: .seconds(1)))
        }
      }
      let (_, report) = try await bench.outcome(of: Two(bench: bench), .init())
      try #require(report.status == .compensated && report.step("two")?.attempts == 2)
      try #require(
        bench.log.entries == [
          "a > one 1", "b > one 1", "c > one 1", "c < one 1", "b < one 1", "a < one 1",
          "a > two 1", "b > two 1", "c > two 1", "two", "c ! two 1", "b ! two 1", "a ! two 1",
          "a > two 2", "b > two 2", "c > two 2", "two", "c ! two 2", "b ! two 2", "a ! two 2",
          "a > s/one~undo 1", "b > s/one~undo 1", "c > s/one~undo 1", "undo 1", "c < s/one~undo 1",
          "b < s/one~undo 1", "a < s/one~undo 1",
        ])
    }
  }

  @Test func defaultsDoNothing() throws {
    struct Nothing: Interceptor {}
    try underSchedules(5) { simulation in
      let bench = bench(simulation) { _ in [Nothing()] }
      let saga = Charge(bench: bench, interceptors: [Nothing()], fails: { _ in Busy() })
      let (_, report) = try await bench.outcome(of: saga, .init())
      try #require(bench.log.entries == ["charge", "void"] && report.status == .compensated)
    }
  }

  // MARK: - Refusing, and replacing

  @Test func throwingBeforeNext_isADefiniteFailure_andRetried() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { log in
        // `Busy` from the action would leave open what happened; from here it cannot.
        [
          Probe(
            log: log, around: { run, next in if run.attempt < 3 { throw Busy() } else { try await next() } })
        ]
      }
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench, retries: 2), .init())
      try #require(outcome.isSuccess && report.step("charge")?.attempts == 3)
      try #require(bench.log.count(of: "charge") == 1)
    }
  }

  @Test func throwingBeforeNext_forGood_leavesNothingToUndo() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { [Probe(log: $0, around: { _, _ in throw Busy() })] }
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(outcome.failure?.error(as: Busy.self) != nil && outcome.failure?.undone == [])
      try #require(report.step("charge")?.effect?.kind == .failed && report.unresolved.isEmpty)
      try #require(bench.log.entries == ["probe > charge 1", "probe ! charge 1"])
    }
  }

  @Test func throwingAfterNextReturned_leavesTheEffectUnknown_andIsNotTakenForAFailure() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { log in
        [
          Probe(log: log, name: "outer"),
          Probe(
            log: log,
            around: { _, next in
              try await next()
              throw Refused(why: "late")
            }),
        ]
      }
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(outcome.failure?.error(as: Refused.self) == Refused(why: "late"))
      try #require(report.step("charge")?.effect?.kind == .unknown)
      try #require(bench.log.entries.filter { !$0.contains("r") || $0 == "charge" } == ["charge", "void"])
    }
  }

  static let replaced: [(own: any Error & Sendable, other: any Error & Sendable, kind: EffectKind)] = [
    (Busy(), Refused(), .unknown), (Refused(), Busy(), .unknown), (Refused(), Refused(why: "b"), .failed),
    (EffectUnknown(Refused()), Refused(), .unknown),
  ]

  @Test(arguments: replaced.indices)
  func replacingAnError_neverMakesAnUnknownEffectDefinite(row: Int) throws {
    let (own, other, kind) = Self.replaced[row]
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { log in
        [Probe(log: log, around: { _, next in do { try await next() } catch { throw other } })]
      }
      let (_, report) = try await bench.outcome(of: Charge(bench: bench, fails: { _ in own }), .init())
      try #require(report.step("charge")?.effect?.kind == kind)
      try #require(bench.log.count(of: "void") == (kind == .unknown ? 1 : 0))
    }
  }

  @Test func swallowingAnError_changesNothing() throws {
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { log in
        [Probe(log: log, name: "outer"), Probe(log: log, around: { _, next in try? await next() })]
      }
      let (outcome, _) = try await bench.outcome(of: Charge(bench: bench, fails: { _ in Refused() }), .init())
      try #require(outcome.failure?.error(as: Refused.self) != nil)
      try #require(
        bench.log.entries == [
          "outer > charge 1", "probe > charge 1", "charge", "probe < charge 1", "outer ! charge 1",
        ])
    }
  }

  // MARK: - Mistakes

  @Test func notCallingNext_failsTheAttempt_andNamesTheInterceptor() throws {
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { [Probe(log: $0, around: { _, _ in })] }
      let (outcome, report) = try await bench.outcome(of: Charge(bench: bench), .init())
      let error = try #require(outcome.failure?.error(as: SagaError.self))
      try #require(error.code == .interceptorMisuse && error.step == "charge" && error.attempt == 1)
      try #require(error.description.contains("InterceptorTests.Probe returned without calling next"))
      try #require(report.step("charge")?.effect?.kind == .failed && bench.log.count(of: "charge") == 0)
    }
  }

  @Test func callingNextAgain_throwsThere_andRunsNothingTwice() throws {
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { log in
        [
          Probe(
            log: log,
            around: { _, next in
              try await next()
              let error = await #expect(throws: SagaError.self) { try await next() }
              log.append("\(error?.code.description ?? "nothing") thrown")
            })
        ]
      }
      let (outcome, _) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(outcome.isSuccess && bench.log.count(of: "charge") == 1)
      try #require(bench.log.count(of: "interceptorMisuse thrown") == 1)
    }
  }

  @Test func aRetryOfItsOwn_isRefused_andTheStepsPolicyDecides() throws {
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { log in
        [Probe(log: log, around: { _, next in do { try await next() } catch { try await next() } })]
      }
      let saga = Charge(bench: bench, retries: 1, fails: { $0 == 1 ? Refused() : nil })
      let (outcome, report) = try await bench.outcome(of: saga, .init())
      try #require(outcome.isSuccess && report.step("charge")?.attempts == 2)
      try #require(bench.log.count(of: "charge") == 2)
    }
  }

  @Test func aNextThatIsLeftRunning_isWaitedFor_andOneThatComesTooLateRunsNothing() throws {
    try underSchedules { simulation in
      let kept = Lock<Next?>(nil)
      let bench = bench(simulation) { log in
        [
          Probe(
            log: log,
            around: { run, next in
              kept.withLock { $0 = next }
              let began = Gate()
              simulation.runtime.spawn("inside") {
                began.open()
                try? await next()
              }
              await began.wait()
              for _ in 0..<5 { await Task.yield() }
            })
        ]
      }
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(of: Charge(bench: bench, takes: .seconds(3)), .init())
      let ran = bench.log.count(of: "charge")
      // Under some schedules the task inside has not begun when the interceptor returns.
      try #require(outcome.isSuccess == (ran == 1))
      if ran == 1 { try #require(bench.elapsed(since: start) == .seconds(3)) }
      let late = try #require(kept.withLock { $0 })
      await #expect(throws: SagaError.self) { try await late() }
      try #require(bench.log.count(of: "charge") == ran)
    }
  }

  // MARK: - Timeout and cancel

  @Test func theTimeoutOfTheAttempt_countsAndReachesInterceptors() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { log in
        [
          Probe(
            log: log,
            around: { _, next in
              try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(60)))
              try await next()
            })
        ]
      }
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(of: Charge(bench: bench), .init())
      try #require(outcome.failure?.error is StepTimedOut)
      try #require(bench.elapsed(since: start) == .seconds(10), "the sleep was cancelled")
      try #require(bench.log.count(of: "charge") == 0)
    }
  }

  @Test func aCancelOfTheSaga_reachesInterceptors() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { log in
        [
          Probe(
            log: log,
            around: { _, next in
              log.append("held")
              try await simulation.clock.sleep(until: simulation.clock.now.advanced(by: .seconds(9)))
              try await next()
            })
        ]
      }
      try await bench.sagas.register(Charge(bench: bench))
      let start = bench.clock.now
      let run = try await bench.sagas.start(Charge.self, .init(), id: "s")
      await bench.log.waitFor("held")
      try await run.cancel()
      try #require(await run.outcome.failure?.error is SagaCancelled)
      try #require(bench.elapsed(since: start) == .zero && bench.log.count(of: "charge") == 0)
    }
  }

  // MARK: - Undo

  @Test func anUndoRefused_orObjectedToAfterwards_isTriedAgain() throws {
    try underSchedules { simulation in
      let bench = bench(simulation) { log in
        [
          Probe(
            log: log,
            aroundUndo: { run, next in
              if run.attempt == 1 { throw Refused(why: "before") }
              try await next()
              if run.attempt == 2 { throw Refused(why: "behind") }
            })
        ]
      }
      struct Two: Saga {
        let bench: Workbench
        struct State: Codable, Sendable { var a: Int? }
        var body: some Flow<State> {
          Step("one", \.a) { _ in 1 }.compensate { bench.log.append("undo \($0)") }
          Step("two") { _ in throw Refused() }
        }
      }
      let (outcome, report) = try await bench.outcome(of: Two(bench: bench), .init())
      try #require(outcome.failure?.undone == ["one"] && report.step("one")?.undoAttempts == 3)
      try #require(bench.log.count(of: "undo 1") == 2)
      try #require(report.status == .compensated)
    }
  }

  @Test func anUndoThatIsNotLetThrough_isNotReportedAsDone() throws {
    try underSchedules(10) { simulation in
      let bench = bench(simulation) { [Probe(log: $0, aroundUndo: { _, _ in })] }
      struct Two: Saga {
        let bench: Workbench
        struct State: Codable, Sendable { var a: Int? }
        var onCompensationFailure: CompensationFailurePolicy { .finish }
        var body: some Flow<State> {
          Step("one", \.a) { _ in 1 }.compensate { bench.log.append("undo \($0)") }
          Step("two") { _ in throw Refused() }
        }
      }
      let (outcome, report) = try await bench.outcome(of: Two(bench: bench), .init())
      try #require(report.status == .failed && outcome.failure?.undone == [])
      try #require((outcome.failure?.unresolved.first?.error as? SagaError)?.code == .interceptorMisuse)
    }
  }
}
