@testable import Sagas
import Testing

/// Every word about an action, said to a step in every state.
@Suite struct MachineStepTableTests {
  private static let a: NodeID = 1
  private static let b: NodeID = 2
  private static let plan = sketch([.retries, .undoesCompleted, .undoesUnknown])
  private static let tolerant = sketch([.retries, .undoesCompleted, .undoesUnknown, .optional])
  private static let branching = SagaPlan.sketch(choice("if", step("left"), step("right")))

  private static func sketch(_ traits: PlanNode.Traits) -> SagaPlan {
    .sketch(step("a", traits, timeout: .seconds(30)), step("b"))
  }

  private static let abandoned: [Event] = [.create, .admit, .timedOut(1, 1), .graceOver(1, 1)]
  private static let second: [Event] = abandoned + [.answered(1, .retry(.zero))]
  private static let leftOpen: [Event] =
    [.create, .admit, .suspend, .timedOut(1, 1), .graceOver(1, 1), .answered(1, .retry(nil))]
  private static let plain = SagaPlan.sketch(step("a"), step("b", .undoesCompleted))
  private static let undoA = Told([.unwinding, .undoStarted(1, 1)], [.undo(1, 1)])
  private static let cutAndAsked = Told([.attemptCut(1, 1)], [.ask(1, .retry)])
  private static let lateFailure = Told(
    [.returnedLate(1, 1), .failed(1), .failing(.node(1)), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)])
  private static let cutAndUndone = Told(
    [.attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)])

  static let table: [TableCase] = {
    var rows: [TableCase] = []
    rows += state(
      .pending, b, [.create, .admit],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .pending, when: "gaveUpAnAttempt_andSomebodyWentBack", plan: plain, b,
      [
        .create, .admit, .returned(1, 1), .suspend, .timedOut(2, 1), .graceOver(2, 1), .resumeFrom(1),
      ],
      [
        .returned: Told([.returnedLate(2, 1)]), .threw: .nothing, .threwUnknown: .nothing,
        .timedOut: .nothing, .graceOver: .nothing, .retryDue: .nothing,
      ])
    rows += state(
      .pending, when: "nobodyKnows_andTheSagaHasEnded", plan: plain, b,
      [
        .create, .admit, .returned(1, 1), .suspend, .timedOut(2, 1), .graceOver(2, 1), .resumeFrom(1),
        .cancel, .returned(1, 2),
      ],
      [
        .returned: Told([.lateResult(2, 1)])
      ])
    rows += state(
      .running, when: "aRepetition_saidOfAnAttemptOfTheFormerResult", plan: sketch(.retries), a,
      second + [.suspend, .returned(1, 2), .resumeFrom(1)],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing,
      ])
    rows += state(
      .running, a, [.create, .admit],
      [
        .returned: Told([.completed(1, 1), .started(2, 1)], [.run(2, 1)]),
        .threw: Told([.attemptFailed(1, 1, unknown: false)], [.ask(1, .retry)]),
        .threwUnknown: Told([.attemptFailed(1, 1, unknown: true)], [.ask(1, .retry)]),
        .timedOut: Told([.timedOut(1, 1)], [.stop(1, 1)]),
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .running, when: "aSecondAttempt_saidOfTheFirst", a, second,
      [
        .returned: Told([.returnedLate(1, 1)]),
        .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .neverStarted: .nothing,
      ])
    rows += state(
      .stopping, a, [.create, .admit, .timedOut(1, 1)],
      [
        .returned: lateFailure, .threw: cutAndAsked, .threwUnknown: cutAndAsked, .timedOut: .nothing,
        .graceOver: cutAndAsked, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .stopping, when: "aSecondAttempt_saidOfTheFirst", a, second + [.timedOut(1, 2)],
      [
        .returned: Told([.returnedLate(1, 1)]),
        .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing, .graceOver: .nothing,
      ])
    rows += state(
      .closing, a, [.create, .admit, .cancel],
      [
        .returned: Told([.completed(1, 1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]),
        .threw: cutAndUndone, .threwUnknown: cutAndUndone, .timedOut: .nothing, .graceOver: cutAndUndone,
        .neverStarted: Told(
          [.neverStarted(1, 1), .unwinding, .ended(.compensated)], [.settle(.compensated)]),
        .retryDue: .nothing, .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .closing, when: "aSecondAttempt_saidOfTheFirst", a, second + [.cancel],
      [
        .returned: Told([.returnedLate(1, 1)]),
        .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .neverStarted: .nothing,
      ])
    rows += state(
      .closing, when: "presumedBegun", a, [.create, .admit, .recover, .cancel],
      [
        .returned: Told([.completed(1, 1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]),
        .neverStarted: cutAndUndone,
      ])
    rows += state(
      .deciding, a, [.create, .admit, .threw(1, 1, unknown: false)],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing,
        .retryGranted: Told([.answered(1, .retry(.seconds(5)))], [.sleep(1, until: .second(5))]),
        .retryRefused: Told(
          [.answered(1, .retry(nil)), .failed(1), .failing(.node(1)), .unwinding, .ended(.compensated)],
          [.settle(.compensated)]),
      ])
    rows += state(
      .backoff, a, abandoned + [.answered(1, .retry(.seconds(5)))],
      [
        .returned: lateFailure,
        .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .neverStarted: .nothing,
        .retryDue: Told([], [.sleep(1, until: .second(5))]),
        .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .backoff, when: "due", a, abandoned + [.answered(1, .retry(.seconds(5)))], later: 5,
      [
        .retryDue: Told([.started(1, 2)], [.run(1, 2)])
      ])
    rows += state(
      .waiting, plan: .sketch(wait("a", timeout: .seconds(9))), a, [.create, .admit],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .completed, a, [.create, .admit, .returned(1, 1)],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .completed, when: "beingUndone_saidOfTheFirst", a,
      second + [.returned(1, 2), .cancel, .returned(2, 1)],
      [
        .returned: Told([.lateResult(1, 1)]), .threw: .nothing,
      ])
    rows += state(
      .failed, plan: tolerant, a, second + [.timedOut(1, 2), .returned(1, 2)],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .unknown, plan: tolerant, a, abandoned + [.answered(1, .retry(nil))],
      [
        .returned: Told([.returnedLate(1, 1)]),
        .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .unknown, when: "beingUndone", a, abandoned + [.answered(1, .retry(nil))],
      [
        .returned: Told([.lateResult(1, 1)]), .threw: .nothing, .graceOver: .nothing,
      ])
    rows += state(
      .unknown, when: "sagaCompleted", plan: tolerant, a,
      abandoned + [.answered(1, .retry(nil)), .returned(2, 1), .answered(3, .output)],
      [
        .returned: Told([.lateResult(1, 1)]), .threw: .nothing, .graceOver: .nothing,
      ])
    rows += state(
      .skipped, plan: branching, 2, [.create, .admit, .answered(1, .branch(1))],
      [
        .returned: .nothing, .threw: .nothing, .threwUnknown: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .neverStarted: .nothing, .retryDue: .nothing, .retryGranted: .nothing,
        .retryRefused: .nothing,
      ])
    rows += state(
      .skipped, when: "gaveUpAnAttempt", a, leftOpen + [.resumeFrom(2)],
      [
        .returned: Told([.returnedLate(1, 1)]), .threw: .nothing, .threwUnknown: .nothing,
        .timedOut: .nothing, .graceOver: .nothing, .retryDue: .nothing,
      ])
    rows += state(
      .skipped, when: "beingUndone", a, leftOpen + [.resumeFrom(2), .cancel, .returned(2, 1)],
      [
        .returned: Told([.lateResult(1, 1)])
      ])
    return rows
  }()

  private static func state(
    _ state: Row.Forward, when condition: String = "", plan: SagaPlan = plan, _ node: NodeID,
    _ script: [Event], later: Int64 = 0, _ columns: [StepInput: Told]
  ) -> [TableCase] {
    StepInput.allCases.compactMap { input in
      columns[input].map { expected in
        TableCase(
          cell: .step(state, input), condition: condition, plan: plan,
          script: script, node: node, event: input.event(node, 1), later: later, expected: expected)
      }
    }
  }

  @Test(arguments: table) func event_whenStepState(_ row: TableCase) throws { try row.check() }

  @Test func everyCellIsInTheTable() {
    let listed = Set(Self.table.map(\.cell))
    for state in Row.Forward.allCases {
      for input in StepInput.allCases { #expect(listed.contains(.step(state, input))) }
    }
  }
}
