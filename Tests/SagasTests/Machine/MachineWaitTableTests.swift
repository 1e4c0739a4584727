@testable import Sagas
import Testing

/// Every word about an event, a time or a key, said to a wait, a sleep and a guarded sequence in every state.
@Suite struct MachineWaitTableTests {
  private static let plain = SagaPlan.sketch(wait("a", timeout: .seconds(9)), step("b"))
  private static let judged = SagaPlan.sketch(
    wait("a", [.asksKey, .judgesEvent, .judgesTime], timeout: .seconds(9)), step("b"))
  private static let napping = SagaPlan.sketch(sleep("a", .seconds(9)), step("b"))
  private static let scope = SagaPlan.sketch(guarded(.asksKey, step("a")), step("b"))
  private static let begun: [Event] = [.create, .admit]
  private static let keyed: [Event] = begun + [.answered(1, .key)]

  private static let goesOn = Told([.started(2, 1)], [.run(2, 1)])
  private static let failed = Told(
    [.failing(.node(1)), .unwinding, .ended(.compensated)], [.settle(.compensated)])

  private static func told(_ entries: [Entry], _ actions: [Action] = [], then rest: Told = .nothing) -> Told {
    Told(entries + rest.entries, actions + rest.actions)
  }

  static let table: [TableCase] = waits + sleeps + scopes

  private static let waits: [TableCase] = {
    var rows: [TableCase] = []
    rows += cells(
      Cell.wait, .pending, plan: judged, begun,
      [
        .delivered: .nothing, .elapsed: .nothing,
        .keyRead: Told([.answered(1, .key)], [.listen(1), .sleep(1, until: .second(9))]),
        .keyMissing: told([.answered(1, .failure)], then: failed),
        .judgedFailed: told([.answered(1, .failure)], then: failed),
      ])
    rows += cells(
      Cell.wait, .pending, when: "blocked", plan: plain, begun + [.cancel],
      [.delivered: .nothing, .elapsed: .nothing])
    rows += cells(
      Cell.wait, .waiting, plan: plain, begun,
      [
        .delivered: told([.delivered(1, alternative: 0)], [.unlisten(1)], then: goesOn),
        .elapsed: Told([], [.sleep(1, until: .second(9))]),
        .keyRead: .nothing, .keyMissing: .nothing, .judgedFine: .nothing, .judgedFailed: .nothing,
      ])
    rows += cells(
      Cell.wait, .waiting, when: "due", plan: plain, begun, later: 9,
      [
        .delivered: told([.delivered(1, alternative: 0)], [.unlisten(1)], then: goesOn),
        .elapsed: told([.elapsed(1)], [.unlisten(1)], then: failed),
      ])
    rows += cells(
      Cell.wait, .waiting, when: "judged", plan: judged, keyed, later: 9,
      [
        .delivered: Told([.delivered(1, alternative: 0)], [.unlisten(1), .ask(1, .failure)]),
        .elapsed: Told([.elapsed(1)], [.unlisten(1), .ask(1, .failure)]),
        .keyRead: .nothing, .keyMissing: .nothing,
      ])
    rows += cells(
      Cell.wait, .waiting, when: "held", plan: plain, begun + [.suspend], later: 9,
      [.delivered: .nothing, .elapsed: .nothing])
    for (condition, event) in [("delivered", Event.delivered(1, alternative: 0)), ("elapsed", .elapsed(1))] {
      rows += cells(
        Cell.wait, .deciding, when: condition, plan: judged, keyed, later: 9, rest: [event],
        [
          .judgedFine: told([.answered(1, .noFailure)], then: goesOn),
          .judgedFailed: told([.answered(1, .failure)], then: failed),
          .delivered: .nothing, .elapsed: .nothing,
        ])
    }
    rows += cells(
      Cell.wait, .completed, plan: plain, begun + [.delivered(1, alternative: 0)],
      [
        .delivered: .nothing, .elapsed: .nothing, .keyRead: .nothing, .keyMissing: .nothing,
        .judgedFine: .nothing, .judgedFailed: .nothing,
      ])
    rows += cells(
      Cell.wait, .failed, plan: plain, begun, later: 9, rest: [.elapsed(1)],
      [
        .delivered: .nothing, .elapsed: .nothing, .keyRead: .nothing, .keyMissing: .nothing,
        .judgedFine: .nothing, .judgedFailed: .nothing,
      ])
    rows += cells(
      Cell.wait, .skipped, plan: .sketch(choice("if", wait("a", timeout: .seconds(9)), step("b"))), node: 2,
      begun + [.answered(1, .branch(1))],
      [
        .delivered: .nothing, .elapsed: .nothing, .keyRead: .nothing, .keyMissing: .nothing,
        .judgedFine: .nothing, .judgedFailed: .nothing,
      ])
    return rows
  }()

  private static let sleeps: [TableCase] = {
    var rows: [TableCase] = []
    rows += cells(
      Cell.sleep, .pending, when: "blocked", plan: napping, begun + [.cancel], later: 9, [.elapsed: .nothing])
    rows += cells(
      Cell.sleep, .waiting, plan: napping, begun,
      [.elapsed: Told([], [.sleep(1, until: .second(9))]), .delivered: .nothing, .keyRead: .nothing])
    rows += cells(
      Cell.sleep, .waiting, when: "due", plan: napping, begun, later: 9,
      [.elapsed: told([.elapsed(1)], then: goesOn)])
    rows += cells(
      Cell.sleep, .waiting, when: "held", plan: napping, begun + [.suspend], later: 9, [.elapsed: .nothing])
    rows += cells(
      Cell.sleep, .completed, plan: napping, begun, later: 9, rest: [.elapsed(1)], [.elapsed: .nothing])
    rows += cells(
      Cell.sleep, .skipped, plan: .sketch(choice("if", sleep("a", .seconds(9)), step("b"))), node: 2,
      begun + [.answered(1, .branch(1))], [.elapsed: .nothing])
    return rows
  }()

  private static let scopes: [TableCase] = {
    var rows: [TableCase] = []
    rows += cells(
      Cell.guarded, .pending, plan: scope, begun,
      [
        .delivered: .nothing, .elapsed: .nothing,
        .keyRead: Told([.answered(1, .key), .started(2, 1)], [.listen(1), .run(2, 1)]),
        .keyMissing: told([.answered(1, .failure)], then: failed),
      ])
    rows += cells(
      Cell.guarded, .waiting, plan: scope, keyed,
      [
        .delivered: Told([.delivered(1, alternative: 0)], [.unlisten(1), .ask(1, .failure)]),
        .elapsed: .nothing, .keyRead: .nothing, .keyMissing: .nothing, .judgedFailed: .nothing,
      ])
    rows += cells(
      Cell.guarded, .waiting, when: "held", plan: scope, keyed + [.suspend], [.delivered: .nothing])
    rows += cells(
      Cell.guarded, .deciding, plan: scope, keyed + [.delivered(1, alternative: 0)],
      [
        .delivered: .nothing,
        .judgedFailed: Told([.answered(1, .failure), .failing(.node(1))], [.stop(2, 1)]),
      ])
    rows += cells(
      Cell.guarded, .completed, plan: scope, keyed + [.returned(2, 1)],
      [.delivered: .nothing, .keyRead: .nothing, .keyMissing: .nothing, .judgedFailed: .nothing])
    rows += cells(
      Cell.guarded, .failed, plan: scope, keyed + [.delivered(1, alternative: 0), .answered(1, .failure)],
      [.delivered: .nothing, .keyRead: .nothing, .keyMissing: .nothing, .judgedFailed: .nothing])
    rows += cells(
      Cell.guarded, .skipped, plan: .sketch(choice("if", guarded([], step("a")), step("b"))), node: 2,
      begun + [.answered(1, .branch(1))], [.delivered: .nothing])
    return rows
  }()

  private static func cells(
    _ cell: (Row.Forward, WaitInput) -> Cell, _ state: Row.Forward, when condition: String = "",
    plan: SagaPlan, node: NodeID = 1, _ script: [Event], later: Int64 = 0, rest: [Event] = [],
    _ columns: [WaitInput: Told]
  ) -> [TableCase] {
    WaitInput.allCases.compactMap { input in
      columns[input].map { expected in
        TableCase(
          cell: cell(state, input), condition: condition, plan: plan, script: script, node: node,
          event: input.event(node), later: later, rest: rest, expected: expected)
      }
    }
  }

  @Test(arguments: table) func event_whenWaiting(_ row: TableCase) throws { try row.check() }

  @Test func everyReachableCellIsInTheTable() {
    let listed = Set(Self.table.map(\.cell))
    let cells = Row.Forward.allCases.flatMap { state in
      WaitInput.allCases.flatMap { [Cell.wait(state, $0), .sleep(state, $0), .guarded(state, $0)] }
    }
    for cell in cells where cell.unreachable == nil { #expect(listed.contains(cell), "\(cell)") }
  }
}
