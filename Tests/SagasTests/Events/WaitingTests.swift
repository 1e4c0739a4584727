import SagasTesting
import Testing

@testable import Sagas

/// Sleeps, limits and what events come to, in sagas that run. Events are handed to the saga as the bus does.
@Suite("Sagas that wait")
struct WaitingTests {
  struct Approved: SagaEvent, Equatable {
    var orderID = "o"
    var by = "ann"
  }

  struct Rejected: SagaEvent { var orderID = "o" }

  struct State: Codable, Sendable, Equatable {
    var orderID = "o"
    var ticket: String?, approved: Approved?, second: Approved?, decision: String?, note: String?
  }

  struct Sample: Saga {
    static let name = "sample"
    typealias State = WaitingTests.State
    var failurePolicy = FailurePolicy.compensate
    let body: Sagas.Sequential<State>

    init(
      _ policy: FailurePolicy = .compensate, @FlowBuilder<State> _ body: () -> Sagas.Sequential<State>
    ) {
      failurePolicy = policy
      self.body = body()
    }
  }

  private typealias Step<Output: Sendable> = Sagas.Step<State, Output>
  private typealias Parallel = Sagas.Parallel<State>
  private typealias Sequential = Sagas.Sequential<State>
  private typealias Sleep = Sagas.Sleep<State>
  private typealias WaitForEvent<Value: Codable & Sendable> = Sagas.WaitForEvent<State, Value>
  private typealias On<Value: Codable & Sendable> = Sagas.On<State, Value>
  private typealias After<Value: Codable & Sendable> = Sagas.After<State, Value>

  /// What the bus does once it knows whom an event is for.
  private func deliver(
    _ event: any SagaEvent, to node: String? = nil, alternative: UInt16 = 0, in bench: Workbench,
    _ id: String = "s"
  ) async throws {
    let instance = try #require(bench.sagas.engine.registry[id])
    await instance.take(event, at: node, alternative)
  }

  private func begin(_ bench: Workbench, _ saga: Sample) async throws -> SagaRun<Sample> {
    try await bench.sagas.register(saga)
    let run = try await bench.sagas.start(Sample.self, State(), id: "s")
    await bench.settle()
    return run
  }

  private func status(_ bench: Workbench) async throws -> SagaStatus? {
    try await bench.sagas.report("s")?.status
  }

  @Test func sleep_takesItsTime_andIsAStepOfTheReport() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let run = try await begin(
        bench,
        Sample {
          Sleep("nap", for: .hours(2))
          Step("note", \.note) { _ in "up" }
        })
      let asleep = try #require(try await bench.sagas.report("s"))
      #expect(asleep.status == .waiting)
      #expect(asleep.step("nap")?.status == .waiting)
      #expect(asleep.step("nap")?.startedAt == start)
      #expect(try await run.output.note == "up")
      #expect(bench.elapsed(since: start) == .hours(2))
      let report = try #require(try await bench.sagas.report("s"))
      #expect(report.completedSteps == ["nap", "note"])
      #expect(report.step("nap")?.endedAt == start.advanced(by: .hours(2)))
      guard case .completed? = report.step("nap")?.effect else { return #expect(Bool(false)) }
    }
  }

  @Test func wait_beyondItsLimit_failsTheSaga() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let (outcome, report) = try await bench.outcome(
        of: Sample {
          Step("ticket", \.ticket) { _ in "t" }.compensate { bench.log.append("close \($0)") }
          WaitForEvent("approval", \.approved, on: \.orderID, equals: \.orderID).timeout(.minutes(5))
        }, State())
      guard case .compensated(let failure) = outcome else { return #expect(Bool(false)) }
      #expect(failure.error as? WaitTimedOut == WaitTimedOut(step: "approval", timeout: .minutes(5)))
      #expect(failure.step == "approval")
      #expect(failure.undone == ["ticket"])
      #expect(report.step("approval")?.status == .failed)
      #expect(report.unresolved.isEmpty)
    }
  }

  @Test func after_isTheValueOfAWaitThatNothingCameTo() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let (outcome, _) = try await bench.outcome(
        of: Sample {
          WaitForEvent("decision", \.decision) {
            On(Approved.self, \.orderID, equals: \.orderID) { "yes by \($0.by)" }
            After(.hours(3)) { "nobody for \($0.orderID)" }
          }
        }, State())
      guard case .completed(let state) = outcome else { return #expect(Bool(false)) }
      #expect(state.decision == "nobody for o")
      #expect(bench.elapsed(since: start) == .hours(3))
    }
  }

  @Test func after_thatThrows_failsTheSaga() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(
        of: Sample {
          WaitForEvent("decision", \.decision) {
            On(Approved.self) { $0.by }
            After(.hours(3)) { try $0.note }
          }
        }, State())
      guard case .compensated(let failure) = outcome else { return #expect(Bool(false)) }
      #expect((failure.error as? SagaError)?.code == .missing)
      #expect((failure.error as? SagaError)?.step == "decision")
    }
  }

  @Test func event_comesIntoItsSlot_andEndsTheLimit() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let run = try await begin(
        bench,
        Sample {
          WaitForEvent("approval", \.approved, on: \.orderID, equals: \.orderID).timeout(.minutes(5))
          Sleep("nap", for: .hours(1))
        })
      try await deliver(Approved(by: "bob"), in: bench)
      #expect(try await run.output.approved == Approved(by: "bob"))
      #expect(bench.elapsed(since: start) == .hours(1))
      #expect(try await run.result(of: \.approved).by == "bob")
      let replayed = try await bench.replayed("s").report()
      #expect(replayed.result(of: "approval", as: Approved.self) == Approved(by: "bob"))
    }
  }

  @Test func eventsOfBranches_areJoinedLikeResults() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let run = try await begin(
        bench,
        Sample {
          Parallel("both") {
            WaitForEvent("one", \.approved, for: Approved.self)
            Sequential {
              WaitForEvent("two", \.second, for: Approved.self)
              Step("look", \.note) { context in
                "\(context.state.approved?.by ?? "-") \(try context.second.by)"
              }
            }
          }
          Step("last", \.decision) { "\(try $0.approved.by) \(try $0.second.by)" }
        })
      try await deliver(Approved(by: "a"), to: "one", in: bench)
      try await deliver(Approved(by: "b"), to: "two", in: bench)
      let state = try await run.output
      #expect(state.note == "- b", "a branch does not see what came to the one beside it")
      #expect(state.decision == "a b")
    }
  }

  @Test func failing_decidesOnce_whatTheEventMeans() throws {
    try underSchedules(10) { simulation in
      for by in ["bob", ""] {
        let bench = Workbench(simulation)
        let run = try await begin(
          bench,
          Sample {
            WaitForEvent("approval", \.approved, for: Approved.self)
              .failing { event in
                bench.log.append("asked")
                return event.by.isEmpty ? Refused(why: "nobody") : nil
              }
          })
        try await deliver(Approved(by: by), in: bench)
        switch await run.outcome {
        case .completed(let state): #expect(state.approved?.by == by)
        case .compensated(let failure):
          #expect(by.isEmpty)
          #expect(failure.error as? Refused == Refused(why: "nobody"))
          #expect(failure.step == "approval")
        case .failed: Issue.record()
        }
        #expect(bench.log.entries == ["asked"])
        let report = try await bench.sagas.report("s")
        let replayed = try await bench.replayed("s").report()
        #expect(replayed.steps.map(\.status) == report?.steps.map(\.status))
        #expect(
          replayed.result(of: "approval", as: Approved.self)
            == report?.result(of: "approval", as: Approved.self))
      }
    }
  }

  @Test func eventOfAScope_failsTheSaga_withoutANameOfAStep() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let run = try await begin(
        bench,
        Sample {
          Sequential {
            Step("ticket", \.ticket) { _ in "t" }.compensate { bench.log.append("close \($0)") }
            WaitForEvent("approval", \.approved, for: Approved.self)
          }
          .failing(on: Rejected.self, \.orderID, equals: \.orderID) { Refused(why: $0.orderID) }
        })
      try await deliver(Rejected(), to: "", in: bench)
      guard case .compensated(let failure) = await run.outcome else { return #expect(Bool(false)) }
      #expect(failure.error as? Refused == Refused(why: "o"))
      #expect(failure.step == nil)
      #expect(failure.undone == ["ticket"])
      #expect(try await bench.sagas.report("s")?.step("approval")?.status == .blocked)
    }
  }

  @Test func keyThatIsMissing_failsTheWait() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let (outcome, _) = try await bench.outcome(
        of: Sample { WaitForEvent("a", for: Approved.self, on: \.orderID, equalsResult: \.ticket) }, State())
      guard case .compensated(let failure) = outcome else { return #expect(Bool(false)) }
      #expect((failure.error as? SagaError)?.code == .missing)
      #expect(failure.step == "a")
    }
  }

  @Test func keyOfAScope_isTheOneItsPartsHaveNotChanged() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      _ = try await begin(
        bench,
        Sample {
          Step("first", \.ticket) { _ in "one" }
          Sequential {
            Step("second", \.ticket) { _ in "two" }
            Parallel("p") { Step("third", \.note) { _ in "n" } }
            Sleep("nap", for: .hours(1))
          }
          .failing(on: Rejected.self, \.orderID, equalsResult: \.ticket) { _ in Refused() }
        })
      let instance = try #require(bench.sagas.engine.registry["s"])
      let seen = try await instance.scopeMatches(Rejected(orderID: "one"), Rejected(orderID: "two"))
      #expect(seen == [true, false])
    }
  }

  @Test func cancel_endsASleepAtOnce() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let run = try await begin(bench, Sample { Sleep("nap", for: .hours(2)) })
      try await run.cancel()
      guard case .compensated(let failure) = await run.outcome else { return #expect(Bool(false)) }
      #expect(failure.error is SagaCancelled)
      #expect(bench.elapsed(since: start) == .zero)
    }
  }

  @Test func heldSaga_takesNoTime_andGoesOnWhenItIsResumed() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let start = bench.clock.now
      let run = try await begin(bench, Sample { Sleep("nap", for: .hours(2)) })
      try await run.suspend()
      try await bench.sleep(.hours(5))
      #expect(try await status(bench) == .suspended)
      try await run.resume()
      #expect(await run.outcome.isSuccess)
      #expect(bench.elapsed(since: start) == .hours(5))
    }
  }

  @Test func waitThatFailed_andHeldTheSaga_hasANewLimit() throws {
    try underSchedules(10) { simulation in
      let bench = Workbench(simulation)
      let run = try await begin(
        bench,
        Sample(.suspend) {
          WaitForEvent("approval", \.approved, for: Approved.self).timeout(.hours(1))
        })
      #expect(await run.settled == .suspended)
      #expect(try await bench.sagas.report("s")?.error is WaitTimedOut)
      try await bench.sleep(.hours(9))
      let again = bench.clock.now
      try await run.resume()
      #expect(try await status(bench) == .waiting)
      #expect(await run.settled == .suspended)
      #expect(bench.elapsed(since: again) == .hours(1))
      try await run.resume()
      await bench.settle()
      try await deliver(Approved(by: "cy"), in: bench)
      #expect(try await run.output.approved?.by == "cy")
    }
  }

  @Test func recover_afterTheTimeHasPassed_goesOnAtOnce() throws {
    try underSchedules(10) { simulation in
      let store = InMemoryStore(encoding: true)
      let bench = Workbench(simulation, store: store)
      _ = try await begin(
        bench,
        Sample {
          Sleep("nap", for: .hours(2))
          Sleep("more", for: .hours(2))
        })
      let start = bench.clock.now
      let next = Workbench(simulation, store: store)
      try await next.sagas.register(
        Sample {
          Sleep("nap", for: .hours(2))
          Sleep("more", for: .hours(2))
        })
      try await bench.sleep(.minutes(90))
      try await next.sagas.recover()
      let run = try #require(try await next.sagas.handle(Sample.self, "s"))
      #expect(await run.outcome.isSuccess)
      #expect(bench.elapsed(since: start) == .hours(4))
    }
  }

  @Test func update_showsWhatIsWaitedFor() throws {
    try underSchedules(5) { simulation in
      let bench = Workbench(simulation)
      let run = try await begin(
        bench,
        Sample {
          Step("ticket", \.ticket) { _ in "t" }
          WaitForEvent("approval", \.approved, for: Approved.self)
        })
      var updates = run.updates.makeAsyncIterator()
      let update = try #require(await updates.next())
      #expect(update.status == .waiting)
      #expect(update.currentSteps == ["approval"])
      #expect(update.attempt == 0)
      #expect(update.attempts == 0)
      #expect(update.progress == 0.5)
      try await run.cancel()
    }
  }
}

extension SagaInstance {
  /// Hands an event to a node, by its name; to the only one that listens where there is no name.
  fileprivate func take(_ event: any SagaEvent, at name: String?, _ alternative: UInt16) {
    let plan = program.plan
    guard
      let node = plan.all.first(where: { node in
        machine[node].forward == .waiting && plan[node].listens
          && (name.map { plan.name(of: node) == $0 } ?? true)
      })
    else { return }
    let isKept = program[node].slot != nil && !plan[node].traits.contains(.judgesEvent)
    let bytes = isKept ? try? program[node].coding?.encode(event, JSONCodec()) : nil
    accept(.delivered(node, alternative: alternative), .value(event, encoded: bytes))
    send()
  }

  /// Which of these events the scope that is under way listens for.
  fileprivate func scopeMatches(_ events: any SagaEvent...) throws -> [Bool] {
    let plan = program.plan
    let scope = try #require(plan.all.first { plan[$0].traits.contains(.guarded) })
    let source = try #require(program[scope].wait?.value.alternatives.first)
    let view = data.keyView(of: scope, machine, program)
    return events.map { source.matches($0, view, run(scope, attempt: 1, path: "", isAttempt: false)) }
  }
}
