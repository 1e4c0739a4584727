import Testing

@testable import Sagas

/// Waits, sleeps and scopes that an event ends: how they are compiled, drawn, and what is reported of them.
@Suite("Plans that wait")
struct PlanWaitTests {
  struct Approved: SagaEvent { var orderID = "o", by = "me" }
  struct Rejected: SagaEvent {
    static let name = "rejected"
    var orderID = "o"
  }
  enum Decision: Codable, Sendable { case approved, rejected, nobody }

  private struct Sample: Saga {
    static let name = "sample"
    struct State: Codable, Sendable {
      let orderID: String
      var ticket: String?, approved: Approved?, decision: Decision?
    }
    let body: Sagas.Sequential<State>
    init(@FlowBuilder<State> _ body: () -> Sagas.Sequential<State>) { self.body = body() }
  }

  private typealias Step<Output: Sendable> = Sagas.Step<Sample.State, Output>
  private typealias Parallel = Sagas.Parallel<Sample.State>
  private typealias Sequential = Sagas.Sequential<Sample.State>
  private typealias When = Sagas.When<Sample.State>
  private typealias Pivot = Sagas.Pivot<Sample.State>
  private typealias Sleep = Sagas.Sleep<Sample.State>
  private typealias WaitForEvent<Value: Codable & Sendable> = Sagas.WaitForEvent<Sample.State, Value>
  private typealias On<Value: Codable & Sendable> = Sagas.On<Sample.State, Value>
  private typealias After<Value: Codable & Sendable> = Sagas.After<Sample.State, Value>

  private func problems(_ saga: Sample) -> [String] {
    do {
      _ = try PlanCompiler.compile(saga)
      return []
    } catch {
      return error.problems.map { "\($0.code) \($0)" }
    }
  }

  // MARK: Compiled

  @Test func waits_areNodesOfTheirOwn() throws {
    let program = try PlanCompiler.compile(
      Sample {
        Step("open", \.ticket) { _ in "t" }
        WaitForEvent("plain", \.approved, on: \.orderID, equals: \.orderID).timeout(.hours(1))
        WaitForEvent("judged", for: Approved.self, on: \.orderID, equalsResult: \.ticket, since: .retention)
          .failing { _ in nil }
        WaitForEvent("any", \.decision) {
          On(Approved.self, \.orderID, equals: \.orderID) { _ in .approved }
          On(Rejected.self) { _ in .rejected }
          After(.hours(2)) { _ in .nobody }
        }
        Sleep("nap", for: .seconds(5))
      })
    let plan = program.plan
    #expect(
      program.lines == """
        sequential
          step 'open'
          wait 'plain'
          wait 'judged'
          wait 'any'
          sleep 'nap'
          output 'output'
        """)
    let waits = ["plain", "judged", "any", "nap"].map { plan[plan[$0]] }
    #expect(waits.map(\.traits) == [[], [.asksKey, .judgesEvent], [.judgesEvent, .judgesTime], []])
    #expect(waits.map(\.timeout) == [.hours(1), nil, .hours(2), .seconds(5)])
    #expect(waits.map(\.alternatives) == [1, 1, 2, 0])
    #expect(program[plan["judged"]].wait?.value.sinceRetention == true)
    #expect(program[plan["plain"]].wait?.value.sinceRetention == false)
    #expect(program[plan["judged"]].slot == nil)
    #expect(plan.plannedSteps == 5)
    #expect(SagaDefinition(program).steps == ["open", "plain", "judged", "any", "nap"])
  }

  @Test func scope_isASequenceOfItsOwn_withAllItsEvents() throws {
    let program = try PlanCompiler.compile(
      Sample {
        Sequential { Step("a") { _ in } }
          .failing(on: Approved.self, \.orderID, equals: \.orderID) { _ in Refused() }
          .failing(on: Rejected.self, \.orderID, equalsResult: \.ticket) { _ in Refused() }
        Sequential {}.failing(on: Rejected.self) { _ in Refused() }
        Sequential {
          Sequential { Step("b") { _ in } }.failing(on: Rejected.self) { _ in Refused() }
        }
      })
    #expect(
      program.lines == """
        sequential
          sequential
            step 'a'
          sequential
            step 'b'
          output 'output'
        """)
    #expect(program.plan[1].traits == [.guarded, .asksKey, .judgesEvent])
    #expect(program.plan[1].alternatives == 2)
    #expect(program.plan[3].traits == [.guarded, .judgesEvent])
    #expect(program.plan[0].traits == [])
    #expect(program.plan.plannedSteps == 2)
  }

  @Test func sagaThatWaits_hasNoTimeoutByDefault() throws {
    #expect((Sample { Step("a") { _ in } }.timeout as Duration?) == .hours(24))
    // What the configuration says is for those that go on by themselves, and say nothing.
    struct Brief: Saga {
      struct State: Codable, Sendable {}
      var timeout: Duration? { .minutes(1) }
      var body: some Flow<State> { Step("a") { _ in } }
    }
    for limit in [.hours(1), nil] as [Duration?] {
      let configuration = PlanDefaults(timeout: limit)
      let plain = try PlanCompiler.compile(Sample { Step("a") { _ in } }, defaults: configuration)
      let sleeper = try PlanCompiler.compile(
        Sample { Sleep("a", for: .days(2)) }, defaults: configuration)
      let brief = try PlanCompiler.compile(Brief(), defaults: configuration)
      #expect(plain.plan.timeout == limit && sleeper.plan.timeout == nil)
      #expect(brief.plan.timeout == .minutes(1))
    }
    #expect(Sample { Sleep("a", for: .seconds(1)) }.timeout == nil)
    let nested = Sample {
      Parallel("p") {
        When("if", { _ in true }) {
          Sequential { WaitForEvent("a", for: Approved.self) }.failing(on: Rejected.self) { _ in Refused() }
        }
        Step("b") { _ in }
      }
    }
    #expect(nested.timeout == nil)
    #expect(try PlanCompiler.compile(nested).plan.timeout == nil)
  }

  @Test func prefix_isPutBeforeWaitsAndSleeps() throws {
    struct Pair: Part {
      typealias State = Sample.State
      var body: some Flow<State> {
        Sequential { WaitForEvent("a", for: Approved.self) }.failing(on: Rejected.self) { _ in Refused() }
        Sleep("b", for: .seconds(1))
      }
    }
    let program = try PlanCompiler.compile(Sample { Pair().named("x") })
    #expect(program.plan.names == ["", "", "x: a", "x: b", "output"])
    #expect(program.plan[1].traits.contains(.guarded))
  }

  @Test func changedWait_doesNotFitTheOldLog() throws {
    func program(@FlowBuilder<Sample.State> _ body: () -> Sagas.Sequential<Sample.State>) throws
      -> SagaProgram
    {
      try PlanCompiler.compile(Sample(body))
    }
    let plain = try program { WaitForEvent("a", for: Approved.self, on: \.orderID, equals: \.orderID) }
    let limited = try program {
      WaitForEvent("a", for: Approved.self, on: \.orderID, equals: \.orderID).timeout(.hours(1))
    }
    #expect(limited.fits(plain))
    for other in [
      try program { WaitForEvent("a", for: Approved.self, on: \.orderID, equalsResult: \.ticket) },
      try program { WaitForEvent("a", for: Approved.self).failing { _ in nil } },
      try program { Sleep("a", for: .seconds(1)) },
      try program {
        Sequential { WaitForEvent("a", for: Approved.self) }.failing(on: Rejected.self) { _ in Refused() }
      },
    ] {
      #expect(!other.fits(plain))
    }
  }

  // MARK: Reported

  @Test func timesThatMakeNoSense_areReported() {
    #expect(
      problems(
        Sample {
          Sleep("nap", for: .zero)
          WaitForEvent("a", for: Approved.self).timeout(.seconds(-1))
          WaitForEvent("b", \.decision) {
            On(Approved.self) { _ in .approved }
            After(.zero) { _ in .nobody }
          }
        }) == [
          """
          invalidDuration saga 'sample', 'nap': its duration is 0.0 seconds; use more than zero, or leave it out
          """,
          """
          invalidDuration saga 'sample', 'a': its timeout is -1.0 seconds; use more than zero, or leave it out
          """,
          """
          invalidDuration saga 'sample', 'b': the time of its After is 0.0 seconds; use more than zero, or leave \
          it out
          """,
        ])
  }

  @Test func alternativesThatMakeNoSense_areReported() {
    #expect(
      problems(
        Sample {
          WaitForEvent("only time", \.decision) { After(.seconds(1)) { _ in .nobody } }
          WaitForEvent("two times", \.decision) {
            On(Approved.self) { _ in .approved }
            After(.seconds(1)) { _ in .nobody }
            After(.seconds(2)) { _ in .rejected }
          }
          WaitForEvent("both", \.decision) {
            On(Approved.self) { _ in .approved }
            After(.seconds(1)) { _ in .nobody }
          }
          .timeout(.seconds(2))
          WaitForEvent("twice", \.decision) {
            On(Rejected.self, \.orderID, equals: \.orderID) { _ in .approved }
            On(Rejected.self) { _ in .rejected }
            On(Approved.self, \.orderID, equals: \.orderID) { _ in .approved }
            On(Rejected.self, \.orderID, equalsResult: \.ticket) { _ in .rejected }
          }
        }) == [
          """
          invalidWait saga 'sample', 'only time': waits for no event; give it an On(Event.self, ...), or use Sleep \
          to let time pass
          """,
          """
          invalidWait saga 'sample', 'two times': has 2 After; only the earliest could be met, leave that one
          """,
          """
          invalidWait saga 'sample', 'both': has a .timeout and an After; leave out the one that is not meant: a \
          timeout fails the saga, an After goes on with its value
          """,
          """
          invalidWait saga 'sample', 'twice': listens twice for rejected by \\Rejected.orderID, where only the \
          first would be taken; merge the two
          """,
        ])
  }

  @Test func failuresBehindThePivot_areReported() {
    #expect(
      problems(
        Sample {
          WaitForEvent("before", for: Approved.self).failing { _ in nil }
          Pivot("paid")
          WaitForEvent("behind", for: Approved.self).timeout(.seconds(1))
          WaitForEvent("failing", for: Approved.self).failing { _ in nil }
          Sequential { Step("a") { _ in } }.failing(on: Rejected.self) { _ in Refused() }
        }) == [
          """
          misplacedPivot saga 'sample', 'failing': its .failing behind the pivot cannot undo anything; put it \
          before the pivot, or let a step decide what the event means
          """,
          """
          misplacedPivot saga 'sample': a scope with .failing(on:) behind the pivot cannot undo anything; put it \
          before the pivot, or let a step decide what the event means
          """,
        ])
  }

  @Test func namesOfWaitsAndSleeps_areCheckedLikeOthers() {
    #expect(
      problems(
        Sample {
          WaitForEvent("a", for: Approved.self)
          Sleep("a", for: .seconds(1))
          Sleep("", for: .seconds(1))
          WaitForEvent("b/c", for: Approved.self)
        }
      ).map { String($0.prefix { $0 != ";" }) } == [
        "duplicateName saga 'sample', 'a': the name is used 2 times",
        "invalidName saga 'sample': Sleep number 2 has no name",
        "invalidName saga 'sample', 'b/c': WaitForEvent number 2 has / in its name",
      ])
  }

  @Test func slotOfAWait_isOneAsThatOfAStep() {
    #expect(
      problems(
        Sample {
          Parallel("p") {
            WaitForEvent("a", \.approved, for: Approved.self)
            WaitForEvent("b", \.approved, for: Approved.self)
          }
          WaitForEvent("c", \.decision) { On(Approved.self) { _ in .approved } }
          Step("d", \.ticket, using: \.decision) { _ in "t" }
        }
      ).map { String($0.prefix { $0 != ";" }) } == [
        "conflictingSlot saga 'sample', 'b': writes \\State.approved, as 'a' does beside it in 'p'"
      ])
  }

  // MARK: Drawn

  @Test func diagram_showsWaitsSleepsAndScopes() throws {
    let saga = Sample {
      Sequential {
        WaitForEvent("any", \.decision) {
          On(Approved.self) { _ in .approved }
          On(Rejected.self) { _ in .rejected }
        }
        Sleep("nap", for: .seconds(1))
      }
      .failing(on: Rejected.self) { _ in Refused() }
    }
    #expect(
      SagaDefinition(try PlanCompiler.compile(saga)).mermaid == """
        flowchart TD
          start(["sample 1"])
          n1>"until rejected"]
          start --> n1
          n1x{{"✗ rejected"}}
          n1 -.-> n1x
          n2[/"any: Approved, rejected"/]
          n1 --> n2
          n3[/"nap"/]
          n2 --> n3
          n4(["output"])
          n3 --> n4

        """)
  }
}
