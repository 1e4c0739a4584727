@testable import Sagas
import Testing

/// Everything that can be asked of a saga, in every state in which that makes a difference: what is refused, and why.
@Suite struct MachineVerbTests {
  struct State: CustomTestStringConvertible {
    let name: String
    let plan: SagaPlan
    let events: [Event]
    /// The step that verbs with a step are about.
    var node: NodeID = 1
    /// What is not refused.
    let allowed: Set<String>
    /// What is refused, but for another reason than the status.
    var others: [String: Refusal] = [:]
    /// What ends its standing still, where it does.
    var waysOut: [Verb] = []

    var testDescription: String { name }
  }

  private static let two = SagaPlan.sketch(step("a", .undoesCompleted), step("b"))
  private static let holding = SagaPlan.sketch(suspendsOnFailure: true, step("a"), step("b"))
  private static let pivoted = SagaPlan.sketch(pivot("go"), step("a"))
  private static let onward: Set = ["cancel", "cancelKeeping", "suspend", "resume"]

  static let states: [State] = [
    State(name: "created", plan: two, events: [.create], allowed: onward),
    State(name: "running", plan: two, events: [.create, .admit], allowed: onward),
    State(
      name: "waiting", plan: .sketch(wait("w")), events: [.create, .admit], allowed: onward),
    State(
      name: "held, something in flight", plan: two, events: [.create, .admit, .suspend],
      allowed: onward.union(["compensate"])),
    State(
      name: "suspended", plan: two, events: [.create, .admit, .suspend, .returned(1, 1)],
      allowed: onward.union(["compensate", "abandon"]),
      others: ["resumeFrom": .obstacle(.effects([1])), "skip": .notFailed(1)],
      waysOut: [
        .resume, .compensate, .cancel(compensating: true), .abandon,
      ]),
    State(
      name: "suspended by a failure", plan: holding,
      events: [.create, .admit, .threw(1, 1, unknown: false)],
      allowed: onward.union(["compensate", "abandon", "resumeFrom", "skip"]),
      waysOut: [.resume, .skip(1), .compensate, .cancel(compensating: true), .abandon]),
    State(
      name: "suspended by the output", plan: holding,
      events: [.create, .admit, .returned(1, 1), .returned(2, 1), .answered(3, .failure)], node: 3,
      allowed: onward.union(["compensate", "abandon", "resumeFrom"]), others: ["skip": .output(3)],
      waysOut: [.resume, .compensate, .cancel(compensating: true), .abandon]),
    State(
      name: "suspended by the end of a scope",
      plan: .sketch(suspendsOnFailure: true, guarded([], wait("w")), step("b")),
      events: [.create, .admit, .delivered(1, alternative: 0), .answered(1, .failure)], node: 2,
      allowed: onward.union(["compensate", "abandon", "resumeFrom"]), others: ["skip": .notFailed(2)],
      waysOut: [.resume, .compensate, .cancel(compensating: true), .abandon]),
    State(
      name: "suspended by what must not run again",
      plan: .sketch(suspendsOnFailure: true, step("a", .atMostOnce)),
      events: [.create, .admit, .threw(1, 1, unknown: true)],
      allowed: onward.union(["compensate", "abandon", "skip"]).subtracting(["resume"]),
      others: ["resume": .repeats([1]), "resumeFrom": .obstacle(.effects([1]))],
      waysOut: [.skip(1), .compensate, .cancel(compensating: true), .abandon]),
    State(
      name: "being stopped", plan: two, events: [.create, .admit, .cancel(compensating: false)],
      allowed: ["cancel", "cancelKeeping"]),
    State(
      name: "compensating", plan: two,
      events: [.create, .admit, .returned(1, 1), .threw(2, 1, unknown: false)],
      allowed: ["cancel", "cancelKeeping"]),
    State(
      name: "stuck in its unwind", plan: two,
      events: [
        .create, .admit, .returned(1, 1), .threw(2, 1, unknown: false), .undoThrew(1, 1, impossible: false),
      ], allowed: ["cancel", "cancelKeeping", "retryCompensation", "skipCompensation", "abandon"],
      others: ["retry": .stuckOtherwise],
      waysOut: [.retryCompensation, .skipCompensation(1), .abandon]),
    State(
      name: "stuck in its unwind, another step", plan: two,
      events: [
        .create, .admit, .returned(1, 1), .threw(2, 1, unknown: false), .undoThrew(1, 1, impossible: false),
      ], node: 2, allowed: ["cancel", "cancelKeeping", "retryCompensation", "abandon"],
      others: ["retry": .stuckOtherwise, "skipCompensation": .undoNotFailed(2)],
      waysOut: [.retryCompensation, .skipCompensation(1), .abandon]),
    State(
      name: "running behind its pivot", plan: pivoted, events: [.create, .admit], node: 2,
      allowed: onward.subtracting(["cancel"]), others: ["cancel": .pastPivot, "compensate": .pastPivot]),
    State(
      name: "stuck behind its pivot", plan: pivoted,
      events: [.create, .admit, .threw(2, 1, unknown: false)], node: 2,
      allowed: ["cancelKeeping", "retry", "skip", "abandon"],
      others: [
        "cancel": .pastPivot, "compensate": .pastPivot, "retryCompensation": .stuckOtherwise,
        "skipCompensation": .stuckOtherwise,
      ],
      waysOut: [.retry, .skip(2), .abandon]),
    State(
      name: "stuck behind its pivot by what must not run again",
      plan: .sketch(pivot("go"), step("a", .atMostOnce)),
      events: [.create, .admit, .threw(2, 1, unknown: true)], node: 2,
      allowed: ["cancelKeeping", "skip", "abandon"],
      others: [
        "cancel": .pastPivot, "compensate": .pastPivot, "retry": .repeats([2]),
        "retryCompensation": .stuckOtherwise, "skipCompensation": .stuckOtherwise,
      ],
      waysOut: [.skip(2), .abandon]),
    State(
      name: "suspended behind its pivot", plan: pivoted,
      events: [.create, .admit, .suspend, .returned(2, 1)], node: 2,
      allowed: onward.union(["abandon", "resumeFrom"]).subtracting(["cancel"]),
      others: ["cancel": .pastPivot, "compensate": .pastPivot, "skip": .notFailed(2)],
      waysOut: [.resume, .abandon]),
    State(
      name: "completed", plan: .sketch(step("a")),
      events: [.create, .admit, .returned(1, 1), .answered(2, .output)], allowed: ["cancel", "cancelKeeping"]),
    State(
      name: "compensated", plan: .sketch(step("a")),
      events: [.create, .admit, .threw(1, 1, unknown: false)], allowed: ["cancel", "cancelKeeping"]),
  ]

  private static func verbs(_ node: NodeID) -> [(String, Verb)] {
    [
      ("cancel", .cancel(compensating: true)), ("cancelKeeping", .cancel(compensating: false)),
      ("suspend", .suspend), ("resume", .resume), ("resumeFrom", .resumeFrom(node)),
      ("compensate", .compensate), ("retry", .retry), ("skip", .skip(node)),
      ("retryCompensation", .retryCompensation), ("skipCompensation", .skipCompensation(node)),
      ("abandon", .abandon),
    ]
  }

  @Test(arguments: states)
  func verb_whenState(_ state: State) throws {
    for (name, verb) in Self.verbs(state.node) {
      var bench = Bench(state.plan)
      try bench.send(state.events)
      let expected = state.allowed.contains(name) ? nil : state.others[name] ?? .status
      #expect(bench.machine.refusal(of: verb) == expected, "\(name) when \(state.name)")
      let before = bench.machine
      let told = try bench.send(verb.event)
      // `retry` and `resume` are one event: it is for whoever asks in the right state. Before a saga has begun,
      // `start(…, from:)` says where it is to.
      let isAnothers = verb.event == .resume || state.name == "created" && name == "resumeFrom"
      if expected != nil, !isAnothers {
        #expect(told == .nothing && bench.machine == before, "\(name) when \(state.name) is refused")
      }
      if expected == nil, !isHarmless(verb, before) {
        #expect(!told.entries.isEmpty, "\(name) when \(state.name) is done")
      }
    }
  }

  @Test(arguments: states)
  func waysOut_whenState(_ state: State) throws {
    var bench = Bench(state.plan)
    try bench.send(state.events)
    #expect(bench.machine.waysOut == state.waysOut, "when \(state.name)")
    for verb in state.waysOut {
      var other = bench
      #expect(try !other.send(verb.event).entries.isEmpty, "\(verb) when \(state.name)")
    }
  }

  @Test func waysOut_nameTheSteps() throws {
    var bench = Bench(.sketch(step("a", .undoesCompleted), step("b", .undoesCompleted), step("c")))
    try bench.send(
      .create, .admit, .returned(1, 1), .returned(2, 1), .threw(3, 1, unknown: false),
      .undoThrew(2, 1, impossible: false), .undoReturned(1, 1))
    #expect(bench.machine.waysOut == [.retryCompensation, .skipCompensation(2), .abandon])
    #expect(
      bench.machine.waysOut.map { $0.wayOut(bench.machine.plan) } == [
        .init(verb: "retryCompensation"), .init(verb: "skipCompensation", step: "b"), .init(verb: "abandon"),
      ])
  }

  /// Whether what is asked is so already.
  private func isHarmless(_ verb: Verb, _ machine: SagaMachine) -> Bool {
    switch verb {
    case .cancel: ![.created, .forward, .suspended].contains(machine.phase)
    case .suspend: machine.phase == .suspended
    case .resume: machine.phase != .suspended
    case .resumeFrom, .compensate, .retry, .skip, .retryCompensation, .skipCompensation, .abandon: false
    }
  }
}
