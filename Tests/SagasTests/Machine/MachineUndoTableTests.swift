@testable import Sagas
import Testing

/// Every word about an undo, said to a step whose undo is in every state.
@Suite struct MachineUndoTableTests {
  private static let plan = SagaPlan.sketch(
    step("a", [.undoesCompleted, .retriesUndo]), step("b", [.undoesCompleted, .retriesUndo]), step("c"))
  private static let a: NodeID = 1
  private static let b: NodeID = 2

  private static let forward: [Event] = [.create, .admit, .returned(1, 1), .returned(2, 1)]
  private static let undoing: [Event] = forward + [.threw(3, 1, unknown: false)]
  private static let abandoned: [Event] = undoing + [.undoTimedOut(2, 1), .undoGraceOver(2, 1)]
  private static let second: [Event] = abandoned + [.answered(2, .retry(.zero))]
  private static let askedAgain = Told([.undoAttemptFailed(2, 1)], [.ask(2, .undoRetry)])
  private static func thenA(_ entries: Entry...) -> Told {
    Told(entries + [.undoStarted(1, 1)], [.undo(1, 1)])
  }
  private static let stale = Dictionary(
    uniqueKeysWithValues: UndoInput.allCases.map { ($0, Told.nothing) })

  /// What nobody listens to in most states.
  private static let deaf = Dictionary(uniqueKeysWithValues: UndoInput.words.map { ($0, Told.nothing) })

  private static let limited = SagaPlan.sketch(
    unwindTimeout: .seconds(60), step("a", [.undoesCompleted, .retriesUndo]),
    step("b", [.undoesCompleted, .retriesUndo]), step("c"))
  private static let asking = SagaPlan.sketch(
    step("a", .undoesCompleted), step("b", [.undoesCompleted, .asksStrategy]), step("c"))
  /// Both have failed, A after an attempt that was given up, and B is tried again.
  private static let triedAgain: [Event] =
    abandoned + [
      .answered(2, .retry(nil)), .undoTimedOut(1, 1), .undoGraceOver(1, 1), .answered(1, .retry(nil)),
      .retryCompensation,
    ]

  static let table: [TableCase] = {
    var rows: [TableCase] = []
    rows += state(.none, a, forward, stale)
    rows += state(
      .none, when: "asked", plan: asking, b, undoing,
      [
        .skip: .nothing,
        .saidNow: Told([.answered(2, .verdict(.now)), .undoStarted(2, 1)], [.undo(2, 1)]),
        .saidLater: Told(
          [.answered(2, .verdict(.later)), .unwinding, .undoStarted(2, 1)], [.undo(2, 1)]),
        .saidNever: thenA(.answered(2, .verdict(.never)), .unwinding),
      ])
    rows += state(.queued, a, undoing, stale)
    rows += state(
      .queued, when: "triedAgain", a, triedAgain,
      [
        .returned: Told([.undone(1, 1)]),
        .threw: .nothing, .impossible: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .retryDue: .nothing, .skip: .nothing,
      ])
    rows += state(
      .queued, when: "sagaStuck", plan: limited, a,
      abandoned + [.answered(2, .retry(.seconds(5)))], later: 60, then: [.unwindTimedOut],
      [
        .skip: Told([.undoSkipped(1)]),
        .threw: .nothing, .retryDue: .nothing,
      ])
    rows += state(
      .running, b, undoing,
      [
        .returned: thenA(.undone(2, 1)),
        .threw: askedAgain,
        .impossible: thenA(.undoImpossible(2, 1)),
        .timedOut: Told([.undoTimedOut(2, 1)], [.stopUndo(2, 1)]),
        .graceOver: .nothing, .retryDue: .nothing, .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .running, when: "aSecondAttempt_saidOfTheFirst", b, second,
      [
        .returned: Told([.undoReturnedLate(2, 1)]),
        .threw: .nothing, .impossible: .nothing, .timedOut: .nothing, .graceOver: .nothing,
      ])
    rows += state(
      .running, when: "theFirstHasReturned_saidOfTheSecond", b, second + [.undoReturned(2, 1)], attempt: 2,
      [
        .returned: thenA(.undone(2, 2)),
        .threw: thenA(.undone(2, 2)),
        .impossible: thenA(.undone(2, 2)),
      ])
    rows += state(
      .stopping, b, undoing + [.undoTimedOut(2, 1)],
      [
        .returned: thenA(.undone(2, 1)),
        .threw: askedAgain,
        .impossible: thenA(.undoImpossible(2, 1)),
        .timedOut: .nothing,
        .graceOver: askedAgain,
        .retryDue: .nothing, .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .stopping, when: "aSecondAttempt_saidOfTheFirst", b, second + [.undoTimedOut(2, 2)],
      [
        .returned: Told([.undoReturnedLate(2, 1)]),
        .threw: .nothing, .impossible: .nothing, .timedOut: .nothing, .graceOver: .nothing,
      ])
    rows += state(
      .deciding, b, undoing + [.undoThrew(2, 1, impossible: false)],
      [
        .returned: .nothing, .threw: .nothing, .impossible: .nothing, .timedOut: .nothing,
        .graceOver: .nothing, .retryDue: .nothing,
        .retryGranted: Told([.answered(2, .retry(.seconds(5)))], [.sleepUndo(2, until: .second(5))]),
        .retryRefused: thenA(.answered(2, .retry(nil)), .undoFailed(2)),
      ])
    rows += state(
      .backoff, b, abandoned + [.answered(2, .retry(.seconds(5)))],
      [
        .returned: thenA(.undone(2, 1)),
        .threw: .nothing, .impossible: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .retryDue: Told([], [.sleepUndo(2, until: .second(5))]),
        .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .backoff, when: "due", b, abandoned + [.answered(2, .retry(.seconds(5)))], later: 5,
      [
        .retryDue: Told([.undoStarted(2, 2)], [.undo(2, 2)])
      ])
    rows += state(.undone, b, undoing + [.undoReturned(2, 1)], stale)
    rows += state(.impossible, b, undoing + [.undoThrew(2, 1, impossible: true)], stale)
    rows += state(
      .failed, b, abandoned + [.answered(2, .retry(nil))],
      [
        .returned: Told([.undone(2, 1)]),
        .threw: .nothing, .impossible: .nothing, .timedOut: .nothing, .graceOver: .nothing,
        .retryDue: .nothing, .retryGranted: .nothing, .retryRefused: .nothing,
      ])
    rows += state(
      .failed, when: "sagaStuck", b, abandoned + [.answered(2, .retry(nil)), .undoReturned(1, 1)],
      [
        .returned: Told([.undone(2, 1), .ended(.compensated)], [.settle(.compensated)]),
        .threw: .nothing,
        .skip: Told([.undoSkipped(2), .ended(.compensated)], [.settle(.compensated)]),
      ])
    rows += state(
      .failed, when: "sagaStuckOverAnotherToo", b,
      abandoned + [
        .answered(2, .retry(nil)), .undoThrew(1, 1, impossible: false), .answered(1, .retry(nil)),
      ],
      [
        .returned: Told([.undone(2, 1)]),
        .skip: Told([.undoSkipped(2)]),
      ])
    rows += state(
      .skipped, b,
      abandoned + [
        .answered(2, .retry(nil)), .undoThrew(1, 1, impossible: false), .answered(1, .retry(nil)),
        .skipCompensation(2),
      ], stale)
    return rows
  }()

  private static func state(
    _ state: Row.Undo, when condition: String = "", plan: SagaPlan = plan, _ node: NodeID, _ script: [Event],
    attempt: Attempt = 1, later: Int64 = 0, then rest: [Event] = [], _ columns: [UndoInput: Told]
  ) -> [TableCase] {
    let columns = condition.isEmpty ? deaf.merging(columns) { $1 } : columns
    return UndoInput.allCases.compactMap { input in
      columns[input].map { expected in
        TableCase(
          cell: .undo(state, input), condition: condition, plan: plan, script: script, node: node,
          event: input.event(node, attempt), later: later, rest: rest, expected: expected)
      }
    }
  }

  @Test(arguments: table) func event_whenUndoState(_ row: TableCase) throws { try row.check() }

  @Test func everyCellIsInTheTable() {
    let listed = Set(Self.table.map(\.cell))
    for state in Row.Undo.allCases {
      for input in UndoInput.allCases { #expect(listed.contains(.undo(state, input))) }
    }
  }
}
