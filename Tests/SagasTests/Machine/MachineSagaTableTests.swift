@testable import Sagas
import Testing

/// Every word about a saga as a whole, said in every phase.
@Suite struct MachineSagaTableTests {
  private static let plan = SagaPlan.sketch(step("a", [.undoesCompleted, .undoesUnknown]), step("b"))
  private static let finishing = SagaPlan.sketch(
    onCompensationFailure: .finish, step("a", [.undoesCompleted]), step("b"))

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
        .create: Told([.created]), .admit: .nothing, .recover: .nothing, .cancel: .nothing,
      ])
    rows += state(
      .created, [.create],
      [
        .create: .nothing,
        .admit: Told([.admitted, .started(1, 1)], [.run(1, 1)]),
        .recover: Told([.recovered]),
        .cancel: Told([.failing(.cancelled), .unwinding, .ended(.compensated)], [.settle(.compensated)]),
      ])
    rows += state(
      .forward, [.create, .admit],
      [
        .create: .nothing, .admit: .nothing,
        .recover: Told([.recovered], [.run(1, 1)]),
        .cancel: Told([.failing(.cancelled)], [.stop(1, 1)]),
      ])
    rows += state(
      .suspended, [.create, .admit, .suspend],
      [
        .create: .nothing, .admit: .nothing,
        .recover: Told([.recovered], [.run(1, 1)]),
        .cancel: Told([.failing(.cancelled)], [.stop(1, 1)]),
      ])
    rows += state(
      .closing, [.create, .admit, .cancel],
      [
        .create: .nothing, .admit: .nothing,
        .recover: Told(
          [.recovered, .attemptCut(1, 1), .failed(1), .unwinding, .undoStarted(1, 1)], [.undo(1, 1)]),
        .cancel: .nothing,
      ])
    rows += state(
      .unwinding, undoing,
      [
        .create: .nothing, .admit: .nothing, .recover: Told([.recovered], [.undo(1, 1)]), .cancel: .nothing,
      ])
    rows += state(
      .stuck, undoFailed,
      [
        .create: .nothing, .admit: .nothing, .recover: Told([.recovered], [.settle(.stuck)]),
        .cancel: .nothing,
      ])
    rows += state(
      .completed, [.create, .admit, .returned(1, 1), .returned(2, 1), .answered(3, .output)], stale)
    rows += state(.compensated, undoing + [.undoReturned(1, 1)], stale)
    rows += state(.failed, plan: finishing, undoFailed, stale)
    return rows
  }()

  private static func state(
    _ phase: Phase, plan: SagaPlan = plan, _ script: [Event], _ columns: [SagaInput: Told]
  ) -> [TableCase] {
    SagaInput.allCases.compactMap { input in
      columns[input].map { expected in
        TableCase(
          cell: .saga(phase, input), condition: "", plan: plan, script: script, node: .root,
          event: input.event, expected: expected)
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
