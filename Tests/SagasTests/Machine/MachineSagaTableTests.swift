@testable import Sagas
import Testing

/// Every word about a saga as a whole, said in every phase.
@Suite struct MachineSagaTableTests {
  private static let plan = SagaPlan.sketch(step("a", [.undoesCompleted, .undoesUnknown]), step("b"))
  private static let finishing = SagaPlan.sketch(
    onCompensationFailure: .finish, step("a", [.undoesCompleted]), step("b"))

  private static let limited = SagaPlan.sketch(
    timeout: .seconds(100), unwindTimeout: .seconds(50), step("a", [.undoesCompleted, .undoesUnknown]),
    step("b"))

  private static let undoing: [Event] = [
    .create, .admit, .returned(1, 1), .threw(2, 1, unknown: false),
  ]
  private static let undoFailed: [Event] = undoing + [.undoThrew(1, 1, impossible: false)]
  private static let stale = Dictionary(
    uniqueKeysWithValues: SagaInput.allCases.map { ($0, Told.nothing) })

  static let table: [TableCase] = {
    var rows: [TableCase] = []
    rows += state(
      .new, [],
      [
        .create: Told([.created])
      ])
    rows += state(
      .created, [.create],
      [
        .admit: Told([.admitted, .started(1, 1)], [.run(1, 1)]),
        .recover: Told([.recovered]),
        .cancel: Told([.failing(.cancelled), .unwinding, .ended(.compensated)], [.settle(.compensated)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop), .ended(.failed)], [.settle(.failed)]),
        .suspend: Told([.suspended], [.settle(.suspended)]),
        .resumeFrom: Told([.resumed(from: 1)]),
      ])
    rows += state(
      .suspended, when: "notAdmitted", [.create, .suspend],
      [
        .create: .nothing, .admit: .nothing, .suspend: .nothing, .sagaTimedOut: .nothing,
        .recover: Told([.recovered], [.settle(.suspended)]),
        .cancel: Told([.failing(.cancelled), .unwinding, .ended(.compensated)], [.settle(.compensated)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop), .ended(.failed)], [.settle(.failed)]),
        .compensate: Told([.failing(.cancelled), .unwinding, .ended(.compensated)], [.settle(.compensated)]),
        .abandon: Told([.ended(.failed)], [.settle(.failed)]),
        .resume: Told([.resumed(from: nil)]), .resumeFrom: Told([.resumed(from: 1)]),
      ])
    rows += state(
      .created, when: "resumed", plan: limited, [.create, .suspend, .resume], later: 60,
      [
        .admit: Told([.admitted, .started(1, 1)], [.limitSaga(until: .second(160)), .run(1, 1)]),
        .recover: Told([.recovered]), .resume: .nothing,
      ])
    rows += state(
      .created, when: "beginningBehind", [.create, .resumeFrom(2)],
      [
        .admit: Told([.admitted, .started(2, 1)], [.run(2, 1)]), .recover: Told([.recovered]),
        .resumeFrom: Told([.resumed(from: 1)]),
      ])
    rows += state(
      .created, when: "limited", plan: limited, [.create],
      [
        .admit: Told([.admitted, .started(1, 1)], [.limitSaga(until: .second(100)), .run(1, 1)]),
        .recover: Told([.recovered]),
        .cancel: Told(
          [.failing(.cancelled), .unwinding, .ended(.compensated)],
          [.limitUnwind(until: .second(50)), .settle(.compensated)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop), .ended(.failed)], [.settle(.failed)]),
        .sagaTimedOut: .nothing, .unwindTimedOut: .nothing,
      ])
    rows += state(
      .forward, [.create, .admit],
      [
        .recover: Told([.recovered], [.run(1, 1)]),
        .cancel: Told([.failing(.cancelled)], [.stop(1, 1)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop)], [.stop(1, 1)]),
        .suspend: Told([.suspended]),
      ])
    rows += state(
      .forward, when: "limited", plan: limited, [.create, .admit], later: 99,
      [
        .recover: Told([.recovered], [.limitSaga(until: .second(100)), .run(1, 1)]),
        .cancel: Told([.failing(.cancelled)], [.limitUnwind(until: .second(149)), .stop(1, 1)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop)], [.stop(1, 1)]),
        .sagaTimedOut: Told([], [.limitSaga(until: .second(100))]),
        .unwindTimedOut: .nothing,
      ])
    rows += state(
      .forward, when: "due", plan: limited, [.create, .admit], later: 100,
      [
        .sagaTimedOut: Told([.failing(.deadline)], [.limitUnwind(until: .second(150)), .stop(1, 1)])
      ])
    rows += state(
      .suspended, [.create, .admit, .suspend],
      [
        .create: .nothing, .admit: .nothing,
        .recover: Told([.recovered], [.run(1, 1)]),
        .cancel: Told([.failing(.cancelled)], [.stop(1, 1)]),
        .cancelKeeping: Told([.failing(.cancelled, then: .stop)], [.stop(1, 1)]),
        .sagaTimedOut: .nothing, .unwindTimedOut: .nothing, .retryCompensation: .nothing, .abandon: .nothing,
        .resume: Told([.resumed(from: nil)]), .compensate: Told([.failing(.cancelled)], [.stop(1, 1)]),
      ])
    rows += state(
      .suspended, when: "nothingIsInFlight", [.create, .admit, .suspend, .returned(1, 1)],
      [
        .resume: Told([.resumed(from: nil), .started(2, 1)], [.run(2, 1)]),
        .resumeFrom: .nothing,  // the first step has an undo
        .compensate: Told([.failing(.cancelled), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]),
      ])
    rows += state(
      .suspended, when: "nothingNeedsAnUndo", plan: .sketch(timeout: .seconds(9), step("a"), step("b")),
      [.create, .admit, .suspend, .returned(1, 1)],
      [
        .resumeFrom: Told(
          [.resumed(from: 1), .started(1, 2)], [.limitSaga(until: .second(9)), .run(1, 2)])
      ])
    rows += state(
      .closing, [.create, .admit, .cancel],
      [
        .recover: Told(
          [.recovered, .attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)])
      ])
    rows += state(
      .closing, when: "limited", plan: limited, [.create, .admit, .cancel], later: 49,
      [
        .recover: Told(
          [.recovered, .attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)],
          [.limitUnwind(until: .second(50)), .undo(1, 1)]),
        .sagaTimedOut: .nothing,
        .unwindTimedOut: Told([], [.limitUnwind(until: .second(50))]),
      ])
    rows += state(
      .closing, when: "due", plan: limited, [.create, .admit, .cancel], later: 50,
      [
        .unwindTimedOut: Told([.unwindExpired])
      ])
    rows += state(
      .closing, when: "expired", plan: limited, [.create, .admit, .cancel], later: 50,
      then: [.unwindTimedOut],
      [
        .recover: Told(
          [.recovered, .attemptCut(1, 1), .failed(1), .unwinding, .stuck], [.settle(.stuck)]),
        .unwindTimedOut: .nothing, .retryCompensation: .nothing, .abandon: .nothing,
      ])
    rows += state(
      .closing, when: "stopping", plan: limited, [.create, .admit, .cancel(compensating: false)], later: 100,
      [
        .recover: Told([.recovered, .attemptCut(1, 1), .failed(1), .ended(.failed)], [.settle(.failed)]),
        .cancel: .nothing, .sagaTimedOut: .nothing, .unwindTimedOut: .nothing, .abandon: .nothing,
      ])
    rows += state(
      .unwinding, undoing,
      [
        .recover: Told([.recovered], [.undo(1, 1)])
      ])
    rows += state(
      .unwinding, when: "limited", plan: limited, undoing, later: 49,
      [
        .recover: Told([.recovered], [.limitUnwind(until: .second(50)), .undo(1, 1)]),
        .sagaTimedOut: .nothing,
        .unwindTimedOut: Told([], [.limitUnwind(until: .second(50))]),
      ])
    rows += state(
      .unwinding, when: "due", plan: limited, undoing, later: 50,
      [
        .unwindTimedOut: Told([.unwindExpired, .undoTimedOut(1, 1)], [.stopUndo(1, 1)])
      ])
    rows += state(
      .unwinding, when: "expired", plan: limited, undoing, later: 50, then: [.unwindTimedOut],
      [
        .recover: Told(
          [.recovered, .undoAttemptFailed(1, 1), .undoFailed(1), .stuck], [.settle(.stuck)]),
        .unwindTimedOut: .nothing, .retryCompensation: .nothing, .abandon: .nothing,
      ])
    rows += state(
      .stuck, undoFailed,
      [
        .recover: Told([.recovered], [.settle(.stuck)]),
        .retryCompensation: Told([.unwindResumed, .undoStarted(1, 2)], [.undo(1, 2)]),
        .abandon: Told([.ended(.failed)], [.settle(.failed)]),
      ])
    rows += state(
      .stuck, when: "limited", plan: limited, undoFailed, later: 60,
      [
        .recover: Told([.recovered], [.settle(.stuck)]),
        .unwindTimedOut: .nothing,
        .retryCompensation: Told(
          [.unwindResumed, .undoStarted(1, 2)], [.limitUnwind(until: .second(110)), .undo(1, 2)]),
      ])
    rows += state(
      .completed, [.create, .admit, .returned(1, 1), .returned(2, 1), .answered(3, .output)], stale)
    rows += state(.compensated, undoing + [.undoReturned(1, 1)], stale)
    rows += state(.failed, plan: finishing, undoFailed, stale)
    return rows
  }()

  private static func state(
    _ phase: Phase, when condition: String = "", plan: SagaPlan = plan, _ script: [Event],
    later: Int64 = 0, then rest: [Event] = [], _ columns: [SagaInput: Told]
  ) -> [TableCase] {
    // What a row does not name changes nothing, unless more than the phase is known.
    let columns = condition.isEmpty ? stale.merging(columns) { $1 } : columns
    return SagaInput.allCases.compactMap { input in
      columns[input].map { expected in
        TableCase(
          cell: .saga(phase, input), condition: condition, plan: plan, script: script, node: .root,
          event: input.event, later: later, rest: rest, expected: expected)
      }
    }
  }

  @Test(arguments: table) func event_whenPhase(_ row: TableCase) throws { try row.check() }

  @Test func everyCellIsInTheTable() {
    let listed = Set(Self.table.map(\.cell))
    for phase in Phase.allCases {
      for input in SagaInput.allCases { #expect(listed.contains(.saga(phase, input))) }
    }
  }
}
